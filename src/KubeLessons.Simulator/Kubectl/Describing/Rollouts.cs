using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary>Which ReplicaSet a Deployment is at (k8s.io/kubectl/pkg/util/deployment).</summary>
internal static class Rollouts
{
    public const string RevisionAnnotation = "deployment.kubernetes.io/revision";
    private const string HashLabel = "pod-template-hash";

    /// <summary>The oldest ReplicaSet whose template is the Deployment's; null when it has not been made yet.</summary>
    public static Doc? NewReplicaSet(Doc deployment, IReadOnlyCollection<Doc> sets)
    {
        var template = WithoutHash(deployment.At("spec", "template"));
        return sets
            .OrderBy(set => set.Text("metadata", "creationTimestamp"), StringComparer.Ordinal)
            .FirstOrDefault(set => WithoutHash(set.At("spec", "template")).Equals(template));
    }

    public static long RevisionOf(Doc value) =>
        long.TryParse(value.At("metadata", "annotations")?.Text(RevisionAnnotation), out var revision) ? revision : 0;

    private static Doc WithoutHash(Doc? template)
    {
        var bare = (template ?? Doc.Empty).Without("metadata", "labels", HashLabel);
        return bare.At("metadata", "creationTimestamp") is DocNull ? bare.Without("metadata", "creationTimestamp") : bare;
    }
}
