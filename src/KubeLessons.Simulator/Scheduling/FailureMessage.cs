using KubeLessons.Simulator.Scheduling.Filters;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>What a FailedScheduling event says: reasons with the number of nodes that each holds for (framework: FitError).</summary>
internal static class FailureMessage
{
    public const string NoNodes = "no nodes available to schedule pods";

    /// <param name="cycle">The attempt.</param>
    /// <param name="refusals">Why each node did not do.</param>
    /// <param name="preemption">Why preemption did not help on each node; null when it did or was not tried.</param>
    public static string Of(SchedulingCycle cycle, IReadOnlyList<(NodeInfo Node, Refusal Refusal)> refusals, string? preemption)
    {
        var message = $"0/{cycle.Nodes.Count} nodes are available: {Count(refusals.SelectMany(static at => at.Refusal.Reasons))}.";
        return preemption is null || !cycle.Version.TellsPreemption ? message : $"{message} {cycle.Version.PreemptionSuffix(preemption)}";
    }

    public static string OfPreemption(SchedulingCycle cycle, IEnumerable<string> reasons) =>
        $"0/{cycle.Nodes.Count} nodes are available: {Count(reasons)}.";

    private static string Count(IEnumerable<string> reasons)
    {
        var parts = reasons
            .GroupBy(static reason => reason)
            .Select(static group => $"{group.Count()} {group.Key}")
            .Order(StringComparer.Ordinal);
        return string.Join(", ", parts);
    }
}
