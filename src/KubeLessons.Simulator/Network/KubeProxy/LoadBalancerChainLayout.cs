namespace KubeLessons.Simulator.Network.KubeProxy;

/// <summary>The chains of one Service port as kube-proxy 1.20 to 1.23 lays them out.</summary>
internal static class LoadBalancerChainLayout
{
    public static void Write(RestoreText text, ProxySettings settings, ProxiedPort port)
    {
        var endpoints = port.Endpoints.Where(endpoint => endpoint.IsReady).DistinctBy(endpoint => endpoint.Address)
            .OrderBy(endpoint => endpoint.Address, StringComparer.Ordinal).ToList();
        if (endpoints.Count > 0)
            text.NatChain(ChainNames.Cluster(port));
        if (port.IsExternalLocal)
            text.NatChain(ChainNames.LoadBalancer(port));
        WriteClusterIp(text, settings, port, endpoints.Count > 0);
        WriteExternalIps(text, port, endpoints.Count > 0);
        WriteLoadBalancer(text, settings, port, endpoints.Count > 0);
        WriteNodePort(text, port, endpoints.Count > 0);
        if (endpoints.Count == 0)
            return;
        foreach (var endpoint in endpoints)
            text.NatChain(ChainNames.Endpoint(port, endpoint));
        WriteEndpoints(text, port, endpoints);
        if (port.IsExternalLocal)
            WriteLocalPolicy(text, settings, port, [.. endpoints.Where(endpoint => endpoint.IsLocal)]);
    }

    private static void WriteClusterIp(RestoreText text, ProxySettings settings, ProxiedPort port, bool hasEndpoints)
    {
        if (!hasEndpoints)
        {
            Reject(text, ChainNames.Services, port, $"-d {port.ClusterIp}/32", port.Port);
            return;
        }
        var where = Where(port, "cluster IP", port.ClusterIp);
        if (settings.MasqueradeAll)
            text.Nat(ChainNames.Services, where, $"-j {ChainNames.MarkMasquerade}");
        else if (settings.ClusterCidr is { } cidr)
            text.Nat(ChainNames.Services, where, $"! -s {cidr} -j {ChainNames.MarkMasquerade}");
        text.Nat(ChainNames.Services, where, $"-j {ChainNames.Cluster(port)}");
    }

    private static void WriteExternalIps(RestoreText text, ProxiedPort port, bool hasEndpoints)
    {
        foreach (var ip in port.ExternalIps)
        {
            if (!hasEndpoints)
            {
                Reject(text, ChainNames.ExternalServices, port, $"-d {ip}/32", port.Port);
                continue;
            }
            var where = Where(port, "external IP", ip);
            var chain = port.IsExternalLocal ? ChainNames.LoadBalancer(port) : ChainNames.Cluster(port);
            if (!port.IsExternalLocal)
                text.Nat(ChainNames.Services, where, $"-j {ChainNames.MarkMasquerade}");
            text.Nat(ChainNames.Services, where, "-m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL", $"-j {chain}");
            text.Nat(ChainNames.Services, where, "-m addrtype --dst-type LOCAL", $"-j {chain}");
        }
    }

    private static void WriteLoadBalancer(RestoreText text, ProxySettings settings, ProxiedPort port, bool hasEndpoints)
    {
        foreach (var ip in port.LoadBalancerIps)
        {
            if (!hasEndpoints)
            {
                Reject(text, ChainNames.ExternalServices, port, $"-d {ip}/32", port.Port);
                continue;
            }
            var firewall = ChainNames.SourceRanges(port);
            var comment = RestoreText.Comment($"{port.FullName} loadbalancer IP");
            text.NatChain(firewall);
            text.Nat(ChainNames.Services, Where(port, "loadbalancer IP", ip), $"-j {firewall}");
            if (!port.IsExternalLocal)
                text.Nat(firewall, comment, $"-j {ChainNames.MarkMasquerade}");
            var chain = port.IsExternalLocal ? ChainNames.LoadBalancer(port) : ChainNames.Cluster(port);
            if (port.LoadBalancerSourceRanges.Count == 0)
                text.Nat(firewall, comment, $"-j {chain}");
            foreach (var range in port.LoadBalancerSourceRanges)
                text.Nat(firewall, comment, $"-s {range} -j {chain}");
            // A node inside the ranges may reach the address from itself, where the address is its own.
            if (port.LoadBalancerSourceRanges.Any(range => range.Contains(settings.NodeIp)))
                text.Nat(firewall, comment, $"-s {ip}/32 -j {chain}");
            text.Nat(firewall, comment, $"-j {ChainNames.MarkDrop}");
        }
    }

    private static void WriteNodePort(RestoreText text, ProxiedPort port, bool hasEndpoints)
    {
        if (port.NodePort == 0)
            return;
        if (!hasEndpoints)
        {
            Reject(text, ChainNames.ExternalServices, port, "-m addrtype --dst-type LOCAL", port.NodePort);
            return;
        }
        var where = $"{RestoreText.Comment(port.FullName)} -m {port.ProtocolName} -p {port.ProtocolName} --dport {port.NodePort}";
        if (port.IsExternalLocal)
        {
            text.Nat(ChainNames.NodePorts, where, $"-s 127.0.0.0/8 -j {ChainNames.MarkMasquerade}");
            text.Nat(ChainNames.NodePorts, where, $"-j {ChainNames.LoadBalancer(port)}");
            return;
        }
        text.Nat(ChainNames.NodePorts, where, $"-j {ChainNames.MarkMasquerade}");
        text.Nat(ChainNames.NodePorts, where, $"-j {ChainNames.Cluster(port)}");
    }

    private static void WriteEndpoints(RestoreText text, ProxiedPort port, List<ProxiedEndpoint> endpoints)
    {
        var service = ChainNames.Cluster(port);
        var comment = RestoreText.Comment(port.FullName);
        WriteAffinity(text, service, comment, port, endpoints);
        for (var index = 0; index < endpoints.Count; index++)
        {
            var chain = ChainNames.Endpoint(port, endpoints[index]);
            text.Nat(service, comment, index < endpoints.Count - 1 ? RestoreText.Probability(endpoints.Count - index) : "", $"-j {chain}");
            text.Nat(chain, comment, $"-s {endpoints[index].Ip}/32 -j {ChainNames.MarkMasquerade}");
            text.Nat(chain, comment, port.AffinitySeconds > 0 ? $"-m recent --name {chain} --set" : "",
                $"-m {port.ProtocolName} -p {port.ProtocolName} -j DNAT --to-destination {endpoints[index].Address}");
        }
    }

    private static void WriteAffinity(RestoreText text, string from, string comment, ProxiedPort port, IEnumerable<ProxiedEndpoint> endpoints)
    {
        if (port.AffinitySeconds == 0)
            return;
        foreach (var endpoint in endpoints)
        {
            var chain = ChainNames.Endpoint(port, endpoint);
            text.Nat(from, comment, $"-m recent --name {chain} --rcheck --seconds {port.AffinitySeconds} --reap -j {chain}");
        }
    }

    private static void WriteLocalPolicy(RestoreText text, ProxySettings settings, ProxiedPort port, List<ProxiedEndpoint> local)
    {
        var chain = ChainNames.LoadBalancer(port);
        if (settings.ClusterCidr is { } cidr)
        {
            text.Nat(chain, RestoreText.Comment("Redirect pods trying to reach external loadbalancer VIP to clusterIP"),
                $"-s {cidr} -j {ChainNames.Cluster(port)}");
        }
        text.Nat(chain, RestoreText.Comment($"masquerade LOCAL traffic for {port.FullName} LB IP"), $"-m addrtype --src-type LOCAL -j {ChainNames.MarkMasquerade}");
        text.Nat(chain, RestoreText.Comment($"route LOCAL traffic for {port.FullName} LB IP to service chain"), $"-m addrtype --src-type LOCAL -j {ChainNames.Cluster(port)}");
        if (local.Count == 0)
            text.Nat(chain, RestoreText.Comment($"{port.FullName} has no local endpoints"), $"-j {ChainNames.MarkDrop}");
        WriteAffinity(text, chain, RestoreText.Comment(port.FullName), port, local);
        for (var index = 0; index < local.Count; index++)
        {
            text.Nat(chain, RestoreText.Comment($"Balancing rule {index} for {port.FullName}"),
                index < local.Count - 1 ? RestoreText.Probability(local.Count - index) : "", $"-j {ChainNames.Endpoint(port, local[index])}");
        }
    }

    private static string Where(ProxiedPort port, string what, Ipv4Address ip) =>
        $"{RestoreText.Comment($"{port.FullName} {what}")} -m {port.ProtocolName} -p {port.ProtocolName} -d {ip}/32 --dport {port.Port}";

    private static void Reject(RestoreText text, string chain, ProxiedPort port, string destination, int number)
    {
        var protocol = $"-m {port.ProtocolName} -p {port.ProtocolName}";
        var where = destination.StartsWith("-d", StringComparison.Ordinal) ? $"{protocol} {destination}" : $"{destination} {protocol}";
        text.Filter(chain, RestoreText.Comment($"{port.FullName} has no endpoints"), where, $"--dport {number} -j REJECT");
    }
}
