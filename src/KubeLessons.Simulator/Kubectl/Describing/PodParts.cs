using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary>Pieces that pods and pod templates share.</summary>
internal static class PodParts
{
    /// <summary>A template below its workload.</summary>
    public static void DescribeTemplate(DescribeWriter writer, Doc? template)
    {
        writer.Line(0, "Pod Template:");
        if (template is null)
        {
            writer.Write("  <unset>");
            return;
        }

        writer.Labels("Labels", template.At("metadata", "labels"), "  ");
        if (template.At("metadata", "annotations") is DocObject { Count: > 0 } annotations)
        {
            writer.Annotations("Annotations", annotations, "  ");
        }

        if (template.Text("spec", "serviceAccountName") is { Length: > 0 } account)
        {
            writer.Field(1, "Service Account", account);
        }

        var containers = new Containers(writer, null);
        if (template.List("spec", "initContainers") is { IsEmpty: false } init)
        {
            containers.Describe("Init Containers", init, []);
        }

        containers.Describe("Containers", template.List("spec", "containers"), []);
        Volumes.Describe(writer, template.List("spec", "volumes"), inTemplate: true);
        SpreadConstraints(writer, template, "  ");
        if (template.Text("spec", "priorityClassName") is { Length: > 0 } priority)
        {
            writer.Field(1, "Priority Class Name", priority);
        }

        writer.Labels("Node-Selectors", template.At("spec", "nodeSelector"), "  ", "  ");
        Tolerations(writer, template, "  ");
    }

    public static void Tolerations(DescribeWriter writer, Doc pod, string indent = "")
    {
        var tolerations = pod.List("spec", "tolerations");
        writer.Write($"{indent}Tolerations:\t");
        if (tolerations.IsEmpty)
        {
            writer.Write("<none>\n");
        }

        var first = true;
        foreach (var toleration in tolerations.OrderBy(each => each.Text("key") ?? "", StringComparer.Ordinal))
        {
            writer.Write($"{(first ? "" : indent + "\t")}{TolerationText(toleration)}\n");
            first = false;
        }
    }

    public static void SpreadConstraints(DescribeWriter writer, Doc pod, string indent = "")
    {
        var constraints = pod.List("spec", "topologySpreadConstraints");
        if (constraints.IsEmpty)
        {
            return;
        }

        writer.Write($"{indent}Topology Spread Constraints:\t");
        var first = true;
        foreach (var each in constraints.OrderBy(each => each.Text("topologyKey"), StringComparer.Ordinal))
        {
            var selector = each.At("labelSelector") is { } labels ? $" for selector {SelectorText.Of(labels)}" : "";
            writer.Write($"{(first ? "" : indent + "\t")}{each.Text("topologyKey")}:{each.Text("whenUnsatisfiable")} when max skew {each.Int("maxSkew")} is exceeded{selector}\n");
            first = false;
        }
    }

    /// <summary>The controller that owns an object, as <c>ReplicaSet/web-abc</c>; "" when there is none.</summary>
    public static string ControllerOf(Doc value) =>
        value.List("metadata", "ownerReferences").FirstOrDefault(owner => owner.Flag("controller") == true) is { } owner
            ? $"{owner.Text("kind")}/{owner.Text("name")}"
            : "";

    private static string TolerationText(Doc toleration)
    {
        var (key, value, effect) = (toleration.Text("key") ?? "", toleration.Text("value") ?? "", toleration.Text("effect") ?? "");
        var text = key + (value.Length > 0 ? "=" + value : "") + (effect.Length > 0 ? ":" + effect : "");
        if (toleration.Text("operator") == "Exists" && value.Length == 0)
        {
            text += key.Length > 0 || effect.Length > 0 ? " op=Exists" : "op=Exists";
        }

        return toleration.Int("tolerationSeconds") is { } seconds ? $"{text} for {seconds}s" : text;
    }
}
