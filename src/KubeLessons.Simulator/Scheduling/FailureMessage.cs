using KubeLessons.Simulator.Scheduling.Filters;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>What a FailedScheduling event says: reasons with the number of nodes that each holds for (framework: FitError).</summary>
internal static class FailureMessage
{
    public const string NoNodes = "no nodes available to schedule pods";
    private const string NotHelpful = "Preemption is not helpful for scheduling";
    private const string NoVictims = "No preemption victims found for incoming pod";

    public static string Of(SchedulingCycle cycle, IReadOnlyList<(NodeInfo Node, Refusal Refusal)> refusals, string? preemption)
    {
        var message = $"0/{cycle.Nodes.Count} nodes are available: {Count(refusals.SelectMany(static at => at.Refusal.Reasons))}.";
        return preemption is null ? message : $"{message} {cycle.Version.PreemptionSuffix(preemption)}";
    }

    /// <summary>Why no pod was evicted to make room, as versions since 1.24 add it.</summary>
    public static string Preemption(SchedulingCycle cycle, IReadOnlyList<(NodeInfo Node, Refusal Refusal)> refusals) =>
        $"0/{cycle.Nodes.Count} nodes are available: {Count(refusals.Select(static at => at.Refusal.IsResolvable ? NoVictims : NotHelpful))}.";

    public static string Count(IEnumerable<string> reasons)
    {
        var parts = reasons
            .GroupBy(static reason => reason)
            .Select(static group => $"{group.Count()} {group.Key}")
            .Order(StringComparer.Ordinal);
        return string.Join(", ", parts);
    }
}
