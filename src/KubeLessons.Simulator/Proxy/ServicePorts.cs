using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.KubeProxy;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Proxy;

/// <summary>What kube-proxy makes of a Service and its EndpointSlices: one <see cref="ProxiedPort"/> for each port.</summary>
internal static class ServicePorts
{
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    /// <summary>Objects with one of these labels are not this proxy's business (pkg/apis/core: well-known labels of Services).</summary>
    private static readonly string[] ExcludingLabels = ["service.kubernetes.io/service-proxy-name", "service.kubernetes.io/headless"];

    public static bool IsForThisProxy(Doc thing)
    {
        foreach (var label in ExcludingLabels)
        {
            if (thing.Label(label) is not null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The Service's ports; none for one that is headless or of type ExternalName.</summary>
    public static IEnumerable<ProxiedPort> Of(Doc service, IReadOnlyList<Doc> slices, string nodeName, KubernetesVersion version)
    {
        if (service.Text("spec", "type") == "ExternalName" || !IsForThisProxy(service)
            || !Ipv4Address.TryParse(service.Text("spec", "clusterIP"), out var clusterIp))
        {
            yield break;
        }

        var isLoadBalancer = service.Text("spec", "type") == "LoadBalancer";
        var isExternalLocal = service.Text("spec", "externalTrafficPolicy") == "Local";
        foreach (var port in service.List("spec", "ports"))
        {
            var name = port.Text("name") ?? "";
            var protocol = ProtocolOf(port);
            yield return new ProxiedPort(service.Namespace(), service.Name(), name, protocol, clusterIp, (int)(port.Int("port") ?? 0))
            {
                NodePort = (int)(port.Int("nodePort") ?? 0),
                ExternalIps = Addresses(service.List("spec", "externalIPs"), static item => item.AsText),
                LoadBalancerIps = isLoadBalancer ? Addresses(service.List("status", "loadBalancer", "ingress"), BalancerAddress) : [],
                LoadBalancerSourceRanges = isLoadBalancer ? Ranges(service) : [],
                IsExternalLocal = isExternalLocal,
                // ServiceInternalTrafficPolicy: on by default since 1.22.
                IsInternalLocal = version.Minor >= 22 && service.Text("spec", "internalTrafficPolicy") == "Local",
                AffinitySeconds = service.Text("spec", "sessionAffinity") == "ClientIP"
                    ? (int)(service.Int("spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds") ?? 10800)
                    : 0,
                HealthCheckNodePort = isExternalLocal ? (int)(service.Int("spec", "healthCheckNodePort") ?? 0) : 0,
                Endpoints = [.. EndpointsOf(slices, name, protocol, nodeName)],
            };
        }
    }

    private static IEnumerable<ProxiedEndpoint> EndpointsOf(IReadOnlyList<Doc> slices, string portName, Protocol protocol, string nodeName)
    {
        foreach (var slice in slices)
        {
            if (slice.Text("addressType") is { } type && type != "IPv4")
            {
                continue;
            }

            foreach (var port in slice.List("ports"))
            {
                if ((port.Text("name") ?? "") != portName || ProtocolOf(port) != protocol || port.Int("port") is not { } number)
                {
                    continue;
                }

                foreach (var endpoint in slice.List("endpoints"))
                {
                    if (endpoint.List("addresses") is [var first, ..] && Ipv4Address.TryParse(first.AsText, out var ip))
                    {
                        yield return Endpoint(endpoint, ip, (int)number, nodeName);
                    }
                }
            }
        }
    }

    private static ProxiedEndpoint Endpoint(Doc endpoint, Ipv4Address ip, int port, string nodeName)
    {
        // An endpoint whose readiness is not told is ready (discovery/v1: EndpointConditions).
        var isReady = endpoint.Flag("conditions", "ready") ?? true;
        var node = endpoint.Text("nodeName") ?? endpoint.At("topology")?["kubernetes.io/hostname"]?.AsText;
        return new ProxiedEndpoint(ip, port, node == nodeName)
        {
            IsReady = isReady,
            IsServing = endpoint.Flag("conditions", "serving") ?? isReady,
            IsTerminating = endpoint.Flag("conditions", "terminating") ?? false,
        };
    }

    private static Protocol ProtocolOf(Doc port) => port.Text("protocol") switch
    {
        "UDP" => Protocol.Udp,
        "SCTP" => Protocol.Sctp,
        _ => Protocol.Tcp,
    };

    // An address that the balancer answers itself (ipMode Proxy) is none that the node could take a short cut to.
    private static string? BalancerAddress(Doc ingress) => ingress.Text("ipMode") == "Proxy" ? null : ingress.Text("ip");

    private static List<Ipv4Address> Addresses(IEnumerable<Doc> items, Func<Doc, string?> text)
    {
        var addresses = new List<Ipv4Address>();
        foreach (var item in items)
        {
            if (Ipv4Address.TryParse(text(item), out var address))
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }

    private static List<Ipv4Prefix> Ranges(Doc service)
    {
        var ranges = new List<Ipv4Prefix>();
        foreach (var item in service.List("spec", "loadBalancerSourceRanges"))
        {
            if (Ipv4Prefix.TryParse(item.AsText?.Trim(), out var range))
            {
                ranges.Add(range);
            }
        }

        return ranges;
    }
}
