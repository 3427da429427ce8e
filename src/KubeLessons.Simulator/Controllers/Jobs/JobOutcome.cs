using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Jobs;

/// <summary>How a Job ended, once it did.</summary>
/// <param name="Type">Complete or Failed.</param>
/// <param name="Reason">Such as BackoffLimitExceeded.</param>
/// <param name="Message">In Kubernetes' words.</param>
/// <param name="IsFinal">False while pods are still terminating and only the target is told (since 1.31).</param>
internal sealed record JobOutcome(string Type, string Reason, string Message, bool IsFinal)
{
    public static bool IsFinished(Doc job) =>
        Conditions.Find(job, "Complete")?.Text("status") == "True" || Conditions.Find(job, "Failed")?.Text("status") == "True";

    public static DateTimeOffset FinishedAt(Doc job)
    {
        var condition = Conditions.Find(job, "Complete") is { } complete && complete.Text("status") == "True" ? complete : Conditions.Find(job, "Failed");
        return Timestamps.Parse(condition?.Text("lastTransitionTime"));
    }

    /// <summary>Null while the Job goes on.</summary>
    public static JobOutcome? Of(Doc job, Doc status, JobTally tally, List<Doc> active, List<Doc> pods, ControllerContext context)
    {
        var failure = Failure(job, status, tally, pods, context);
        var isComplete = failure is null && (job.Int("spec", "completions") is { } completions
            ? tally.Succeeded >= completions
            : tally.Succeeded > 0 && active.Count == 0);
        if (failure is null && !isComplete)
        {
            return null;
        }

        // Since 1.31 the end is told when the last pod has ended; until then only what it will be.
        var isFinal = context.Version.Minor < 31 || !pods.Exists(static pod => !pod.IsTerminated());
        return failure is { } why
            ? new JobOutcome("Failed", why.Reason, why.Message, isFinal)
            : new JobOutcome("Complete", "CompletionsReached", "Reached expected number of succeeded pods", isFinal);
    }

    /// <summary>How long until activeDeadlineSeconds are over; null when there is no such limit.</summary>
    public static TimeSpan? UntilDeadline(Doc job, Doc status, DateTimeOffset now) =>
        job.Int("spec", "activeDeadlineSeconds") is { } seconds && status.Text("startTime") is { } start && job.Flag("spec", "suspend") != true
            ? Timestamps.Parse(start).AddSeconds(seconds) - now is var left && left > TimeSpan.Zero ? left : TimeSpan.FromSeconds(1)
            : null;

    public static Doc Condition(string type, string status, string reason, string message, ControllerContext context) => Doc.Obj(
        ("type", type),
        ("status", status),
        ("lastProbeTime", context.Timestamp),
        ("lastTransitionTime", context.Timestamp),
        ("reason", reason.Length == 0 ? null : (Doc)reason),
        ("message", message.Length == 0 ? null : (Doc)message));

    /// <summary>The status with the conditions of this end, told by an event too.</summary>
    public Doc Write(Doc job, Doc status, ControllerContext context, Action<string, string, string> say)
    {
        var tellsTarget = context.Version.Minor >= 31;
        var (reason, message) = Type == "Complete" && !tellsTarget ? ("", "") : (Reason, Message);
        if (tellsTarget)
        {
            var target = Type == "Complete" ? "SuccessCriteriaMet" : "FailureTarget";
            status = Add(status, Condition(target, "True", Reason, Message, context));
        }

        if (!IsFinal)
        {
            return status;
        }

        status = Add(status, Condition(Type, "True", reason, message, context));
        if (Type == "Complete")
        {
            say("Normal", "Completed", "Job completed");
            return status.With(context.Timestamp, "completionTime");
        }

        say("Warning", Reason, Message);
        return status;
    }

    private static Doc Add(Doc status, Doc condition) =>
        Conditions.FindIn(status["conditions"], condition.Text("type")!) is null
            ? status.With(Conditions.Replace(status["conditions"], condition), "conditions")
            : status;

    private static (string Reason, string Message)? Failure(Doc job, Doc status, JobTally tally, List<Doc> pods, ControllerContext context)
    {
        if (Conditions.FindIn(status["conditions"], "FailureTarget") is { } decided)
        {
            return (decided.Text("reason") ?? "", decided.Text("message") ?? "");
        }

        foreach (var pod in pods)
        {
            if (PodFailurePolicy.Match(job, pod, context.Version) is { Action: "FailJob" } match)
            {
                return ("PodFailurePolicy", match.Message);
            }
        }

        var limit = job.Int("spec", "backoffLimit") ?? 6;
        if (tally.Failed > limit || (job.Text("spec", "template", "spec", "restartPolicy") == "OnFailure" && RestartsExceed(pods, limit)))
        {
            return ("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }

        return job.Int("spec", "activeDeadlineSeconds") is { } seconds
            && status.Text("startTime") is { } start
            && job.Flag("spec", "suspend") != true
            && Timestamps.Parse(start).AddSeconds(seconds) <= context.UtcNow
                ? ("DeadlineExceeded", "Job was active longer than specified deadline")
                : null;
    }

    // Containers that are restarted in place fail too (pastBackoffLimitOnFailure).
    private static bool RestartsExceed(List<Doc> pods, long limit)
    {
        var restarts = 0L;
        foreach (var pod in pods)
        {
            if (pod.Phase() is not ("Running" or "Pending"))
            {
                continue;
            }

            foreach (var list in new[] { "initContainerStatuses", "containerStatuses" })
            {
                foreach (var container in pod.List("status", list))
                {
                    restarts += container.Int("restartCount") ?? 0;
                }
            }
        }

        return limit == 0 ? restarts > 0 : restarts >= limit;
    }
}
