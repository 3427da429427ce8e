using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary>One part of a lesson, in reading order. The hierarchy is closed: a block is one of the records of this folder.</summary>
public abstract record Block
{
    private protected Block(SourcePosition position, BlockAttributes attributes) => (Position, Attributes) = (position, attributes);

    /// <summary>Where the block starts: its fence, its tag or its first letter.</summary>
    public SourcePosition Position { get; init; }

    /// <summary>What any block may say about itself.</summary>
    public BlockAttributes Attributes { get; init; }
}

/// <summary>What any block may say about itself.</summary>
/// <param name="Kubernetes">The versions that the block is for; elsewhere it is left out.</param>
/// <param name="Cluster">The kind of cluster that the block is for, or null for both.</param>
/// <param name="Notes">The claims of the notes that it proves, e.g. <c>C06</c>.</param>
/// <param name="On">The node that it runs on, or null for the lesson's default.</param>
public sealed record BlockAttributes(KubernetesRange Kubernetes, ClusterKind? Cluster, ImmutableArray<string> Notes, NodeReference? On)
{
    /// <summary>For every cluster and version.</summary>
    public static BlockAttributes None { get; } = new(KubernetesRange.Any, null, [], null);

    /// <summary>Whether the block belongs to a run on this cluster.</summary>
    public bool AppliesTo(ClusterKind cluster, KubernetesVersion version) =>
        (Cluster is null || Cluster == cluster) && Kubernetes.Contains(version);
}
