using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Deployments;

/// <summary>A Deployment's status: numbers summed over its ReplicaSets, and the conditions Available and Progressing.</summary>
internal static class DeploymentStatus
{
    public const string NewReplicaSetAvailable = "NewReplicaSetAvailable";
    public const string ProgressDeadlineExceeded = "ProgressDeadlineExceeded";

    public static Doc Calculate(Doc deployment, Doc? newSet, IReadOnlyList<Doc> all, DateTimeOffset now)
    {
        var total = Sum(all, static set => set.Int("status", "replicas"));
        var available = Sum(all, static set => set.Int("status", "availableReplicas"));
        var status = Doc.Obj(
            ("observedGeneration", deployment.Generation()),
            ("replicas", NonZero(total)),
            ("updatedReplicas", NonZero(newSet?.Int("status", "replicas") ?? 0)),
            ("readyReplicas", NonZero(Sum(all, static set => set.Int("status", "readyReplicas")))),
            ("availableReplicas", NonZero(available)),
            ("unavailableReplicas", NonZero(Math.Max(0, Sum(all, static set => set.Int("spec", "replicas")) - available))),
            ("conditions", deployment.At("status", "conditions")),
            ("collisionCount", deployment.At("status", "collisionCount")));
        var enough = available >= Replicas(deployment) - RolloutLimits.Of(deployment).MaxUnavailable;
        return WithCondition(status, enough
            ? Condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
            : Condition("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now));
    }

    /// <summary>The status with the condition Progressing as it must be now (pkg/controller/deployment: syncRolloutStatus).</summary>
    public static Doc WithProgress(Doc deployment, Doc status, Doc? newSet, DateTimeOffset now)
    {
        if (deployment.At("spec", "progressDeadlineSeconds") is null)
        {
            return status.With(Conditions.Without(status["conditions"], "Progressing"), "conditions");
        }

        var current = Conditions.FindIn(deployment.At("status", "conditions"), "Progressing");
        var settled = Count(status, "replicas") == Count(status, "updatedReplicas")
            && current?.Text("reason") == NewReplicaSetAvailable;
        if (settled)
        {
            return status;
        }

        var who = newSet is null ? $"Deployment \"{deployment.Name()}\"" : $"ReplicaSet \"{newSet.Name()}\"";
        if (IsComplete(deployment, status))
        {
            return WithCondition(
                status, Condition("Progressing", "True", NewReplicaSetAvailable, $"{who} has successfully progressed.", now));
        }

        if (IsProgressing(deployment, status))
        {
            var condition = Condition("Progressing", "True", "ReplicaSetUpdated", $"{who} is progressing.", now);
            if (current?.Text("status") == "True")
            {
                condition = condition.With(current["lastTransitionTime"], "lastTransitionTime");
            }

            // Replaced even when status and reason are the same: lastUpdateTime is what the deadline counts from.
            return status.With(Conditions.MoveToEnd(status["conditions"], condition), "conditions");
        }

        return HasTimedOut(deployment, status, now)
            ? WithCondition(status, Condition("Progressing", "False", ProgressDeadlineExceeded, $"{who} has timed out progressing.", now))
            : status;
    }

    /// <summary>All replicas are new and available, and no old ones are left.</summary>
    public static bool IsComplete(Doc deployment, Doc status)
    {
        var replicas = Replicas(deployment);
        return Count(status, "updatedReplicas") == replicas
            && Count(status, "replicas") == replicas
            && Count(status, "availableReplicas") == replicas
            && Count(status, "observedGeneration") >= deployment.Generation();
    }

    /// <summary>When the deadline will have passed without progress; null when it is not being waited for.</summary>
    public static TimeSpan? UntilDeadline(Doc deployment, Doc status, DateTimeOffset now)
    {
        var condition = Conditions.FindIn(status["conditions"], "Progressing");
        if (deployment.Int("spec", "progressDeadlineSeconds") is not { } deadline
            || condition is null
            || IsComplete(deployment, status)
            || condition.Text("reason") == ProgressDeadlineExceeded)
        {
            return null;
        }

        var left = Timestamps.Parse(condition.Text("lastUpdateTime")).AddSeconds(deadline) - now;
        return left < TimeSpan.Zero ? TimeSpan.FromSeconds(1) : left + TimeSpan.FromSeconds(1);
    }

    public static Doc Condition(string type, string status, string reason, string message, DateTimeOffset now) => Doc.Obj(
        ("type", type),
        ("status", status),
        ("lastUpdateTime", Timestamps.Time(now)),
        ("lastTransitionTime", Timestamps.Time(now)),
        ("reason", reason),
        ("message", message));

    /// <summary>The status with a condition set; one with the same status and reason stays as it is.</summary>
    public static Doc WithCondition(Doc status, Doc condition)
    {
        var current = Conditions.FindIn(status["conditions"], condition.Text("type")!);
        if (current is not null && current.Text("status") == condition.Text("status"))
        {
            if (current.Text("reason") == condition.Text("reason"))
            {
                return status;
            }

            condition = condition.With(current["lastTransitionTime"], "lastTransitionTime");
        }

        return status.With(Conditions.MoveToEnd(status["conditions"], condition), "conditions");
    }

    private static bool IsProgressing(Doc deployment, Doc status)
    {
        var old = deployment["status"] ?? Doc.Empty;
        return Count(status, "updatedReplicas") > Count(old, "updatedReplicas")
            || Count(status, "replicas") - Count(status, "updatedReplicas") < Count(old, "replicas") - Count(old, "updatedReplicas")
            || Count(status, "readyReplicas") > Count(old, "readyReplicas")
            || Count(status, "availableReplicas") > Count(old, "availableReplicas");
    }

    private static bool HasTimedOut(Doc deployment, Doc status, DateTimeOffset now)
    {
        var condition = Conditions.FindIn(status["conditions"], "Progressing");
        if (condition is null || condition.Text("reason") == NewReplicaSetAvailable)
        {
            return false;
        }

        return condition.Text("reason") == ProgressDeadlineExceeded
            || Timestamps.Parse(condition.Text("lastUpdateTime")).AddSeconds(deployment.Int("spec", "progressDeadlineSeconds") ?? 600) < now;
    }

    private static long Replicas(Doc deployment) => deployment.Int("spec", "replicas") ?? 1;

    private static long Count(Doc status, string field) => status.Int(field) ?? 0;

    private static Doc? NonZero(long count) => count == 0 ? null : count;

    private static long Sum(IReadOnlyList<Doc> sets, Func<Doc, long?> number)
    {
        var sum = 0L;
        foreach (var set in sets)
        {
            sum += number(set) ?? 0;
        }

        return sum;
    }
}
