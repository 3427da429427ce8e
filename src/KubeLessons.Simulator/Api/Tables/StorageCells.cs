using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Tables;

/// <summary>The cells of volumes, claims and classes.</summary>
internal static class StorageCells
{
    public static Doc[] PersistentVolume(Doc value, CellContext context)
    {
        var claim = value.At("spec", "claimRef");
        return
        [
            Cells.Name(value),
            value.Text("spec", "capacity", "storage") ?? "",
            AccessModes(value.At("spec", "accessModes")),
            value.Text("spec", "persistentVolumeReclaimPolicy") ?? "",
            Phase(value),
            claim is null ? "" : $"{claim.Text("namespace")}/{claim.Text("name")}",
            value.Text("spec", "storageClassName") ?? "",
            value.Text("spec", "volumeAttributesClassName") ?? "<unset>",
            value.Text("status", "reason") ?? "",
            context.Age(value),
            value.Text("spec", "volumeMode") ?? "<unset>",
        ];
    }

    public static Doc[] PersistentVolumeClaim(Doc value, CellContext context)
    {
        var volume = value.Text("spec", "volumeName") ?? "";
        return
        [
            Cells.Name(value),
            Phase(value),
            volume,
            volume.Length > 0 ? value.Text("status", "capacity", "storage") ?? "" : "",
            volume.Length > 0 ? AccessModes(value.At("status", "accessModes")) : "",
            value.Text("spec", "storageClassName") ?? "",
            value.Text("spec", "volumeAttributesClassName") ?? "<unset>",
            context.Age(value),
            value.Text("spec", "volumeMode") ?? "<unset>",
        ];
    }

    public static Doc[] StorageClass(Doc value, CellContext context)
    {
        var isDefault = value.Text("metadata", "annotations", "storageclass.kubernetes.io/is-default-class") == "true";
        return
        [
            isDefault ? value.Text("metadata", "name") + " (default)" : Cells.Name(value),
            value.Text("provisioner") ?? "",
            value.Text("reclaimPolicy") ?? "Delete",
            value.Text("volumeBindingMode") ?? "Immediate",
            value.Flag("allowVolumeExpansion") == true ? "true" : "false",
            context.Age(value),
        ];
    }

    public static Doc[] VolumeAttachment(Doc value, CellContext context) =>
    [
        Cells.Name(value), value.Text("spec", "attacher") ?? "", value.Text("spec", "source", "persistentVolumeName") ?? "",
        value.Text("spec", "nodeName") ?? "", value.Flag("status", "attached") ?? false, context.Age(value),
    ];

    public static Doc[] CsiNode(Doc value, CellContext context) => [Cells.Name(value), value.List("spec", "drivers").Length, context.Age(value)];

    public static Doc[] CsiDriver(Doc value, CellContext context) =>
    [
        Cells.Name(value), value.Flag("spec", "attachRequired") ?? true, value.Flag("spec", "podInfoOnMount") ?? false,
        Cells.OrNone(string.Join(',', value.List("spec", "volumeLifecycleModes").Select(mode => mode.AsText))), context.Age(value),
    ];

    private static string Phase(Doc value) =>
        value.Text("metadata", "deletionTimestamp") is not null ? "Terminating" : value.Text("status", "phase") ?? "";

    private static string AccessModes(Doc? modes) => string.Join(',', (modes?.Items ?? []).Select(mode => mode.AsText switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        _ => "",
    }));
}
