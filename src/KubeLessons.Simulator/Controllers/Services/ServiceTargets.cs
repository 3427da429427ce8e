using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Services;

/// <summary>What Endpoints and EndpointSlices have in common: which pods stand behind a Service, and on which ports.</summary>
internal static class ServiceTargets
{
    public const string LastChangeTriggerTime = "endpoints.kubernetes.io/last-change-trigger-time";
    public const string HeadlessLabel = "service.kubernetes.io/headless";

    /// <summary>Whether the Service takes its endpoints from pods: it has a selector and is no alias.</summary>
    public static bool HasSelector(Doc service) =>
        service.At("spec", "selector") is DocObject { Count: > 0 } && service.Text("spec", "type") != "ExternalName";

    public static bool IsHeadless(Doc service) => service.Text("spec", "clusterIP") == "None";

    /// <summary>The pods that the selector takes and that have an address; finished ones have none that counts.</summary>
    public static List<Doc> PodsOf(Doc service, IEnumerable<Doc> pods, bool withTerminating)
    {
        var selector = service.At("spec", "selector");
        var found = new List<Doc>();
        foreach (var pod in pods)
        {
            if (pod.Namespace() == service.Namespace()
                && !pod.IsTerminated()
                && !string.IsNullOrEmpty(pod.Text("status", "podIP"))
                && (withTerminating || !pod.IsBeingDeleted())
                && LabelMatch.HasAll(selector, pod.At("metadata", "labels")))
            {
                found.Add(pod);
            }
        }

        return found;
    }

    /// <summary>The ports of a pod behind the Service's ports; null when a named port is missing there.</summary>
    public static Doc? PortsOf(Doc service, Doc pod)
    {
        var ports = new List<Doc>();
        foreach (var port in service.List("spec", "ports"))
        {
            if (TargetPort(port, pod) is not { } number)
            {
                continue;
            }

            ports.Add(Doc.Obj(
                ("name", port["name"]),
                ("port", number),
                ("protocol", port["protocol"] ?? "TCP"),
                ("appProtocol", port["appProtocol"])));
        }

        return ports.Count == 0 && !service.List("spec", "ports").IsEmpty ? null : Doc.Arr(ports);
    }

    public static Doc TargetOf(Doc pod) => Doc.Obj(
        ("kind", "Pod"),
        ("namespace", pod.Namespace()),
        ("name", pod.Name()),
        ("uid", pod.Uid()));

    /// <summary>The name under which DNS knows the pod in this Service; null when it has none there.</summary>
    public static Doc? HostnameIn(Doc service, Doc pod) =>
        pod.Text("spec", "hostname") is { Length: > 0 } hostname && pod.Text("spec", "subdomain") == service.Name()
            ? (Doc)hostname
            : null;

    /// <summary>Whether the change of a pod matters to the Services that select it.</summary>
    public static bool Matters(Doc? before, Doc? after) =>
        before is null || after is null
        || before.Text("status", "podIP") != after.Text("status", "podIP")
        || before.IsReady() != after.IsReady()
        || before.IsTerminated() != after.IsTerminated()
        || before.IsBeingDeleted() != after.IsBeingDeleted()
        || before.NodeName() != after.NodeName()
        || !Equals(before.At("metadata", "labels"), after.At("metadata", "labels"));

    private static long? TargetPort(Doc servicePort, Doc pod)
    {
        var target = servicePort["targetPort"];
        if (target?.AsInt is { } number and > 0)
        {
            return number;
        }

        if (target?.AsText is not { Length: > 0 } name)
        {
            return servicePort.Int("port");
        }

        var containers = pod.List("spec", "containers").Concat(
            pod.List("spec", "initContainers").Where(static container => container.Text("restartPolicy") == "Always"));
        foreach (var container in containers)
        {
            foreach (var port in container.List("ports"))
            {
                if (port.Text("name") == name && (port.Text("protocol") ?? "TCP") == (servicePort.Text("protocol") ?? "TCP"))
                {
                    return port.Int("containerPort");
                }
            }
        }

        return null;
    }
}
