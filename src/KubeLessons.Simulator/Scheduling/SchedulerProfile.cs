using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Scheduling.Filters;
using KubeLessons.Simulator.Scheduling.Scores;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>The plugins of the profile <c>default-scheduler</c>, in their order and with their weights.</summary>
internal static class SchedulerProfile
{
    public static FilterPlugin[] Filters(ControllerContext context) =>
    [
        new NodeUnschedulable(),
        new NodeName(),
        new TaintToleration(),
        new NodeAffinity(),
        new NodePorts(),
        new NodeResourcesFit(),
        new PodTopologySpread(),
        new InterPodAffinity(NamespaceLabels(context)),
    ];

    /// <summary>
    /// Since 1.23 taints count three times, affinity to nodes and to pods twice; spreading counts twice in all versions.
    /// </summary>
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
            (new TopologySpreadScore(new WorkloadSelectors(context)), 2),
            (new AffinityScore(NamespaceLabels(context)), isNew ? 2 : 1),
        ];
    }

    private static Func<string, Doc?> NamespaceLabels(ControllerContext context)
    {
        var namespaces = context.InformerOf(Resources.Namespaces);
        return name => namespaces.Get("", name)?.At("metadata", "labels");
    }
}
