using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Scheduling.Filters;

/// <summary>Why a node does not do.</summary>
/// <param name="Reasons">In the scheduler's words, such as <c>Insufficient cpu</c>.</param>
/// <param name="IsResolvable">Whether deleting pods from the node could help.</param>
/// <param name="Plugin">Who refused.</param>
internal sealed record Refusal(string[] Reasons, bool IsResolvable, string Plugin);

/// <summary>One rule about where a pod may run.</summary>
internal abstract class FilterPlugin
{
    /// <summary>Its name in a scheduler profile.</summary>
    public abstract string Name { get; }

    /// <summary>What may change a refusal of this plugin: see <see cref="ClusterEvent"/>.</summary>
    public abstract ClusterEvent WakesOn { get; }

    /// <summary>Null when the node does.</summary>
    public abstract Refusal? Filter(SchedulingCycle cycle, NodeInfo node);

    protected Refusal Never(string reason) => new([reason], false, Name);

    protected Refusal NotNow(params string[] reasons) => new(reasons, true, Name);
}

/// <summary>A change that may make an unschedulable pod schedulable (pkg/scheduler/framework: ClusterEvent).</summary>
[Flags]
internal enum ClusterEvent
{
    None = 0,
    NodeAdded = 1,
    NodeAllocatableChanged = 2,
    NodeLabelsChanged = 4,
    NodeTaintsChanged = 8,
    AssignedPodDeleted = 16,
    AssignedPodAddedOrChanged = 32,
    Any = 63,
}
