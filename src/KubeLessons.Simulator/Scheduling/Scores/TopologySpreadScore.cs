using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling.Scores;

/// <summary>
/// Prefers the emptier domains (PodTopologySpread): by the pod's own ScheduleAnyway constraints, or, for a pod without any, by
/// the system's defaults for the pods of its Service or controller (maxSkew 3 over hosts, 5 over zones).
/// </summary>
internal sealed class TopologySpreadScore(WorkloadSelectors selectors) : ScorePlugin
{
    public override string Name => "PodTopologySpread";

    public override long[] Score(SchedulingCycle cycle)
    {
        var scores = new long[cycle.Feasible.Count];
        var isOwn = !cycle.Pod.Pod.List("spec", "topologySpreadConstraints").IsEmpty;
        var constraints = isOwn ? SpreadConstraint.Of(cycle.Pod.Pod, "ScheduleAnyway") : Defaults(cycle.Pod.Pod);
        if (constraints.Count == 0)
        {
            return scores;
        }

        var raw = new double?[scores.Length];
        for (var i = 0; i < raw.Length; i++)
        {
            // Own constraints leave out nodes without their labels; the defaults take what is there.
            raw[i] = isOwn && constraints.Exists(constraint => cycle.Feasible[i].Label(constraint.TopologyKey) is null) ? null : 0;
        }

        foreach (var constraint in constraints)
        {
            Add(cycle, constraint, raw);
        }

        return Invert(raw);
    }

    // The more domains there are, the more each pod counts (topologyNormalizingWeight).
    private static double Weight(int domains) => Math.Log(domains + 2);

    private static void Add(SchedulingCycle cycle, SpreadConstraint constraint, double?[] raw)
    {
        var counts = Count(cycle, constraint, raw);
        var domains = constraint.TopologyKey == SpreadConstraint.HostnameLabel ? raw.Count(static score => score is not null) : counts.Count;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] is not null && cycle.Feasible[i].Label(constraint.TopologyKey) is { } domain)
            {
                raw[i] += (counts.GetValueOrDefault(domain) * Weight(domains)) + constraint.MaxSkew - 1;
            }
        }
    }

    private static Dictionary<string, long> Count(SchedulingCycle cycle, SpreadConstraint constraint, double?[] raw)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] is not null)
            {
                counts.TryAdd(cycle.Feasible[i].Label(constraint.TopologyKey) ?? "", 0);
            }
        }

        foreach (var node in cycle.Nodes)
        {
            if (node.Label(constraint.TopologyKey) is { } domain && counts.TryGetValue(domain, out var count) && constraint.Includes(node, cycle.Pod))
            {
                counts[domain] = count + constraint.CountOn(node, cycle.Pod.Pod);
            }
        }

        return counts;
    }

    private List<SpreadConstraint> Defaults(Doc pod) => selectors.Of(pod) is { } belongs
        ?
        [
            new SpreadConstraint(SpreadConstraint.HostnameLabel, 3, belongs) { Group = belongs },
            new SpreadConstraint(SpreadConstraint.ZoneLabel, 5, belongs) { Group = belongs },
        ]
        : [];

    private static long[] Invert(double?[] raw)
    {
        var rounded = raw.Select(static score => score is { } value ? (long?)Math.Round(value, MidpointRounding.AwayFromZero) : null).ToArray();
        var (least, most) = (rounded.Min() ?? 0, rounded.Max() ?? 0);
        return [.. rounded.Select(score => score is not { } value ? 0 : most == 0 ? MaxScore : MaxScore * (most + least - value) / most)];
    }
}
