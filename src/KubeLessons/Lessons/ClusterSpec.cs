using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary>The cluster that a lesson starts from.</summary>
/// <param name="Nodes">Its nodes in order; without any words of the author m-k8s and w1-k8s to w3-k8s.</param>
/// <param name="Addons">What is installed beyond a bare cluster.</param>
/// <param name="Seed">The seed of a simulated cluster's randomness.</param>
public sealed record ClusterSpec(ImmutableArray<NodeSpec> Nodes, ImmutableArray<string> Addons, long Seed)
{
    /// <summary>The textbook lab: one control plane and three workers.</summary>
    public static ClusterSpec Standard { get; } = new(
        [
            new NodeSpec("m-k8s", NodeRole.ControlPlane),
            new NodeSpec("w1-k8s", NodeRole.Worker),
            new NodeSpec("w2-k8s", NodeRole.Worker),
            new NodeSpec("w3-k8s", NodeRole.Worker),
        ],
        [],
        Seed: 1);
}

/// <summary>A node of the lesson's cluster.</summary>
public sealed record NodeSpec(string Name, NodeRole Role);

/// <summary>What a node is for.</summary>
public enum NodeRole
{
    /// <summary>It runs the control plane: <c>control-plane</c>.</summary>
    ControlPlane,

    /// <summary>It runs the learner's pods: <c>worker</c>.</summary>
    Worker,
}

/// <summary>Which kind of cluster a block is for.</summary>
public enum ClusterKind
{
    /// <summary>The simulated cluster inside the tool.</summary>
    Simulated,

    /// <summary>A real cluster.</summary>
    Real,
}
