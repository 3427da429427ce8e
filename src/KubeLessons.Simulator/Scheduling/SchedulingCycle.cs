using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>One attempt to place one pod: what all plugins look at.</summary>
internal sealed class SchedulingCycle(PodInfo pod, IReadOnlyList<NodeInfo> nodes, KubernetesVersion version)
{
    public PodInfo Pod => pod;

    /// <summary>All nodes that exist.</summary>
    public IReadOnlyList<NodeInfo> Nodes => nodes;

    /// <summary>The nodes that passed all filters; known when scoring begins.</summary>
    public IReadOnlyList<NodeInfo> Feasible { get; set; } = [];

    public KubernetesVersion Version => version;
}
