using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>One attempt to place one pod: what all plugins look at.</summary>
internal sealed class SchedulingCycle(PodInfo pod, IReadOnlyList<NodeInfo> nodes, KubernetesVersion version)
{
    private readonly Dictionary<object, object> _memory = [];

    public PodInfo Pod => pod;

    /// <summary>All nodes that exist.</summary>
    public IReadOnlyList<NodeInfo> Nodes => nodes;

    /// <summary>The nodes that passed all filters; known when scoring begins.</summary>
    public IReadOnlyList<NodeInfo> Feasible { get; set; } = [];

    public KubernetesVersion Version => version;

    /// <summary>What a plugin computes once a cycle, the first time it is asked for (a PreFilter in the real scheduler).</summary>
    public T Memory<T>(object plugin, Func<SchedulingCycle, T> compute)
        where T : notnull
    {
        if (!_memory.TryGetValue(plugin, out var known))
        {
            _memory.Add(plugin, known = compute(this));
        }

        return (T)known;
    }

    /// <summary>The same question with one node as it would be.</summary>
    public SchedulingCycle With(NodeInfo changed) =>
        new(pod, [.. nodes.Select(node => node.Name == changed.Name ? changed : node)], version);
}
