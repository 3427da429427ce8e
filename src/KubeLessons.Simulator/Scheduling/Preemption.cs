using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Scheduling.Filters;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>A node with the pods that would have to go for another to fit.</summary>
/// <param name="Node">The node.</param>
/// <param name="Victims">The pods, the most important first.</param>
/// <param name="BudgetViolations">How many of them their disruption budgets would not let go.</param>
internal sealed record PreemptionCandidate(NodeInfo Node, List<PodInfo> Victims, int BudgetViolations);

/// <summary>
/// Looks for pods of lower priority whose end would make room (pkg/scheduler/framework/preemption, DefaultPreemption): on each
/// node as few as possible, and then the node where it hurts least.
/// </summary>
internal sealed class Preemption(Func<SchedulingCycle, NodeInfo, Refusal?> refuses, Func<IEnumerable<Doc>> budgets)
{
    public const string NotHelpful = "Preemption is not helpful for scheduling";
    public const string NoVictims = "No preemption victims found for incoming pod";

    /// <summary>The best candidate, or why there is none (as a reason for every node).</summary>
    public (PreemptionCandidate? Candidate, List<string> Reasons) Find(
        SchedulingCycle cycle, IReadOnlyList<(NodeInfo Node, Refusal Refusal)> refusals)
    {
        var reasons = new List<string>();
        var candidates = new List<PreemptionCandidate>();
        foreach (var (node, refusal) in refusals)
        {
            if (!refusal.IsResolvable)
            {
                reasons.Add(NotHelpful);
            }
            else if (Try(cycle, node, reasons) is { } candidate)
            {
                candidates.Add(candidate);
            }
        }

        return (Best(candidates), reasons);
    }

    private PreemptionCandidate? Try(SchedulingCycle cycle, NodeInfo node, List<string> reasons)
    {
        var lower = node.Pods.Where(pod => pod.Priority < cycle.Pod.Priority).OrderBy(static pod => pod, MoreImportant.Instance).ToList();
        if (lower.Count == 0)
        {
            reasons.Add(NoVictims);
            return null;
        }

        var without = node.Copy();
        foreach (var pod in lower)
        {
            without.Remove(pod.Key);
        }

        if (refuses(cycle.With(without), without) is { } still)
        {
            reasons.AddRange(still.Reasons);
            return null;
        }

        var (violating, others) = SplitByBudgets(lower);
        var victims = new List<PodInfo>();
        var violations = Reprieve(cycle, without, violating, victims);
        Reprieve(cycle, without, others, victims);
        victims.Sort(MoreImportant.Instance);
        return new PreemptionCandidate(node, victims, violations);
    }

    // Puts pods back while the new one still fits; returns how many could not stay.
    private int Reprieve(SchedulingCycle cycle, NodeInfo node, List<PodInfo> pods, List<PodInfo> victims)
    {
        var gone = 0;
        foreach (var pod in pods)
        {
            node.Put(pod);
            if (refuses(cycle.With(node), node) is not null)
            {
                node.Remove(pod.Key);
                victims.Add(pod);
                gone++;
            }
        }

        return gone;
    }

    private (List<PodInfo> Violating, List<PodInfo> Others) SplitByBudgets(List<PodInfo> pods)
    {
        var left = budgets().Select(static budget => (Budget: budget, Left: budget.Int("status", "disruptionsAllowed") ?? 0)).ToList();
        var (violating, others) = (new List<PodInfo>(), new List<PodInfo>());
        foreach (var pod in pods)
        {
            var isViolating = false;
            for (var i = 0; i < left.Count; i++)
            {
                var (budget, allowed) = left[i];
                if (budget.Namespace() == pod.Key.Namespace
                    && LabelMatch.Matches(budget.At("spec", "selector"), pod.Pod.At("metadata", "labels"))
                    && budget.At("status", "disruptedPods", pod.Key.Name) is null)
                {
                    left[i] = (budget, allowed - 1);
                    isViolating |= allowed <= 0;
                }
            }

            (isViolating ? violating : others).Add(pod);
        }

        return (violating, others);
    }

    // Fewest violated budgets; lowest first victim; smallest sum of priorities; fewest victims; the first victim that started last.
    private static PreemptionCandidate? Best(List<PreemptionCandidate> candidates) => candidates
        .OrderBy(static candidate => candidate.BudgetViolations)
        .ThenBy(static candidate => candidate.Victims.Count == 0 ? long.MinValue : candidate.Victims[0].Priority)
        .ThenBy(static candidate => candidate.Victims.Sum(static victim => victim.Priority + int.MaxValue + 1L))
        .ThenBy(static candidate => candidate.Victims.Count)
        .ThenByDescending(static candidate => candidate.Victims.Count == 0
            ? DateTimeOffset.MinValue
            : candidate.Victims.Where(victim => victim.Priority == candidate.Victims[0].Priority).Min(static victim => MoreImportant.StartOf(victim)))
        .FirstOrDefault();

    /// <summary>Higher priority first, then the one that started earlier (MoreImportantPod).</summary>
    private sealed class MoreImportant : IComparer<PodInfo>
    {
        public static readonly MoreImportant Instance = new();

        public static DateTimeOffset StartOf(PodInfo pod) =>
            pod.Pod.Text("status", "startTime") is { } start ? Timestamps.Parse(start) : DateTimeOffset.MaxValue;

        public int Compare(PodInfo? x, PodInfo? y)
        {
            var order = y!.Priority.CompareTo(x!.Priority);
            order = order != 0 ? order : StartOf(x).CompareTo(StartOf(y));
            return order != 0 ? order : ObjectNameOrder.Instance.Compare(x.Key, y.Key);
        }
    }
}
