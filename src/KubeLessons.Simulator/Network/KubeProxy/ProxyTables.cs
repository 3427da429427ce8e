using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Network.KubeProxy;

/// <summary>kube-proxy's and the kubelet's work on a node's tables, done with the programs that they themselves run.</summary>
public static class ProxyTables
{
    /// <summary>
    /// One sync of kube-proxy: the chains hang on the built-in ones again, whatever was flushed, and hold the rules of the
    /// Services given. Null is success, else what iptables said.
    /// </summary>
    public static string? Sync(NetworkNamespace node, ProxySettings settings, IEnumerable<ProxiedPort> ports)
    {
        foreach (var jump in ProxyRules.Jumps(settings))
        {
            EnsureChain(node, jump.Table, jump.Chain);
            EnsureRule(node, jump.Table, jump.From, prepend: true, [.. jump.Conditions, "-m", "comment", "--comment", jump.Comment, "-j", jump.Chain]);
        }
        if (!settings.HasExternalChains)
            EnsureChain(node, "nat", ChainNames.MarkDrop);
        var existing = node.Netfilter.Nat.Chains.Select(chain => chain.Name).ToList();
        var restored = IptablesRestoreCommand.Run(node, ["-w", "5", "-W", "100000", "--noflush", "--counters"], ProxyRules.RestoreInput(settings, ports, existing));
        return restored.ExitCode == 0 ? null : restored.Error;
    }

    /// <summary>The chains by which kube-proxy, or the kubelet, notices that somebody flushed the tables; they are looked at once a minute.</summary>
    public static void EnsureCanaries(NetworkNamespace node, string name)
    {
        foreach (var table in CanaryTables)
            EnsureChain(node, table, name);
    }

    /// <summary>Whether the canary of the first table is still there.</summary>
    public static bool HasCanary(NetworkNamespace node, string name) => node.Netfilter.Mangle.Find(name) is not null;

    /// <summary>kube-proxy's canary.</summary>
    public const string ProxyCanary = "KUBE-PROXY-CANARY";

    /// <summary>The kubelet's canary.</summary>
    public const string KubeletCanary = "KUBE-KUBELET-CANARY";

    private static readonly string[] CanaryTables = ["mangle", "nat", "filter"];

    /// <summary>
    /// The kubelet's own rules at its start. It dropped the marking chains in 1.25 and kept the one that shields loopback; since
    /// then a chain only tells iptables-nft and legacy apart (KUBE-IPTABLES-HINT).
    /// </summary>
    public static void EnsureKubeletRules(NetworkNamespace node, int minorVersion)
    {
        string[] shield = ["-m", "comment", "--comment", "block incoming localnet connections", "--dst", "127.0.0.0/8", "!", "--src", "127.0.0.0/8",
            "-m", "conntrack", "!", "--ctstate", "RELATED,ESTABLISHED,DNAT", "-j", "DROP"];
        var isOld = minorVersion < 25;
        if (isOld)
        {
            EnsureChain(node, "nat", ChainNames.MarkDrop);
            EnsureRule(node, "nat", ChainNames.MarkDrop, false, ["-j", "MARK", "--or-mark", "0x00008000"]);
        }
        else
        {
            EnsureChain(node, "mangle", "KUBE-IPTABLES-HINT");
        }
        EnsureChain(node, "filter", ChainNames.Firewall);
        if (isOld)
        {
            EnsureRule(node, "filter", ChainNames.Firewall, false, ["-m", "comment", "--comment", "kubernetes firewall for dropping marked packets",
                "-m", "mark", "--mark", "0x00008000/0x00008000", "-j", "DROP"]);
        }
        EnsureRule(node, "filter", ChainNames.Firewall, false, shield);
        EnsureRule(node, "filter", "OUTPUT", true, ["-j", ChainNames.Firewall]);
        EnsureRule(node, "filter", "INPUT", true, ["-j", ChainNames.Firewall]);
        if (isOld)
            EnsureMasquerade(node);
    }

    private static void EnsureMasquerade(NetworkNamespace node)
    {
        EnsureChain(node, "nat", ChainNames.MarkMasquerade);
        EnsureChain(node, "nat", ChainNames.PostRouting);
        EnsureRule(node, "nat", ChainNames.MarkMasquerade, false, ["-j", "MARK", "--or-mark", "0x00004000"]);
        EnsureRule(node, "nat", "POSTROUTING", true, ["-m", "comment", "--comment", "kubernetes postrouting rules", "-j", ChainNames.PostRouting]);
        EnsureRule(node, "nat", ChainNames.PostRouting, false, ["-m", "mark", "!", "--mark", "0x00004000/0x00004000", "-j", "RETURN"]);
        EnsureRule(node, "nat", ChainNames.PostRouting, false, ["-j", "MARK", "--xor-mark", "0x00004000"]);
        EnsureRule(node, "nat", ChainNames.PostRouting, false, ["-m", "comment", "--comment", "kubernetes service traffic requiring SNAT", "-j", "MASQUERADE", "--random-fully"]);
    }

    private static void EnsureChain(NetworkNamespace node, string table, string chain) => IptablesCommand.Run(node, ["-w", "5", "-W", "100000", "-N", chain, "-t", table]);

    private static void EnsureRule(NetworkNamespace node, string table, string chain, bool prepend, string[] rule)
    {
        string[] place = [chain, "-t", table, .. rule];
        if (IptablesCommand.Run(node, ["-C", .. place]).ExitCode != 0)
            IptablesCommand.Run(node, [prepend ? "-I" : "-A", .. place]);
    }
}
