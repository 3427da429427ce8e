using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary>The volumes of a pod or of a pod template, and the source of a PersistentVolume.</summary>
internal static class Volumes
{
    public static void Describe(DescribeWriter writer, IReadOnlyList<Doc> volumes, bool inTemplate)
    {
        var space = inTemplate ? "  " : "";
        if (volumes.Count == 0)
        {
            writer.Field(0, space + "Volumes", "<none>");
            return;
        }

        writer.Line(0, space + "Volumes:");
        foreach (var volume in volumes)
        {
            writer.Line(1, $"{(inTemplate ? " " : "")}{volume.Text("name")}:");
            DescribeSource(writer, volume);
        }
    }

    /// <summary>What a volume is made of.</summary>
    public static void DescribeSource(DescribeWriter writer, Doc volume)
    {
        foreach (var (kind, source) in volume.Fields)
        {
            switch (kind)
            {
                case "emptyDir":
                    writer.Field(2, "Type", "EmptyDir (a temporary directory that shares a pod's lifetime)");
                    writer.Field(2, "Medium", source.Text("medium"));
                    writer.Field(2, "SizeLimit", source.Text("sizeLimit") ?? "<unset>");
                    return;
                case "hostPath":
                    writer.Field(2, "Type", "HostPath (bare host directory volume)");
                    writer.Field(2, "Path", source.Text("path"));
                    writer.Field(2, "HostPathType", source.At("type") is null ? "<none>" : source.Text("type"));
                    return;
                case "configMap":
                    writer.Field(2, "Type", "ConfigMap (a volume populated by a ConfigMap)");
                    writer.Field(2, "Name", source.Text("name"));
                    writer.Field(2, "Optional", Flag(source, "optional"));
                    return;
                case "secret":
                    writer.Field(2, "Type", "Secret (a volume populated by a Secret)");
                    writer.Field(2, "SecretName", source.Text("secretName"));
                    writer.Field(2, "Optional", Flag(source, "optional"));
                    return;
                case "persistentVolumeClaim":
                    writer.Field(2, "Type", "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)");
                    writer.Field(2, "ClaimName", source.Text("claimName"));
                    writer.Field(2, "ReadOnly", Flag(source, "readOnly"));
                    return;
                case "nfs":
                    writer.Field(2, "Type", "NFS (an NFS mount that lasts the lifetime of a pod)");
                    writer.Field(2, "Server", source.Text("server"));
                    writer.Field(2, "Path", source.Text("path"));
                    writer.Field(2, "ReadOnly", Flag(source, "readOnly"));
                    return;
                case "downwardAPI":
                    writer.Field(2, "Type", "DownwardAPI (a volume populated by information about the pod)");
                    writer.Line(2, "Items:");
                    foreach (var item in source.List("items"))
                    {
                        writer.Line(3, $"{item.Text("fieldRef", "fieldPath") ?? item.Text("resourceFieldRef", "resource")} -> {item.Text("path")}");
                    }

                    return;
                case "projected":
                    DescribeProjected(writer, source);
                    return;
                case "local":
                    writer.Field(2, "Type", "LocalVolume (a persistent volume backed by local storage on a node)");
                    writer.Field(2, "Path", source.Text("path"));
                    return;
                case "csi":
                    writer.Field(2, "Type", "CSI (a Container Storage Interface (CSI) volume source)");
                    writer.Field(2, "Driver", source.Text("driver"));
                    return;
            }
        }

        writer.Line(2, "<unknown>");
    }

    private static void DescribeProjected(DescribeWriter writer, Doc source)
    {
        writer.Field(2, "Type", "Projected (a volume that contains injected data from multiple sources)");
        foreach (var part in source.List("sources"))
        {
            if (part.At("secret") is { } secret)
            {
                writer.Field(2, "SecretName", secret.Text("name"));
                writer.Field(2, "SecretOptionalName", Flag(secret, "optional"));
            }
            else if (part.At("downwardAPI") is not null)
            {
                writer.Field(2, "DownwardAPI", "true");
            }
            else if (part.At("configMap") is { } map)
            {
                writer.Field(2, "ConfigMapName", map.Text("name"));
                writer.Field(2, "Optional", Flag(map, "optional"));
            }
            else if (part.At("serviceAccountToken") is { } token)
            {
                writer.Field(2, "TokenExpirationSeconds", $"{token.Int("expirationSeconds")}");
            }
        }
    }

    private static string Flag(Doc source, string field) => source.Flag(field) == true ? "true" : "false";
}
