using System.Globalization;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers.StatefulSets;

/// <summary>What makes a StatefulSet's pod the one it is: its ordinal, from which name, host name and claims follow.</summary>
internal static class StatefulPods
{
    public const string PodNameLabel = "statefulset.kubernetes.io/pod-name";
    public const string PodIndexLabel = "apps.kubernetes.io/pod-index";

    public static string NameOf(Doc set, long ordinal) => $"{set.Name()}-{ordinal.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The number at the end of a pod's name; -1 when the name is none of the set's.</summary>
    public static long OrdinalOf(Doc set, Doc pod)
    {
        var prefix = set.Name() + "-";
        return pod.Name().StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(pod.Name().AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? ordinal
            : -1;
    }

    /// <summary>The pod of an ordinal, made from a revision's template.</summary>
    public static Doc Make(Doc set, Doc revision, long ordinal, KubernetesVersion version)
    {
        var template = (revision.At("data", "spec", "template") ?? Doc.Empty).Without("$patch");
        var name = NameOf(set, ordinal);
        var pod = Pods.FromTemplate(template, "", Metadata.ReferenceTo(set, "apps/v1", "StatefulSet"))
            .Without("metadata", "generateName")
            .With(name, "metadata", "name")
            .With(set.Namespace(), "metadata", "namespace")
            .With(name, "metadata", "labels", PodNameLabel)
            .With(revision.Name(), "metadata", "labels", Revisions.HashLabel)
            .With(name, "spec", "hostname");
        if (version.Minor >= 28)
        {
            pod = pod.With(ordinal.ToString(CultureInfo.InvariantCulture), "metadata", "labels", PodIndexLabel);
        }

        if (set.Text("spec", "serviceName") is { Length: > 0 } service)
        {
            pod = pod.With(service, "spec", "subdomain");
        }

        return WithClaims(set, pod, ordinal);
    }

    /// <summary>The claims of an ordinal: <c>TEMPLATE-SET-ORDINAL</c>, kept when the pod goes.</summary>
    public static IEnumerable<Doc> ClaimsOf(Doc set, long ordinal)
    {
        foreach (var template in set.List("spec", "volumeClaimTemplates"))
        {
            var claim = Doc.Obj(
                ("apiVersion", "v1"),
                ("kind", "PersistentVolumeClaim"),
                ("metadata", Doc.Obj(
                    ("name", ClaimName(set, template, ordinal)),
                    ("namespace", set.Namespace()),
                    ("labels", Merge(template.At("metadata", "labels"), set.At("spec", "selector", "matchLabels"))),
                    ("annotations", template.At("metadata", "annotations")),
                    ("ownerReferences", set.Text("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted") == "Delete"
                        ? Doc.Arr(Metadata.ReferenceTo(set, "apps/v1", "StatefulSet"))
                        : null))),
                ("spec", template["spec"]));
            yield return claim;
        }
    }

    private static Doc WithClaims(Doc set, Doc pod, long ordinal)
    {
        var templates = set.List("spec", "volumeClaimTemplates");
        if (templates.IsEmpty)
        {
            return pod;
        }

        var volumes = new List<Doc>();
        foreach (var template in templates)
        {
            volumes.Add(Doc.Obj(
                ("name", template.At("metadata", "name")),
                ("persistentVolumeClaim", Doc.Obj(("claimName", ClaimName(set, template, ordinal))))));
        }

        volumes.AddRange(pod.List("spec", "volumes").Where(volume => !volumes.Exists(claimed => claimed.Text("name") == volume.Text("name"))));
        return pod.With(Doc.Arr(volumes), "spec", "volumes");
    }

    private static string ClaimName(Doc set, Doc template, long ordinal) => $"{template.Name()}-{NameOf(set, ordinal)}";

    private static Doc? Merge(Doc? labels, Doc? more)
    {
        foreach (var (key, value) in more?.Fields ?? [])
        {
            labels = (labels ?? Doc.Empty).With(value, key);
        }

        return labels;
    }
}
