using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Jobs;

/// <summary>Which pods a running Job needs now, and which it has too many of.</summary>
internal sealed class JobWork
{
    /// <summary>The first pause after a failure (pkg/controller/job: DefaultJobPodFailureBackOff).</summary>
    public static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(10);

    public JobWork(Doc job, JobTally tally, List<Doc> active, List<Doc> pods, ControllerContext context)
    {
        var parallelism = job.Int("spec", "parallelism") ?? 1;
        var wanted = job.Int("spec", "completions") is { } completions
            ? Math.Min(completions - tally.Succeeded, parallelism)
            : tally.Succeeded > 0 ? Math.Min(active.Count, parallelism) : parallelism;
        if (active.Count > wanted)
        {
            // The least useful first: not placed, not started, not ready.
            Delete.AddRange(active.OrderBy(static pod => pod.NodeName() is null ? 0 : pod.Phase() == "Pending" ? 1 : pod.IsReady() ? 3 : 2)
                .ThenByDescending(static pod => pod.CreatedAt())
                .Take(active.Count - (int)Math.Max(0, wanted)));
            return;
        }

        var missing = wanted - active.Count;
        if (missing <= 0)
        {
            return;
        }

        // With podReplacementPolicy Failed a terminating pod holds its place until it has ended.
        if (job.Text("spec", "podReplacementPolicy") == "Failed")
        {
            missing -= pods.Count(static pod => pod.IsBeingDeleted() && !pod.IsTerminated());
        }

        if (BackOffLeft(pods, tally, context) is { } wait && wait > TimeSpan.Zero)
        {
            Again = wait;
            return;
        }

        Plan(job, tally, active, missing);
    }

    /// <summary>The indexes of the pods to make; null for pods without.</summary>
    public List<long?> Create { get; } = [];

    public List<Doc> Delete { get; } = [];

    /// <summary>The pods that were made.</summary>
    public List<Doc> Made { get; } = [];

    public TimeSpan? Again { get; }

    private void Plan(Doc job, JobTally tally, List<Doc> active, long missing)
    {
        if (!JobPods.IsIndexed(job))
        {
            for (; missing > 0; missing--)
            {
                Create.Add(null);
            }

            return;
        }

        var taken = active.Select(JobPods.IndexOf).OfType<long>().ToHashSet();
        for (var index = 0L; index < (job.Int("spec", "completions") ?? 0) && Create.Count < missing; index++)
        {
            if (!taken.Contains(index) && !tally.CompletedIndexes.Contains(index))
            {
                Create.Add(index);
            }
        }
    }

    // 10 s after the first failure, 20 s after the next… since the last success, counted from when the last pod failed.
    private static TimeSpan? BackOffLeft(List<Doc> pods, JobTally tally, ControllerContext context)
    {
        var lastSuccess = pods.Where(static pod => pod.Phase() == "Succeeded").Select(JobPods.FinishedAt).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        var failures = pods.Where(static pod => pod.Phase() == "Failed").Select(JobPods.FinishedAt).Where(at => at > lastSuccess).ToList();
        if (failures.Count == 0)
        {
            return null;
        }

        var longest = context.Version.LongestJobBackOff;
        var count = tally.Succeeded == 0 ? Math.Max(failures.Count, tally.Failed) : failures.Count;
        var wait = FirstBackOff * (1L << (int)Math.Min(count - 1, 20));
        return failures.Max() + (wait < longest ? wait : longest) - context.UtcNow;
    }
}
