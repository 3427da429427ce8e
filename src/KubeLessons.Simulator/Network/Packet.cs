namespace KubeLessons.Simulator.Network;

/// <summary>IP protocol numbers; a packet may carry any other number too.</summary>
public enum Protocol : byte
{
    Icmp = 1,
    Tcp = 6,
    Udp = 17,
    Sctp = 132,
}

[Flags]
public enum TcpFlags : byte
{
    None = 0,
    Fin = 1,
    Syn = 2,
    Rst = 4,
    Psh = 8,
    Ack = 16,
    Urg = 32,
}

/// <summary>ICMP types that the model sends (RFC 792).</summary>
public enum IcmpType : byte
{
    EchoReply = 0,
    DestinationUnreachable = 3,
    EchoRequest = 8,
    TimeExceeded = 11,
}

/// <summary>Codes of <see cref="IcmpType.DestinationUnreachable"/> (RFC 792, RFC 1812).</summary>
public enum UnreachableCode : byte
{
    Network = 0,
    Host = 1,
    Protocol = 2,
    Port = 3,
    NetworkProhibited = 9,
    HostProhibited = 10,
    Filtered = 13,
}

/// <summary>The ICMP part of a packet. An error quotes the packet that caused it; an echo carries its identifier and sequence.</summary>
public sealed record IcmpMessage(IcmpType Type, byte Code = 0, int Identifier = 0, int Sequence = 0, Packet? Quoted = null)
{
    public bool IsError => Type is IcmpType.DestinationUnreachable or IcmpType.TimeExceeded;
}

/// <summary>
/// An IPv4 packet as far as forwarding, filtering and translation look at it. Immutable: a translation makes another packet.
/// <see cref="Length"/> is the IP total length in bytes, which is what iptables counts.
/// </summary>
public sealed record Packet(Protocol Protocol, Ipv4Address Source, int SourcePort, Ipv4Address Destination, int DestinationPort)
{
    /// <summary>What Linux puts into the TTL of a packet of its own (net.ipv4.ip_default_ttl).</summary>
    public const int DefaultTtl = 64;

    public TcpFlags Flags { get; init; }

    public IcmpMessage? Icmp { get; init; }

    public int Ttl { get; init; } = DefaultTtl;

    public int Length { get; init; } = 60;

    public SocketAddress From => new(Source, SourcePort);

    public SocketAddress To => new(Destination, DestinationPort);

    internal bool IsIcmpError => Icmp is { IsError: true };

    public override string ToString() => Icmp is { } icmp
        ? $"{Source} > {Destination}: {Describe(icmp)}"
        : $"{From} > {To}: {Protocol.ToString().ToLowerInvariant()}{(Protocol == Protocol.Tcp ? $" [{FlagText(Flags)}]" : "")}";

    /// <summary>TCP flags in tcpdump's letters: S, F, R, P and '.' for ACK.</summary>
    public static string FlagText(TcpFlags flags)
    {
        var text = (flags.HasFlag(TcpFlags.Fin) ? "F" : "") + (flags.HasFlag(TcpFlags.Syn) ? "S" : "") +
            (flags.HasFlag(TcpFlags.Rst) ? "R" : "") + (flags.HasFlag(TcpFlags.Psh) ? "P" : "") +
            (flags.HasFlag(TcpFlags.Ack) ? "." : "") + (flags.HasFlag(TcpFlags.Urg) ? "U" : "");
        return text.Length == 0 ? "none" : text;
    }

    private static string Describe(IcmpMessage icmp) => icmp.Type switch
    {
        IcmpType.EchoRequest => $"icmp echo request, id {icmp.Identifier}, seq {icmp.Sequence}",
        IcmpType.EchoReply => $"icmp echo reply, id {icmp.Identifier}, seq {icmp.Sequence}",
        IcmpType.TimeExceeded => $"icmp time exceeded ({icmp.Quoted})",
        _ => $"icmp unreachable {(UnreachableCode)icmp.Code} ({icmp.Quoted})",
    };
}
