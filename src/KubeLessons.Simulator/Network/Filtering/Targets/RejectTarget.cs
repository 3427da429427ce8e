namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>REJECT: drops the packet and tells its sender so, by an ICMP error or a TCP reset.</summary>
internal sealed record RejectTarget(string With) : Target
{
    public const string TcpReset = "tcp-reset";

    /// <summary>The ways of telling, each with its other spelling and its ICMP code, in iptables' order.</summary>
    public static readonly (string Name, string Alias, byte Code)[] Kinds =
    [
        ("icmp-net-unreachable", "net-unreach", 0), ("icmp-host-unreachable", "host-unreach", 1), ("icmp-proto-unreachable", "proto-unreach", 2),
        ("icmp-port-unreachable", "port-unreach", 3), ("icmp-net-prohibited", "net-prohib", 9), ("icmp-host-prohibited", "host-prohib", 10),
        (TcpReset, "tcp-rst", 0), ("icmp-admin-prohibited", "admin-prohib", 13),
    ];

    public override string Name => "REJECT";

    public override string SaveOptions => $" --reject-with {With}";

    public override string ListOptions => $"reject-with {With}";

    public override Verdict Apply(FilterPass pass)
    {
        if (With == TcpReset)
            pass.Walk.Ip.SendReset(pass.Host, pass.Buffer);
        else
            pass.Walk.Ip.SendError(pass.Host, pass.Buffer, IcmpType.DestinationUnreachable, Kinds.First(kind => kind.Name == With).Code);
        return Verdict.Rejected;
    }
}
