namespace KubeLessons.Simulator.Network;

/// <summary>What a route does with a packet (rtnetlink's route types).</summary>
public enum RouteType
{
    Unicast,

    /// <summary>"No route to host".</summary>
    Unreachable,

    /// <summary>Dropped in silence; a local sender gets "Invalid argument".</summary>
    Blackhole,

    /// <summary>"Communication administratively prohibited"; a local sender gets "Permission denied".</summary>
    Prohibit,
}

/// <summary>
/// One line of the main routing table. <paramref name="Protocol"/> says who made it ("kernel", "boot", "static", "dhcp"),
/// <paramref name="Scope"/> is "global" or "link" as `ip route` prints it.
/// </summary>
public sealed record Route(Ipv4Prefix Destination, NetworkInterface? Device, Ipv4Address? Gateway = null)
{
    public RouteType Type { get; init; }

    public int Metric { get; init; }

    public Ipv4Address? PreferredSource { get; init; }

    public string Protocol { get; init; } = "boot";

    public string Scope { get; init; } = "global";

    /// <summary>The gateway is to be found on the device even when no other route says so.</summary>
    public bool OnLink { get; init; }
}
