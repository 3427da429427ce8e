namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>`-m icmp`: a type, and perhaps a code; type 255 is "any".</summary>
internal sealed record IcmpMatch(int Type, int? Code, bool Not) : Match
{
    public const int Any = 255;

    /// <summary>iptables' names, in its order: a name of a code follows the type that it belongs to.</summary>
    public static readonly (string Name, int Type, int? Code)[] Names =
    [
        ("any", 255, null), ("echo-reply", 0, null), ("pong", 0, null), ("destination-unreachable", 3, null), ("network-unreachable", 3, 0),
        ("host-unreachable", 3, 1), ("protocol-unreachable", 3, 2), ("port-unreachable", 3, 3), ("fragmentation-needed", 3, 4),
        ("source-route-failed", 3, 5), ("network-unknown", 3, 6), ("host-unknown", 3, 7), ("network-prohibited", 3, 9), ("host-prohibited", 3, 10),
        ("TOS-network-unreachable", 3, 11), ("TOS-host-unreachable", 3, 12), ("communication-prohibited", 3, 13), ("host-precedence-violation", 3, 14),
        ("precedence-cutoff", 3, 15), ("source-quench", 4, null), ("redirect", 5, null), ("network-redirect", 5, 0), ("host-redirect", 5, 1),
        ("TOS-network-redirect", 5, 2), ("TOS-host-redirect", 5, 3), ("echo-request", 8, null), ("ping", 8, null), ("router-advertisement", 9, null),
        ("router-solicitation", 10, null), ("time-exceeded", 11, null), ("ttl-exceeded", 11, null), ("ttl-zero-during-transit", 11, 0),
        ("ttl-zero-during-reassembly", 11, 1), ("parameter-problem", 12, null), ("ip-header-bad", 12, 0), ("required-option-missing", 12, 1),
        ("timestamp-request", 13, null), ("timestamp-reply", 14, null), ("address-mask-request", 17, null), ("address-mask-reply", 18, null),
    ];

    public override bool Matches(FilterPass pass) => pass.Packet.Icmp is { } icmp &&
        (Type == Any || ((int)icmp.Type == Type && (Code is null || Code == icmp.Code))) != Not;

    public override string Save => $"-m icmp {Text.Not(Not)}--icmp-type {(Type == Any ? "any" : Code is null ? $"{Type}" : $"{Type}/{Code}")}";

    public override string List(bool numeric)
    {
        var not = Not ? "!" : "";
        if (!numeric)
        {
            foreach (var (name, type, code) in Names)
            {
                if (type == Type && code == Code)
                    return $"icmp {not}{name}";
            }
        }
        return $"icmp{(Not ? " !" : "")}type {Type}{(Code is null ? "" : $" code {Code}")}";
    }
}
