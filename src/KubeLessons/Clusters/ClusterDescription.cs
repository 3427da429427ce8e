using System.Collections.Immutable;
using KubeLessons.Lessons;

namespace KubeLessons.Clusters;

/// <summary>What a run needs of its cluster.</summary>
/// <param name="Cluster">Nodes, addons and the lesson's seed.</param>
/// <param name="Kubernetes">The version to advertise, or null for the default; a real cluster has its own.</param>
/// <param name="Seed">Another seed than the lesson's, or null.</param>
/// <param name="Resources">The resources that the lesson's checks look at (<c>pods</c>, <c>deployments.apps</c>): what must be recorded.</param>
public sealed record ClusterRequest(ClusterSpec Cluster, KubernetesVersion? Kubernetes, long? Seed, ImmutableSortedSet<string> Resources)
{
    /// <summary>The facts of nodes that the lesson's checks look at: a cluster that has to read them reads these.</summary>
    public ImmutableSortedSet<FactName> Facts { get; init; } = [];
}

/// <summary>What a cluster is.</summary>
/// <param name="Kind">Simulated or real.</param>
/// <param name="Name">What to call it: the context's name for a real one.</param>
/// <param name="Kubernetes">The server's version.</param>
/// <param name="Seed">The seed of a simulated cluster; null for a real one.</param>
/// <param name="Nodes">Its nodes by the lesson's names.</param>
/// <param name="Durations">The cluster's own durations by Kubernetes' names for them, such as <c>nodeMonitorGracePeriod</c>.</param>
public sealed record ClusterDescription(
    ClusterKind Kind,
    string Name,
    KubernetesVersion Kubernetes,
    long? Seed,
    ImmutableArray<NodeSpec> Nodes,
    IReadOnlyDictionary<string, TimeSpan> Durations)
{
    /// <summary>What it lacks; null where it lacks nothing, as the simulated one.</summary>
    public ClusterInventory? Inventory { get; init; }
}
