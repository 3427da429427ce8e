namespace KubeLessons.Simulator.Network.KubeProxy;

/// <summary>The chains of one Service port as kube-proxy lays them out since 1.24.</summary>
internal sealed class ExternalChainLayout
{
    private readonly RestoreText text;
    private readonly ProxySettings settings;
    private readonly ProxiedPort port;
    private readonly List<ProxiedEndpoint> cluster;
    private readonly List<ProxiedEndpoint> local;

    private ExternalChainLayout(RestoreText text, ProxySettings settings, ProxiedPort port)
    {
        (this.text, this.settings, this.port) = (text, settings, port);
        var all = port.Endpoints.DistinctBy(endpoint => endpoint.Address).OrderBy(endpoint => endpoint.Address, StringComparer.Ordinal).ToList();
        cluster = Usable(all);
        local = port.IsInternalLocal || (port.IsExternalLocal && port.IsExternallyAccessible) ? Usable([.. all.Where(endpoint => endpoint.IsLocal)]) : [];
    }

    private bool HasEndpoints => cluster.Count > 0 || local.Count > 0;

    // External traffic needs the cluster's endpoints even under the policy Local: what a pod or the node itself sends takes a short cut.
    private bool UsesCluster => cluster.Count > 0 && (!port.IsInternalLocal || port.IsExternallyAccessible);

    private bool UsesLocal => local.Count > 0;

    private bool HasInternalEndpoints => port.IsInternalLocal ? UsesLocal : UsesCluster;

    private bool HasExternalEndpoints => port.IsExternalLocal ? UsesLocal : UsesCluster;

    private string InternalChain => port.IsInternalLocal ? ChainNames.Local(port) : ChainNames.Cluster(port);

    private bool UsesExternal => HasEndpoints && port.IsExternallyAccessible;

    private bool UsesFirewall => HasEndpoints && port.LoadBalancerIps.Count > 0 && port.LoadBalancerSourceRanges.Count > 0;

    private string ProtocolMatch => $"-m {port.ProtocolName} -p {port.ProtocolName}";

    public static void Write(RestoreText text, ProxySettings settings, ProxiedPort port)
    {
        var layout = new ExternalChainLayout(text, settings, port);
        layout.WriteCaptures();
        layout.WriteInternal();
        layout.WriteExternal();
        layout.WriteFirewall();
        if (layout.UsesCluster)
            layout.WriteBalancing(ChainNames.Cluster(port), layout.cluster);
        if (layout.UsesLocal)
            layout.WriteBalancing(ChainNames.Local(port), layout.local);
        layout.WriteEndpoints();
    }

    // Ready endpoints, or, when there is none, those that still serve while they terminate.
    private static List<ProxiedEndpoint> Usable(List<ProxiedEndpoint> endpoints)
    {
        var ready = endpoints.FindAll(endpoint => endpoint.IsReady);
        return ready.Count > 0 ? ready : endpoints.FindAll(endpoint => endpoint is { IsServing: true, IsTerminating: true });
    }

    private void WriteCaptures()
    {
        if (HasInternalEndpoints)
            text.Nat(ChainNames.Services, RestoreText.Comment($"{port.FullName} cluster IP"), To(port.ClusterIp), $"-j {InternalChain}");
        else
            text.Filter(ChainNames.Services, Absence, To(port.ClusterIp), AbsenceTarget);
        foreach (var ip in port.ExternalIps)
        {
            if (HasEndpoints)
                text.Nat(ChainNames.Services, RestoreText.Comment($"{port.FullName} external IP"), To(ip), $"-j {ChainNames.External(port)}");
            if (!HasExternalEndpoints)
                text.Filter(ChainNames.ExternalServices, Absence, To(ip), AbsenceTarget);
        }
        foreach (var ip in port.LoadBalancerIps)
        {
            var chain = UsesFirewall ? ChainNames.SourceRanges(port) : ChainNames.External(port);
            if (HasEndpoints)
                text.Nat(ChainNames.Services, RestoreText.Comment($"{port.FullName} loadbalancer IP"), To(ip), $"-j {chain}");
            if (UsesFirewall)
                text.Filter(ChainNames.ProxyFirewall, RestoreText.Comment($"{port.FullName} traffic not accepted by {chain}"), To(ip), "-j DROP");
            if (!HasExternalEndpoints)
                text.Filter(ChainNames.ExternalServices, Absence, To(ip), AbsenceTarget);
        }
        if (port.NodePort != 0)
        {
            if (HasEndpoints)
                text.Nat(ChainNames.NodePorts, RestoreText.Comment(port.FullName), $"{ProtocolMatch} --dport {port.NodePort} -j {ChainNames.External(port)}");
            if (!HasExternalEndpoints)
                text.Filter(ChainNames.ExternalServices, Absence, $"-m addrtype --dst-type LOCAL {ProtocolMatch} --dport {port.NodePort}", AbsenceTarget);
        }
        if (port.HealthCheckNodePort != 0)
        {
            text.Filter(ChainNames.NodePorts, RestoreText.Comment($"{port.FullName} health check node port"),
                $"-m tcp -p tcp --dport {port.HealthCheckNodePort} -j ACCEPT");
        }
    }

    // No endpoint at all is refused; endpoints that a policy forbids to use let the packet vanish.
    private string Absence => RestoreText.Comment(HasEndpoints ? $"{port.FullName} has no local endpoints" : $"{port.FullName} has no endpoints");

    private string AbsenceTarget => HasEndpoints ? "-j DROP" : "-j REJECT";

    private string To(Ipv4Address ip) => $"{ProtocolMatch} -d {ip} --dport {port.Port}";

    private void WriteInternal()
    {
        if (!HasInternalEndpoints)
            return;
        var where = $"{RestoreText.Comment($"{port.FullName} cluster IP")} {To(port.ClusterIp)}";
        if (settings.MasqueradeAll)
            text.Nat(InternalChain, where, $"-j {ChainNames.MarkMasquerade}");
        else if (settings.ClusterCidr is { } cidr)
            text.Nat(InternalChain, where, $"! -s {cidr} -j {ChainNames.MarkMasquerade}");
    }

    private void WriteExternal()
    {
        if (!UsesExternal)
            return;
        var chain = ChainNames.External(port);
        text.NatChain(chain);
        if (!port.IsExternalLocal)
        {
            text.Nat(chain, RestoreText.Comment($"masquerade traffic for {port.FullName} external destinations"), $"-j {ChainNames.MarkMasquerade}");
        }
        else
        {
            if (settings.ClusterCidr is { } cidr)
                text.Nat(chain, RestoreText.Comment($"pod traffic for {port.FullName} external destinations"), $"-s {cidr} -j {ChainNames.Cluster(port)}");
            text.Nat(chain, RestoreText.Comment($"masquerade LOCAL traffic for {port.FullName} external destinations"),
                $"-m addrtype --src-type LOCAL -j {ChainNames.MarkMasquerade}");
            text.Nat(chain, RestoreText.Comment($"route LOCAL traffic for {port.FullName} external destinations"),
                $"-m addrtype --src-type LOCAL -j {ChainNames.Cluster(port)}");
        }
        if (HasExternalEndpoints)
            text.Nat(chain, $"-j {(port.IsExternalLocal ? ChainNames.Local(port) : ChainNames.Cluster(port))}");
    }

    private void WriteFirewall()
    {
        if (!UsesFirewall)
            return;
        var chain = ChainNames.SourceRanges(port);
        var comment = RestoreText.Comment($"{port.FullName} loadbalancer IP");
        text.NatChain(chain);
        foreach (var range in port.LoadBalancerSourceRanges)
            text.Nat(chain, comment, $"-s {range} -j {ChainNames.External(port)}");
        if (port.LoadBalancerSourceRanges.Any(range => range.Contains(settings.NodeIp)))
        {
            foreach (var ip in port.LoadBalancerIps)
                text.Nat(chain, comment, $"-s {ip} -j {ChainNames.External(port)}");
        }
        text.Nat(chain, RestoreText.Comment($"other traffic to {port.FullName} will be dropped by {ChainNames.ProxyFirewall}"));
    }

    private void WriteBalancing(string chain, List<ProxiedEndpoint> endpoints)
    {
        text.NatChain(chain);
        if (port.AffinitySeconds > 0)
        {
            foreach (var endpoint in endpoints)
            {
                var name = ChainNames.Endpoint(port, endpoint);
                text.Nat(chain, RestoreText.Comment($"{port.FullName} -> {endpoint.Address}"),
                    $"-m recent --name {name} --rcheck --seconds {port.AffinitySeconds} --reap -j {name}");
            }
        }
        for (var index = 0; index < endpoints.Count; index++)
        {
            text.Nat(chain, RestoreText.Comment($"{port.FullName} -> {endpoints[index].Address}"),
                index < endpoints.Count - 1 ? RestoreText.Probability(endpoints.Count - index) : "", $"-j {ChainNames.Endpoint(port, endpoints[index])}");
        }
    }

    private void WriteEndpoints()
    {
        var reachable = (UsesCluster ? cluster : []).Concat(UsesLocal ? local : []).DistinctBy(endpoint => endpoint.Address)
            .OrderBy(endpoint => endpoint.Address, StringComparer.Ordinal);
        foreach (var endpoint in reachable)
        {
            var chain = ChainNames.Endpoint(port, endpoint);
            var comment = RestoreText.Comment(port.FullName);
            text.NatChain(chain);
            text.Nat(chain, comment, $"-s {endpoint.Ip} -j {ChainNames.MarkMasquerade}");
            text.Nat(chain, comment, port.AffinitySeconds > 0 ? $"-m recent --name {chain} --set" : "",
                $"{ProtocolMatch} -j DNAT --to-destination {endpoint.Address}");
        }
    }
}
