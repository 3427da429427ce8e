using KubeLessons.Simulator.Network.Tracking;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>The matches and targets that exist, by name; a new reader for each use.</summary>
internal static class ExtensionCatalog
{
    public static MatchExtension? Match(string name) => name switch
    {
        "tcp" => new TcpExtension(),
        "udp" => new PortsExtension("udp", 17),
        "sctp" => new PortsExtension("sctp", 132),
        "icmp" => new IcmpExtension(),
        "multiport" => new MultiportExtension(),
        "comment" => new CommentExtension(),
        "state" => new StateExtension(),
        "conntrack" => new ConntrackExtension(),
        "mark" => new MarkExtension(),
        "statistic" => new StatisticExtension(),
        "limit" => new LimitExtension(),
        "recent" => new RecentExtension(),
        "addrtype" => new AddressTypeExtension(),
        "physdev" => new PhysdevExtension(),
        "iprange" => new AddressRangeExtension(),
        _ => null,
    };

    public static TargetExtension? Target(string name) => name switch
    {
        "ACCEPT" => new VerdictExtension(name, Verdict.Accept),
        "DROP" => new VerdictExtension(name, Verdict.Drop),
        "RETURN" => new VerdictExtension(name, Verdict.Return),
        "REJECT" => new RejectExtension(),
        "DNAT" => new AddressTargetExtension(Translation.Destination),
        "SNAT" => new AddressTargetExtension(Translation.Source),
        "MASQUERADE" or "REDIRECT" => new OwnAddressExtension(name),
        "MARK" => new MarkTargetExtension(),
        "LOG" => new LogExtension(),
        "CT" or "NOTRACK" => new NoTrackExtension(name),
        _ => null,
    };
}
