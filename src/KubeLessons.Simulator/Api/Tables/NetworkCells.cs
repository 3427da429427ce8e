using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Tables;

/// <summary>The cells of Services and of what stands behind and before them.</summary>
internal static class NetworkCells
{
    /// <summary>Lists of addresses are cut after this many.</summary>
    private const int MaxListed = 3;

    public static Doc[] Service(Doc value, CellContext context)
    {
        var spec = value["spec"] ?? Doc.Empty;
        var ports = spec.List("ports").Select(port =>
            port.Int("nodePort") is > 0 and var nodePort
                ? $"{port.Int("port")}:{nodePort}/{port.Text("protocol")}"
                : $"{port.Int("port")}/{port.Text("protocol")}");
        return
        [
            Cells.Name(value),
            spec.Text("type") ?? "",
            Cells.OrNone(spec.Text("clusterIP")),
            ExternalAddress(value, spec),
            Cells.OrNone(string.Join(',', ports)),
            context.Age(value),
            Cells.Labels(spec["selector"]),
        ];
    }

    public static Doc[] Endpoints(Doc value, CellContext context)
    {
        var all = new List<string>();
        foreach (var subset in value.List("subsets"))
        {
            var ports = subset.List("ports");
            foreach (var address in subset.List("addresses"))
            {
                if (ports.IsEmpty)
                {
                    all.Add(address.Text("ip") ?? "");
                }
            }

            foreach (var port in ports)
            {
                all.AddRange(subset.List("addresses").Select(address => $"{address.Text("ip")}:{port.Int("port")}"));
            }
        }

        var text = string.Join(',', all.Take(MaxListed));
        return [Cells.Name(value), all.Count > MaxListed ? $"{text} + {all.Count - MaxListed} more..." : Cells.OrNone(text), context.Age(value)];
    }

    public static Doc[] EndpointSlice(Doc value, CellContext context)
    {
        var ports = value.List("ports").Select(port => port.Int("port") is { } number ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : "*").ToList();
        var addresses = value.List("endpoints").SelectMany(endpoint => endpoint.List("addresses")).Select(address => address.AsText ?? "").ToList();
        return [Cells.Name(value), value.Text("addressType") ?? "", Cut(ports), Cut(addresses), context.Age(value)];
    }

    public static Doc[] Ingress(Doc value, CellContext context)
    {
        var name = value.Text("spec", "ingressClassName") ?? value.Text("metadata", "annotations", "kubernetes.io/ingress.class");
        var hosts = value.List("spec", "rules").Select(rule => rule.Text("host")).Where(host => !string.IsNullOrEmpty(host)).Take(MaxListed + 1).ToList();
        var text = string.Join(',', hosts.Take(MaxListed));
        var addresses = value.List("status", "loadBalancer", "ingress").Select(each => each.Text("ip") is { Length: > 0 } ip ? ip : each.Text("hostname"));
        return
        [
            Cells.Name(value),
            Cells.OrNone(name),
            hosts.Count == 0 ? "*" : hosts.Count > MaxListed ? $"{text} + {value.List("spec", "rules").Length - MaxListed} more..." : text,
            string.Join(',', addresses),
            value.List("spec", "tls").IsEmpty ? "80" : "80, 443",
            context.Age(value),
        ];
    }

    public static Doc[] IngressClass(Doc value, CellContext context)
    {
        var parameters = value.At("spec", "parameters");
        var group = parameters?.Text("apiGroup") is { Length: > 0 } found ? "." + found : "";
        return
        [
            Cells.Name(value),
            value.Text("spec", "controller") ?? "",
            parameters is null ? Cells.None : $"{parameters.Text("kind")}{group}/{parameters.Text("name")}",
            context.Age(value),
        ];
    }

    public static Doc[] NetworkPolicy(Doc value, CellContext context) =>
        [Cells.Name(value), Cells.Selector(value.At("spec", "podSelector")), context.Age(value)];

    private static string ExternalAddress(Doc value, Doc spec)
    {
        var external = spec.List("externalIPs").Select(ip => ip.AsText ?? "").ToList();
        switch (spec.Text("type"))
        {
            case "ClusterIP" or "NodePort":
                return Cells.OrNone(string.Join(',', external));
            case "LoadBalancer":
                var balancer = value.List("status", "loadBalancer", "ingress")
                    .Select(each => each.Text("ip") is { Length: > 0 } ip ? ip : each.Text("hostname") ?? "")
                    .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Concat(external).ToList();
                return balancer.Count == 0 ? "<pending>" : string.Join(',', balancer);
            case "ExternalName":
                return spec.Text("externalName") ?? "";
            default:
                return Cells.Unknown;
        }
    }

    private static string Cut(List<string> all) =>
        all.Count == 0 ? "<unset>"
        : all.Count > MaxListed ? $"{string.Join(',', all.Take(MaxListed))} + {all.Count - MaxListed} more..."
        : string.Join(',', all);
}
