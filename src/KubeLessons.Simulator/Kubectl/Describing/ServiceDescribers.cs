using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary><c>kubectl describe</c> of services, endpoints, endpoint slices and ingresses.</summary>
internal static class ServiceDescribers
{
    /// <summary>So many addresses are named before "+ N more…".</summary>
    private const int ShownEndpoints = 3;

    private static readonly ResourcePath Slices = new("discovery.k8s.io", "v1", "endpointslices");

    public static IEnumerable<Wait> Service(DescribeSession session, Doc service)
    {
        yield return Wait.Call(SlicesOf(session, service));
        var slices = session.Items;
        var writer = session.Writer;
        var spec = service.At("spec") ?? Doc.Empty;
        writer.Field(0, "Name", service.Text("metadata", "name"));
        writer.Field(0, "Namespace", service.Text("metadata", "namespace"));
        writer.Labels("Labels", service.At("metadata", "labels"));
        writer.Annotations("Annotations", service.At("metadata", "annotations"));
        writer.Field(0, "Selector", LabelText.Of(spec.At("selector")));
        writer.Field(0, "Type", spec.Text("type"));
        Optional(writer, "IP Family Policy", spec.Text("ipFamilyPolicy"));
        writer.Field(0, "IP Families", Joined(spec.List("ipFamilies"), "<none>"));
        writer.Field(0, "IP", spec.Text("clusterIP"));
        writer.Field(0, "IPs", Joined(spec.List("clusterIPs"), "<none>"));
        Optional(writer, "External IPs", Joined(spec.List("externalIPs"), ""));
        Optional(writer, "Desired LoadBalancer IP", spec.Text("loadBalancerIP"));
        Optional(writer, "External Name", spec.Text("externalName"));
        Optional(writer, "LoadBalancer Ingress", string.Join(", ", service.List("status", "loadBalancer", "ingress").Select(each => each.Text("ip") ?? each.Text("hostname"))));
        foreach (var port in spec.List("ports"))
        {
            Port(writer, port, slices);
        }

        writer.Field(0, "Session Affinity", spec.Text("sessionAffinity"));
        Optional(writer, "External Traffic Policy", spec.Text("externalTrafficPolicy"));
        Optional(writer, "Internal Traffic Policy", spec.Text("internalTrafficPolicy"));
        if (spec.Int("healthCheckNodePort") is > 0 and var health)
        {
            writer.Field(0, "HealthCheck NodePort", $"{health}");
        }

        Optional(writer, "LoadBalancer Source Ranges", Joined(spec.List("loadBalancerSourceRanges"), ""));
        yield return Wait.Call(session.DescribeEvents(service));
    }

    public static IEnumerable<Wait> EndpointSlice(DescribeSession session, Doc slice)
    {
        var writer = session.Writer;
        writer.Field(0, "Name", slice.Text("metadata", "name"));
        writer.Field(0, "Namespace", slice.Text("metadata", "namespace"));
        writer.Labels("Labels", slice.At("metadata", "labels"));
        writer.Annotations("Annotations", slice.At("metadata", "annotations"));
        writer.Field(0, "AddressType", slice.Text("addressType"));
        Ports(writer, slice.List("ports"), 0, "<unset>");
        var endpoints = slice.List("endpoints");
        writer.Line(0, endpoints.IsEmpty ? "Endpoints:\t<none>" : "Endpoints:");
        foreach (var endpoint in endpoints)
        {
            writer.Field(1, "- Addresses", Joined(endpoint.List("addresses"), "<none>", ", "));
            writer.Line(2, "Conditions:");
            writer.Field(3, "Ready", endpoint.Flag("conditions", "ready") is { } ready ? (ready ? "true" : "false") : "<unset>");
            writer.Field(2, "Hostname", endpoint.Text("hostname") ?? "<unset>");
            if (endpoint.At("targetRef") is { } target)
            {
                writer.Field(2, "TargetRef", $"{target.Text("kind")}/{target.Text("name")}");
            }

            writer.Field(2, "NodeName", endpoint.Text("nodeName") ?? "<unset>");
            writer.Field(2, "Zone", endpoint.Text("zone") ?? "<unset>");
        }

        yield return Wait.Call(session.DescribeEvents(slice));
    }

    public static IEnumerable<Wait> Endpoints(DescribeSession session, Doc value)
    {
        var writer = session.Writer;
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Field(0, "Namespace", value.Text("metadata", "namespace"));
        writer.Labels("Labels", value.At("metadata", "labels"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
        writer.Line(0, "Subsets:");
        foreach (var subset in value.List("subsets"))
        {
            foreach (var (label, field) in (ReadOnlySpan<(string, string)>)[("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")])
            {
                var addresses = string.Join(',', subset.List(field).Select(address => address.Text("ip")));
                writer.Field(1, label, addresses.Length > 0 ? addresses : "<none>");
            }

            if (subset.List("ports") is { IsEmpty: false } ports)
            {
                Ports(writer, ports, 1, "<unset>");
            }

            writer.Line(0, "");
        }

        yield return Wait.Call(session.DescribeEvents(value));
    }

    public static IEnumerable<Wait> Ingress(DescribeSession session, Doc ingress)
    {
        var writer = session.Writer;
        var ns = ingress.Text("metadata", "namespace") ?? "";
        writer.Field(0, "Name", ingress.Text("metadata", "name"));
        writer.Labels("Labels", ingress.At("metadata", "labels"));
        writer.Field(0, "Namespace", ns);
        writer.Field(0, "Address", string.Join(',', ingress.List("status", "loadBalancer", "ingress").Select(each => each.Text("ip") ?? each.Text("hostname"))));
        writer.Field(0, "Ingress Class", ingress.Text("spec", "ingressClassName") ?? "<none>");
        var fallback = new BackendText();
        if (ingress.At("spec", "defaultBackend") is { } backend)
        {
            yield return Wait.Call(Backend(session, ns, backend, fallback));
        }

        writer.Field(0, "Default backend", fallback.Value ?? "<default>");
        foreach (var (tls, at) in ingress.List("spec", "tls").Select((tls, at) => (tls, at)))
        {
            if (at == 0)
            {
                writer.Line(0, "TLS:");
            }

            writer.Line(1, tls.Text("secretName") is { Length: > 0 } secret
                ? $"{secret} terminates {Joined(tls.List("hosts"), "")}"
                : $"SNI routes {Joined(tls.List("hosts"), "")}");
        }

        writer.Line(0, "Rules:");
        writer.Line(1, "Host\tPath\tBackends");
        writer.Line(1, "----\t----\t--------");
        foreach (var rule in ingress.List("spec", "rules"))
        {
            writer.Line(1, $"{(rule.Text("host") is { Length: > 0 } host ? host : "*")}\t");
            foreach (var path in rule.List("http", "paths"))
            {
                var text = new BackendText();
                yield return Wait.Call(Backend(session, ns, path.At("backend") ?? Doc.Empty, text));
                writer.Line(1, $"\t{path.Text("path")} \t{text.Value}");
            }
        }

        writer.Annotations("Annotations", ingress.At("metadata", "annotations"));
        yield return Wait.Call(session.DescribeEvents(ingress));
    }

    private static IEnumerable<Wait> Backend(DescribeSession session, string ns, Doc backend, BackendText into)
    {
        var name = backend.Text("service", "name") ?? "";
        var port = backend.At("service", "port", "name")?.AsText ?? backend.At("service", "port", "number")?.ToString() ?? "";
        yield return Wait.Call(session.Get(ResourcePath.Core("services"), ns, name));
        if (session.Object is not { } service)
        {
            into.Value = $"{name}:{port} (<error: services \"{name}\" not found>)";
            yield break;
        }

        yield return Wait.Call(SlicesOf(session, service));
        var wanted = service.List("spec", "ports").FirstOrDefault(each => each.Text("name") == port || $"{each.Int("port")}" == port);
        into.Value = $"{name}:{port} ({EndpointText(session.Items, wanted?.Text("name") ?? "")})";
    }

    private static IEnumerable<Wait> SlicesOf(DescribeSession session, Doc service) => session.List(
        Slices, service.Text("metadata", "namespace")!, "kubernetes.io/service-name=" + service.Text("metadata", "name"));

    private static void Port(DescribeWriter writer, Doc port, ImmutableArray<Doc> slices)
    {
        var name = port.Text("name") is { Length: > 0 } given ? given : "<unset>";
        var protocol = port.Text("protocol") ?? "TCP";
        writer.Field(0, "Port", $"{name}\t{port.Int("port")}/{protocol}");
        writer.Field(0, "TargetPort", port.At("targetPort") is { } target ? $"{target.AsText ?? target.ToString()}/{protocol}" : $"{port.Int("port")}/{protocol}");
        if (port.Int("nodePort") is > 0 and var nodePort)
        {
            writer.Field(0, "NodePort", $"{name}\t{nodePort}/{protocol}");
        }

        writer.Field(0, "Endpoints", EndpointText(slices, port.Text("name") ?? ""));
    }

    private static string EndpointText(ImmutableArray<Doc> slices, string portName)
    {
        var addresses = new List<string>();
        foreach (var slice in slices)
        {
            foreach (var port in slice.List("ports").Where(port => (port.Text("name") ?? "") == portName))
            {
                addresses.AddRange(slice.List("endpoints")
                    .Where(endpoint => endpoint.Flag("conditions", "ready") != false)
                    .SelectMany(endpoint => endpoint.List("addresses"))
                    .Select(address => $"{address.AsText}:{port.Int("port")}"));
            }
        }

        return addresses.Count == 0 ? "<none>"
            : string.Join(',', addresses.Take(ShownEndpoints)) + (addresses.Count > ShownEndpoints ? $" + {addresses.Count - ShownEndpoints} more..." : "");
    }

    private static void Ports(DescribeWriter writer, ImmutableArray<Doc> ports, int level, string unset)
    {
        if (ports.IsEmpty)
        {
            writer.Field(level, "Ports", unset);
            return;
        }

        writer.Line(level, "Ports:");
        writer.Line(level + 1, "Name\tPort\tProtocol");
        writer.Line(level + 1, "----\t----\t--------");
        foreach (var port in ports)
        {
            writer.Line(level + 1, $"{(port.Text("name") is { Length: > 0 } name ? name : unset)}\t{port.Int("port")}\t{port.Text("protocol")}");
        }
    }

    private static void Optional(DescribeWriter writer, string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.Field(0, label, value);
        }
    }

    private static string Joined(ImmutableArray<Doc> values, string none, string separator = ",") =>
        values.IsEmpty ? none : string.Join(separator, values.Select(value => value.AsText));

    private sealed class BackendText
    {
        public string? Value { get; set; }
    }
}
