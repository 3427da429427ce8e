using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Scheduling.Filters;
using KubeLessons.Simulator.Scheduling.Scores;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>The plugins of the profile <c>default-scheduler</c>, in their order and with their weights.</summary>
internal static class SchedulerProfile
{
    public static FilterPlugin[] Filters() =>
    [
        new NodeUnschedulable(),
        new NodeName(),
        new TaintToleration(),
        new NodeAffinity(),
        new NodePorts(),
        new NodeResourcesFit(),
    ];

    /// <summary>Since 1.23 taints count three times and node affinity twice; spreading counts twice in all versions.</summary>
    public static (ScorePlugin Plugin, int Weight)[] Scores(ControllerContext context)
    {
        var isNew = context.Version.Minor >= 23;
        return
        [
            (new TaintPreference(), isNew ? 3 : 1),
            (new NodePreference(), isNew ? 2 : 1),
            (new LeastAllocated(), 1),
            (new BalancedAllocation(), 1),
            (new ImageLocality(), 1),
            (new DefaultSpread(new WorkloadSelectors(context)), 2),
        ];
    }
}
