using System.Globalization;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Deployments;

/// <summary>What a Deployment writes on its ReplicaSets: their revision, and the sizes that proportional scaling needs later.</summary>
internal static class DeploymentAnnotations
{
    public const string Revision = "deployment.kubernetes.io/revision";
    public const string RevisionHistory = "deployment.kubernetes.io/revision-history";
    public const string DesiredReplicas = "deployment.kubernetes.io/desired-replicas";
    public const string MaxReplicas = "deployment.kubernetes.io/max-replicas";
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";
    private const string RollbackTo = "deprecated.deployment.rollback.to";

    /// <summary>The revision number of a ReplicaSet; 0 when it has none.</summary>
    public static long RevisionOf(Doc set) =>
        long.TryParse(set.Annotation(Revision), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    public static long? Number(Doc set, string annotation) =>
        long.TryParse(set.Annotation(annotation), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The set with the Deployment's own annotations and with the revision, when that is higher than the one it has.</summary>
    public static Doc Inherit(Doc set, Doc deployment, long revision)
    {
        foreach (var (key, value) in deployment.At("metadata", "annotations")?.Fields ?? [])
        {
            if (!IsOwn(key))
            {
                set = set.With(value, "metadata", "annotations", key);
            }
        }

        var had = RevisionOf(set);
        if (had >= revision)
        {
            return set;
        }

        set = set.With(Text(revision), "metadata", "annotations", Revision);
        if (had > 0)
        {
            var history = set.Annotation(RevisionHistory);
            var longer = string.IsNullOrEmpty(history) ? Text(had) : $"{history},{Text(had)}";
            set = set.With(longer, "metadata", "annotations", RevisionHistory);
        }

        return set;
    }

    /// <summary>The set with the sizes that the Deployment has now.</summary>
    public static Doc WithSizes(Doc set, long desired, long max) => set
        .With(Text(desired), "metadata", "annotations", DesiredReplicas)
        .With(Text(max), "metadata", "annotations", MaxReplicas);

    private static bool IsOwn(string key) =>
        key is Revision or RevisionHistory or DesiredReplicas or MaxReplicas or LastApplied or RollbackTo;
}
