using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.KubeProxy;

namespace KubeLessons.Simulator.Clusters.Addons.Proxy;

/// <summary>What kube-proxy makes of Services and EndpointSlices: the ports that it writes rules for.</summary>
internal static class ProxiedServices
{
    private const string ServiceNameLabel = "kubernetes.io/service-name";

    public static List<ProxiedPort> Of(IEnumerable<Doc> services, IEnumerable<Doc> slices, string nodeName)
    {
        var byService = slices
            .Where(slice => slice.Text("addressType") == "IPv4")
            .ToLookup(slice => (slice.Text("metadata", "namespace"), slice.At("metadata", "labels")?[ServiceNameLabel]?.AsText));
        var ports = new List<ProxiedPort>();
        foreach (var service in services)
        {
            // Headless Services and ExternalNames have no address to be reached by.
            if (!Ipv4Address.TryParse(service.Text("spec", "clusterIP"), out var clusterIp) || service.Text("spec", "type") == "ExternalName")
            {
                continue;
            }

            var (ns, name) = (service.Text("metadata", "namespace")!, service.Text("metadata", "name")!);
            foreach (var port in service.List("spec", "ports"))
            {
                ports.Add(Port(service, ns, name, clusterIp, port, byService[(ns, name)], nodeName));
            }
        }

        return ports;
    }

    private static ProxiedPort Port(Doc service, string ns, string name, Ipv4Address clusterIp, Doc port, IEnumerable<Doc> slices, string nodeName)
    {
        var portName = port.Text("name") ?? "";
        var protocol = ProtocolOf(port.Text("protocol"));
        return new ProxiedPort(ns, name, portName, protocol, clusterIp, (int)(port.Int("port") ?? 0))
        {
            NodePort = (int)(port.Int("nodePort") ?? 0),
            ExternalIps = Addresses(service.List("spec", "externalIPs").Select(ip => ip.AsText)),
            LoadBalancerIps = Addresses(service.List("status", "loadBalancer", "ingress").Select(entry => entry.Text("ip"))),
            LoadBalancerSourceRanges = [.. service.List("spec", "loadBalancerSourceRanges")
                .Select(range => Ipv4Prefix.TryParse(range.AsText, out var prefix) ? prefix : (Ipv4Prefix?)null).OfType<Ipv4Prefix>()],
            IsExternalLocal = service.Text("spec", "externalTrafficPolicy") == "Local",
            IsInternalLocal = service.Text("spec", "internalTrafficPolicy") == "Local",
            AffinitySeconds = service.Text("spec", "sessionAffinity") == "ClientIP"
                ? (int)(service.Int("spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds") ?? 10800) : 0,
            HealthCheckNodePort = (int)(service.Int("spec", "healthCheckNodePort") ?? 0),
            Endpoints = Endpoints(slices, portName, protocol, nodeName),
        };
    }

    private static List<ProxiedEndpoint> Endpoints(IEnumerable<Doc> slices, string portName, Protocol protocol, string nodeName)
    {
        var endpoints = new List<ProxiedEndpoint>();
        foreach (var slice in slices)
        {
            foreach (var port in slice.List("ports"))
            {
                if ((port.Text("name") ?? "") != portName || ProtocolOf(port.Text("protocol")) != protocol || port.Int("port") is not { } number)
                {
                    continue;
                }

                foreach (var endpoint in slice.List("endpoints"))
                {
                    Add(endpoints, endpoint, (int)number, nodeName);
                }
            }
        }

        return [.. endpoints.DistinctBy(endpoint => (endpoint.Ip, endpoint.Port)).OrderBy(endpoint => endpoint.Ip).ThenBy(endpoint => endpoint.Port)];
    }

    private static void Add(List<ProxiedEndpoint> endpoints, Doc endpoint, int port, string nodeName)
    {
        var node = endpoint.Text("nodeName") ?? endpoint.At("topology")?["kubernetes.io/hostname"]?.AsText;
        foreach (var address in endpoint.List("addresses"))
        {
            if (Ipv4Address.TryParse(address.AsText, out var ip))
            {
                endpoints.Add(new ProxiedEndpoint(ip, port, node == nodeName)
                {
                    IsReady = endpoint.Flag("conditions", "ready") != false,
                    IsServing = (endpoint.Flag("conditions", "serving") ?? endpoint.Flag("conditions", "ready")) != false,
                    IsTerminating = endpoint.Flag("conditions", "terminating") == true,
                });
            }
        }
    }

    private static List<Ipv4Address> Addresses(IEnumerable<string?> texts) =>
        [.. texts.Select(text => Ipv4Address.TryParse(text, out var address) ? address : (Ipv4Address?)null).OfType<Ipv4Address>()];

    private static Protocol ProtocolOf(string? text) => text switch
    {
        "UDP" => Protocol.Udp,
        "SCTP" => Protocol.Sctp,
        _ => Protocol.Tcp,
    };
}
