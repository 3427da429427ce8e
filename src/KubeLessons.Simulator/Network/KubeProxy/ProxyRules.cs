namespace KubeLessons.Simulator.Network.KubeProxy;

/// <summary>
/// What kube-proxy's iptables mode writes for a set of Services: a pure function of its input. Services stand in the order of
/// their names; the real one writes them in a random order, which is why no two syncs of it need look the same.
/// </summary>
public static class ProxyRules
{
    /// <summary>
    /// The input for `iptables-restore --noflush --counters`. <paramref name="existingNatChains"/> are the chains of the nat
    /// table: those of Services that are gone are removed.
    /// </summary>
    public static string RestoreInput(ProxySettings settings, IEnumerable<ProxiedPort> ports, IEnumerable<string> existingNatChains)
    {
        var text = new RestoreText();
        foreach (var chain in new[] { ChainNames.Services, ChainNames.ExternalServices, ChainNames.Forward })
            text.FilterChain(chain);
        if (settings.HasExternalChains)
        {
            text.FilterChain(ChainNames.NodePorts);
            text.FilterChain(ChainNames.ProxyFirewall);
        }
        foreach (var chain in new[] { ChainNames.Services, ChainNames.NodePorts, ChainNames.PostRouting, ChainNames.MarkMasquerade })
            text.NatChain(chain);
        WriteMasquerade(text, settings);
        foreach (var port in ports.OrderBy(port => port.FullName, StringComparer.Ordinal).ThenBy(port => port.Protocol))
        {
            if (settings.HasExternalChains)
                ExternalChainLayout.Write(text, settings, port);
            else
                LoadBalancerChainLayout.Write(text, settings, port);
        }
        foreach (var chain in existingNatChains.Where(chain => ChainNames.IsOfService(chain) && !text.NatChains.Contains(chain)).Order(StringComparer.Ordinal))
            text.DeleteNatChain(chain);
        WriteEnd(text, settings);
        return text.ToString();
    }

    /// <summary>The chains that hang the whole on the built-in ones: table, chain, the built-in chain, comment, conditions.</summary>
    internal static IReadOnlyList<(string Table, string Chain, string From, string Comment, string[] Conditions)> Jumps(ProxySettings settings)
    {
        string[] onlyNew = ["-m", "conntrack", "--ctstate", "NEW"];
        const string external = "kubernetes externally-visible service portals";
        const string portals = "kubernetes service portals";
        const string firewall = "kubernetes load balancer firewall";
        var jumps = new List<(string, string, string, string, string[])>
        {
            ("filter", ChainNames.ExternalServices, "INPUT", external, onlyNew),
            ("filter", ChainNames.ExternalServices, "FORWARD", external, onlyNew),
        };
        if (settings.HasExternalChains)
            jumps.Add(("filter", ChainNames.NodePorts, "INPUT", "kubernetes health check service ports", []));
        jumps.Add(("filter", ChainNames.Services, "FORWARD", portals, onlyNew));
        jumps.Add(("filter", ChainNames.Services, "OUTPUT", portals, onlyNew));
        jumps.Add(("filter", ChainNames.Forward, "FORWARD", "kubernetes forwarding rules", []));
        if (settings.HasExternalChains)
        {
            foreach (var hook in new[] { "INPUT", "OUTPUT", "FORWARD" })
                jumps.Add(("filter", ChainNames.ProxyFirewall, hook, firewall, onlyNew));
        }
        jumps.Add(("nat", ChainNames.Services, "OUTPUT", portals, []));
        jumps.Add(("nat", ChainNames.Services, "PREROUTING", portals, []));
        jumps.Add(("nat", ChainNames.PostRouting, "POSTROUTING", "kubernetes postrouting rules", []));
        return jumps;
    }

    private static void WriteMasquerade(RestoreText text, ProxySettings settings)
    {
        var mark = settings.MasqueradeMark;
        text.Nat(ChainNames.PostRouting, $"-m mark ! --mark {mark}/{mark}", "-j RETURN");
        // The mark is taken off, so that a packet that comes by once more is not masqueraded twice.
        text.Nat(ChainNames.PostRouting, $"-j MARK --xor-mark {mark}");
        text.Nat(ChainNames.PostRouting, RestoreText.Comment("kubernetes service traffic requiring SNAT"), "-j MASQUERADE --random-fully");
        text.Nat(ChainNames.MarkMasquerade, $"-j MARK --or-mark {mark}");
    }

    private static void WriteEnd(RestoreText text, ProxySettings settings)
    {
        var mark = settings.MasqueradeMark;
        var loopback = settings.HasExternalChains && !settings.LocalhostNodePorts ? "! -d 127.0.0.0/8" : "";
        text.Nat(ChainNames.Services, RestoreText.Comment("kubernetes service nodeports; NOTE: this must be the last rule in this chain"),
            "-m addrtype --dst-type LOCAL", loopback, $"-j {ChainNames.NodePorts}");
        text.Filter(ChainNames.Forward, "-m conntrack --ctstate INVALID -j DROP");
        text.Filter(ChainNames.Forward, RestoreText.Comment("kubernetes forwarding rules"), $"-m mark --mark {mark}/{mark} -j ACCEPT");
        var comments = settings.HasExternalChains ? new[] { "kubernetes forwarding conntrack rule" }
            : ["kubernetes forwarding conntrack pod source rule", "kubernetes forwarding conntrack pod destination rule"];
        foreach (var comment in comments)
            text.Filter(ChainNames.Forward, RestoreText.Comment(comment), "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
    }
}
