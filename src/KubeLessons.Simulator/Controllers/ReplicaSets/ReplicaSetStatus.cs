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

        return Of(set, (pods.Count, labelled, ready, available), failure, now);
    }

    /// <summary>The same from the numbers; no pod has to be ready for a while before it is available.</summary>
    public static Doc Of(Doc set, ReplicaTally tally, (string Reason, string Message)? failure, DateTimeOffset now) =>
        Of(set, (tally.Active, tally.Labelled, tally.Ready, tally.Ready), failure, now);

    private static Doc Of(
        Doc set, (int Pods, int Labelled, int Ready, int Available) counts, (string Reason, string Message)? failure, DateTimeOffset now) => Doc.Obj(
            ("replicas", counts.Pods),
            ("fullyLabeledReplicas", NonZero(counts.Labelled)),
            ("readyReplicas", NonZero(counts.Ready)),
            ("availableReplicas", NonZero(counts.Available)),
            ("observedGeneration", set.Generation()),
            ("conditions", ConditionsOf(set, failure, now)));

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
