using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling.Scores;

/// <summary>
/// Spreads the pods of a Service or a controller over nodes and zones when they ask for nothing themselves: the plugin
/// PodTopologySpread with its system defaults (maxSkew 3 over hosts, 5 over zones, ScheduleAnyway).
/// </summary>
internal sealed class DefaultSpread(WorkloadSelectors selectors) : ScorePlugin
{
    private const string HostnameLabel = "kubernetes.io/hostname";
    private const string ZoneLabel = "topology.kubernetes.io/zone";

    public override string Name => "PodTopologySpread";

    public override long[] Score(SchedulingCycle cycle)
    {
        var scores = new long[cycle.Feasible.Count];
        if (!cycle.Pod.Pod.List("spec", "topologySpreadConstraints").IsEmpty || selectors.Of(cycle.Pod.Pod) is not { } belongs)
        {
            return scores;
        }

        var onNode = cycle.Feasible.Select(node => (long)Count(node, belongs, cycle.Pod.Pod)).ToArray();
        var inZone = CountZones(cycle, belongs);
        var raw = new double[scores.Length];
        for (var i = 0; i < raw.Length; i++)
        {
            if (cycle.Feasible[i].Label(HostnameLabel) is not null)
            {
                raw[i] += (onNode[i] * Weight(cycle.Feasible.Count)) + 2;
            }

            if (cycle.Feasible[i].Label(ZoneLabel) is { } zone)
            {
                raw[i] += (inZone[zone] * Weight(inZone.Count)) + 4;
            }
        }

        return Invert(raw);
    }

    // The more places there are, the more each pod counts (topologyNormalizingWeight).
    private static double Weight(int places) => Math.Log(places + 2);

    private static int Count(NodeInfo node, Func<Doc, bool> belongs, Doc pod)
    {
        var count = 0;
        foreach (var other in node.Pods)
        {
            count += !other.Pod.IsBeingDeleted() && other.Key.Namespace == pod.Namespace() && belongs(other.Pod) ? 1 : 0;
        }

        return count;
    }

    private static Dictionary<string, long> CountZones(SchedulingCycle cycle, Func<Doc, bool> belongs)
    {
        var zones = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var node in cycle.Feasible)
        {
            zones.TryAdd(node.Label(ZoneLabel) ?? "", 0);
        }

        foreach (var node in cycle.Nodes)
        {
            if (node.Label(ZoneLabel) is { } zone && zones.TryGetValue(zone, out var count))
            {
                zones[zone] = count + Count(node, belongs, cycle.Pod.Pod);
            }
        }

        return zones;
    }

    private static long[] Invert(double[] raw)
    {
        var rounded = raw.Select(static score => (long)Math.Round(score, MidpointRounding.AwayFromZero)).ToArray();
        var (least, most) = rounded.Length == 0 ? (0, 0) : (rounded.Min(), rounded.Max());
        return [.. rounded.Select(score => most == 0 ? MaxScore : MaxScore * (most + least - score) / most)];
    }
}
