namespace KubeLessons.Simulator.Network.KubeProxy;

/// <summary>One endpoint of a Service's port, with the conditions that EndpointSlices give it.</summary>
public sealed record ProxiedEndpoint(Ipv4Address Ip, int Port, bool IsLocal)
{
    public bool IsReady { get; init; } = true;

    public bool IsServing { get; init; } = true;

    public bool IsTerminating { get; init; }

    internal string Address => $"{Ip}:{Port}";
}

/// <summary>
/// One port of one Service as kube-proxy sees it. Services of type ExternalName and headless ones have no such thing.
/// <paramref name="Name"/> is the port's name, empty for a single unnamed port.
/// </summary>
public sealed record ProxiedPort(string Namespace, string Service, string Name, Protocol Protocol, Ipv4Address ClusterIp, int Port)
{
    /// <summary>0 when the Service has none.</summary>
    public int NodePort { get; init; }

    public IReadOnlyList<Ipv4Address> ExternalIps { get; init; } = [];

    /// <summary>status.loadBalancer.ingress.</summary>
    public IReadOnlyList<Ipv4Address> LoadBalancerIps { get; init; } = [];

    public IReadOnlyList<Ipv4Prefix> LoadBalancerSourceRanges { get; init; } = [];

    /// <summary>externalTrafficPolicy: Local.</summary>
    public bool IsExternalLocal { get; init; }

    /// <summary>internalTrafficPolicy: Local (no part of the 1.20 layout).</summary>
    public bool IsInternalLocal { get; init; }

    /// <summary>sessionAffinity: ClientIP with its timeout in seconds (10800 unless set); 0 for none.</summary>
    public int AffinitySeconds { get; init; }

    public int HealthCheckNodePort { get; init; }

    public IReadOnlyList<ProxiedEndpoint> Endpoints { get; init; } = [];

    internal string FullName => Name.Length == 0 ? $"{Namespace}/{Service}" : $"{Namespace}/{Service}:{Name}";

    internal string ProtocolName => Protocol.ToString().ToLowerInvariant();

    internal bool IsExternallyAccessible => NodePort != 0 || LoadBalancerIps.Count > 0 || ExternalIps.Count > 0;
}

/// <summary>kube-proxy's settings, and the version whose layout it writes.</summary>
public sealed record ProxySettings(int MinorVersion)
{
    /// <summary>--cluster-cidr: traffic to a Service from elsewhere is masqueraded; without it nobody is.</summary>
    public Ipv4Prefix? ClusterCidr { get; init; }

    public bool MasqueradeAll { get; init; }

    public int MasqueradeBit { get; init; } = 14;

    public Ipv4Address NodeIp { get; init; }

    /// <summary>Whether NodePorts answer on 127.0.0.1 too (--iptables-localhost-nodeports).</summary>
    public bool LocalhostNodePorts { get; init; } = true;

    internal string MasqueradeMark => $"0x{1 << MasqueradeBit:x}";

    /// <summary>Since 1.24 external traffic has a chain of its own, KUBE-EXT, in the place of 1.20's KUBE-XLB.</summary>
    internal bool HasExternalChains => MinorVersion >= 24;
}
