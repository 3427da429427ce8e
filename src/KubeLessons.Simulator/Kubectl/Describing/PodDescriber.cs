using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary><c>kubectl describe pod</c>.</summary>
internal static class PodDescriber
{
    public static IEnumerable<Wait> Describe(DescribeSession session, Doc pod)
    {
        yield return Wait.Call(session.FetchEvents(pod));
        var writer = session.Writer;
        Head(writer, pod);
        Status(writer, pod);
        var containers = new Containers(writer, pod);
        if (pod.List("spec", "initContainers") is { IsEmpty: false } init)
        {
            containers.Describe("Init Containers", init, pod.List("status", "initContainerStatuses"));
        }

        containers.Describe("Containers", pod.List("spec", "containers"), pod.List("status", "containerStatuses"));
        if (pod.List("spec", "ephemeralContainers") is { IsEmpty: false } ephemeral)
        {
            containers.Describe("Ephemeral Containers", ephemeral, pod.List("status", "ephemeralContainerStatuses"));
        }

        Conditions(writer, pod);
        Volumes.Describe(writer, pod.List("spec", "volumes"), inTemplate: false);
        writer.Field(0, "QoS Class", pod.Text("status", "qosClass") ?? QualityOf(pod));
        writer.Labels("Node-Selectors", pod.At("spec", "nodeSelector"));
        PodParts.Tolerations(writer, pod);
        PodParts.SpreadConstraints(writer, pod);
        session.WriteEvents();
    }

    private static void Head(DescribeWriter writer, Doc pod)
    {
        writer.Field(0, "Name", pod.Text("metadata", "name"));
        writer.Field(0, "Namespace", pod.Text("metadata", "namespace"));
        if (pod.Int("spec", "priority") is { } priority)
        {
            writer.Field(0, "Priority", $"{priority}");
        }

        Optional(writer, "Priority Class Name", pod.Text("spec", "priorityClassName"));
        Optional(writer, "Runtime Class Name", pod.Text("spec", "runtimeClassName"));
        Optional(writer, "Service Account", pod.Text("spec", "serviceAccountName"));
        var node = pod.Text("spec", "nodeName") ?? "";
        writer.Field(0, "Node", node.Length == 0 ? "<none>" : $"{node}/{pod.Text("status", "hostIP")}");
        if (pod.Text("status", "startTime") is { } started)
        {
            writer.Field(0, "Start Time", DescribeWriter.Time(started));
        }

        writer.Labels("Labels", pod.At("metadata", "labels"));
        writer.Annotations("Annotations", pod.At("metadata", "annotations"));
    }

    private static void Status(DescribeWriter writer, Doc pod)
    {
        var phase = pod.Text("status", "phase") ?? "";
        if (pod.Text("metadata", "deletionTimestamp") is { } deleted && phase is not ("Failed" or "Succeeded"))
        {
            writer.Field(0, "Status", $"Terminating (lasts {writer.Since(deleted)})");
            writer.Field(0, "Termination Grace Period", $"{pod.Int("metadata", "deletionGracePeriodSeconds") ?? 0}s");
        }
        else
        {
            writer.Field(0, "Status", phase);
        }

        Optional(writer, "Reason", pod.Text("status", "reason"));
        Optional(writer, "Message", pod.Text("status", "message"));
        if (pod.Text("spec", "securityContext", "seccompProfile", "type") is { } profile)
        {
            writer.Field(0, "SeccompProfile", profile);
        }

        writer.Field(0, "IP", pod.Text("status", "podIP"));
        var addresses = pod.List("status", "podIPs");
        if (addresses.IsEmpty)
        {
            writer.Field(0, "IPs", "<none>");
        }
        else
        {
            writer.Line(0, "IPs:");
            foreach (var address in addresses)
            {
                writer.Field(1, "IP", address.Text("ip"));
            }
        }

        Optional(writer, "Controlled By", PodParts.ControllerOf(pod));
        Optional(writer, "NominatedNodeName", pod.Text("status", "nominatedNodeName"));
    }

    private static void Conditions(DescribeWriter writer, Doc pod)
    {
        var conditions = pod.List("status", "conditions");
        if (pod.List("spec", "readinessGates") is { IsEmpty: false } gates)
        {
            writer.Line(0, "Readiness Gates:");
            writer.Line(1, "Type\tStatus");
            foreach (var gate in gates)
            {
                var status = conditions.FirstOrDefault(each => each.Text("type") == gate.Text("conditionType"))?.Text("status") ?? "<none>";
                writer.Line(1, $"{gate.Text("conditionType")} \t{status} ");
            }
        }

        if (!conditions.IsEmpty)
        {
            writer.Line(0, "Conditions:");
            writer.Line(1, "Type\tStatus");
            foreach (var condition in conditions)
            {
                writer.Line(1, $"{condition.Text("type")} \t{condition.Text("status")} ");
            }
        }
    }

    private static void Optional(DescribeWriter writer, string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.Field(0, label, value);
        }
    }

    private static string QualityOf(Doc pod)
    {
        var containers = pod.List("spec", "containers");
        return containers.All(container => container.At("resources", "limits") is null && container.At("resources", "requests") is null) ? "BestEffort" : "Burstable";
    }
}
