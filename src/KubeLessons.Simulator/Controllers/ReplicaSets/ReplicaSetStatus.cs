using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.ReplicaSets;

/// <summary>A ReplicaSet's status, counted from its pods (pkg/controller/replicaset: calculateStatus).</summary>
internal static class ReplicaSetStatus
{
    /// <param name="set">The set.</param>
    /// <param name="pods">Its active pods.</param>
    /// <param name="failure">Why pods could not be created or deleted (reason, message); null: nothing failed.</param>
    /// <param name="now">For availability and for the condition.</param>
    public static Doc Of(Doc set, IReadOnlyList<Doc> pods, (string Reason, string Message)? failure, DateTimeOffset now)
    {
        var templateLabels = set.At("spec", "template", "metadata", "labels");
        var minReadySeconds = set.Int("spec", "minReadySeconds") ?? 0;
        var (labelled, ready, available) = (0, 0, 0);
        foreach (var pod in pods)
        {
            if (LabelMatch.HasAll(templateLabels, pod.At("metadata", "labels")))
            {
                labelled++;
            }

            if (pod.IsReady())
            {
                ready++;
                available += pod.IsAvailable(minReadySeconds, now) ? 1 : 0;
            }
        }

        return Doc.Obj(
            ("replicas", pods.Count),
            ("fullyLabeledReplicas", NonZero(labelled)),
            ("readyReplicas", NonZero(ready)),
            ("availableReplicas", NonZero(available)),
            ("observedGeneration", set.Generation()),
            ("conditions", ConditionsOf(set, failure, now)));
    }

    private static Doc? NonZero(int count) => count == 0 ? null : count;

    private static Doc? ConditionsOf(Doc set, (string Reason, string Message)? failure, DateTimeOffset now)
    {
        var conditions = set.At("status", "conditions");
        var had = Conditions.FindIn(conditions, "ReplicaFailure");
        if (failure is { } why && had is null)
        {
            return Conditions.MoveToEnd(conditions, Doc.Obj(
                ("type", "ReplicaFailure"),
                ("status", "True"),
                ("lastTransitionTime", Timestamps.Time(now)),
                ("reason", why.Reason),
                ("message", why.Message)));
        }

        if (failure is null && had is not null)
        {
            conditions = Conditions.Without(conditions, "ReplicaFailure");
        }

        return conditions is { Items.IsEmpty: false } ? conditions : null;
    }
}
