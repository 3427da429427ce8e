using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary><c>kubectl describe</c> of volumes, claims and storage classes.</summary>
internal static class StorageDescribers
{
    public static IEnumerable<Wait> Volume(DescribeSession session, Doc value)
    {
        var writer = session.Writer;
        var spec = value.At("spec") ?? Doc.Empty;
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Labels("Labels", value.At("metadata", "labels"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
        Finalizers(writer, value);
        writer.Field(0, "StorageClass", spec.Text("storageClassName"));
        writer.Field(0, "Status", value.Text("metadata", "deletionTimestamp") is { } deleted ? $"Terminating (lasts {writer.Since(deleted)})" : value.Text("status", "phase"));
        writer.Field(0, "Claim", spec.At("claimRef") is { } claim ? $"{claim.Text("namespace")}/{claim.Text("name")}" : "");
        writer.Field(0, "Reclaim Policy", spec.Text("persistentVolumeReclaimPolicy"));
        writer.Field(0, "Access Modes", AccessModes(spec.List("accessModes")));
        writer.Field(0, "VolumeMode", spec.Text("volumeMode"));
        writer.Field(0, "Capacity", spec.Text("capacity", "storage"));
        writer.Field(0, "Node Affinity", "<none>");
        writer.Field(0, "Message", value.Text("status", "message"));
        writer.Line(0, "Source:");
        Volumes.DescribeSource(writer, spec);
        yield return Wait.Call(session.DescribeEvents(value));
    }

    public static IEnumerable<Wait> Claim(DescribeSession session, Doc value)
    {
        var ns = value.Text("metadata", "namespace") ?? "";
        var name = value.Text("metadata", "name");
        yield return Wait.Call(session.List(ResourcePath.Core("pods"), ns));
        var users = session.Items
            .Where(pod => pod.List("spec", "volumes").Any(volume => volume.Text("persistentVolumeClaim", "claimName") == name))
            .Select(pod => pod.Text("metadata", "name"))
            .ToList();
        var writer = session.Writer;
        var isBound = value.Text("spec", "volumeName") is { Length: > 0 };
        writer.Field(0, "Name", name);
        writer.Field(0, "Namespace", ns);
        writer.Field(0, "StorageClass", value.Text("spec", "storageClassName"));
        writer.Field(0, "Status", value.Text("metadata", "deletionTimestamp") is { } deleted ? $"Terminating (lasts {writer.Since(deleted)})" : value.Text("status", "phase"));
        writer.Field(0, "Volume", value.Text("spec", "volumeName"));
        writer.Labels("Labels", value.At("metadata", "labels"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
        Finalizers(writer, value);
        writer.Field(0, "Capacity", isBound ? value.Text("status", "capacity", "storage") : "");
        writer.Field(0, "Access Modes", isBound ? AccessModes(value.List("status", "accessModes")) : "");
        writer.Field(0, "VolumeMode", value.Text("spec", "volumeMode"));
        writer.Field(0, "Used By", users.Count == 0 ? "<none>" : string.Join("\n\t", users));
        yield return Wait.Call(session.DescribeEvents(value));
    }

    public static IEnumerable<Wait> Class(DescribeSession session, Doc value)
    {
        var writer = session.Writer;
        var isDefault = value.At("metadata", "annotations")?.Text("storageclass.kubernetes.io/is-default-class") == "true";
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Field(0, "IsDefaultClass", isDefault ? "Yes" : "No");
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
        writer.Field(0, "Provisioner", value.Text("provisioner"));
        writer.Field(0, "Parameters", Printing.LabelText.Of(value.At("parameters")));
        writer.Field(0, "AllowVolumeExpansion", value.Flag("allowVolumeExpansion") is { } allowed ? (allowed ? "True" : "False") : "<unset>");
        writer.Field(0, "MountOptions", value.List("mountOptions") is { IsEmpty: false } options ? string.Join("\n\t", options.Select(each => "  " + each.AsText)) : "<none>");
        writer.Field(0, "ReclaimPolicy", value.Text("reclaimPolicy"));
        writer.Field(0, "VolumeBindingMode", value.Text("volumeBindingMode"));
        yield return Wait.Call(session.DescribeEvents(value));
    }

    private static void Finalizers(DescribeWriter writer, Doc value) =>
        writer.Field(0, "Finalizers", $"[{string.Join(' ', value.List("metadata", "finalizers").Select(each => each.AsText))}]");

    private static string AccessModes(ImmutableArray<Doc> modes) => string.Join(',', modes.Select(mode => mode.AsText switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        var other => other,
    }));
}
