namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>Ports from <paramref name="First"/> to <paramref name="Last"/>; 0 to 65535 is no condition, unless negated.</summary>
internal readonly record struct PortRange(int First, int Last, bool Not)
{
    public static readonly PortRange Every = new(0, 65535, false);

    public bool Matches(int port) => (port >= First && port <= Last) != Not;

    public bool IsAnything => First == 0 && Last == 65535 && !Not;

    /// <summary>Whether it says the same about every port that a connection's beginner may draw.</summary>
    public bool IsIndifferent => IsAnything || First == Last || Last < SocketTable.FirstEphemeralPort || First > SocketTable.LastEphemeralPort;

    public string Save(string option) => IsAnything ? "" : $" {Text.Not(Not)}{option} {(First == Last ? $"{First}" : $"{First}:{Last}")}";

    public string List(string name, bool numeric, byte protocol)
    {
        if (IsAnything)
            return "";
        var not = Not ? "!" : "";
        return First == Last ? $" {name}:{not}{Show(First)}" : $" {name}s:{not}{Show(First)}:{Show(Last)}";

        string Show(int port) => numeric ? $"{port}" : ServiceNames.Name(port, protocol);
    }
}

/// <summary>`-m udp` and `-m sctp`: the ports of one protocol.</summary>
internal sealed record PortsMatch(string Name, byte Protocol, PortRange Source, PortRange Destination) : Match
{
    public override bool IsRepeatable => Source.IsIndifferent && Destination.IsIndifferent;

    public override bool Matches(FilterPass pass) => (byte)pass.Packet.Protocol == Protocol &&
        Source.Matches(pass.Packet.SourcePort) && Destination.Matches(pass.Packet.DestinationPort);

    public override string Save => $"-m {Name}{Source.Save("--sport")}{Destination.Save("--dport")}";

    public override string List(bool numeric) => Name + Source.List("spt", numeric, Protocol) + Destination.List("dpt", numeric, Protocol);
}

/// <summary>A condition on TCP's flags: of those in <paramref name="Mask"/>, exactly those in <paramref name="Set"/> are set.</summary>
internal readonly record struct TcpFlagsCondition(TcpFlags Mask, TcpFlags Set, bool Not)
{
    public static readonly TcpFlags Every = TcpFlags.Fin | TcpFlags.Syn | TcpFlags.Rst | TcpFlags.Psh | TcpFlags.Ack | TcpFlags.Urg;

    /// <summary>--syn: the first packet of a connection.</summary>
    public static TcpFlagsCondition Syn(bool not) => new(TcpFlags.Fin | TcpFlags.Syn | TcpFlags.Rst | TcpFlags.Ack, TcpFlags.Syn, not);

    public bool Matches(TcpFlags flags) => (flags & Mask) == Set != Not;

    public static string Names(TcpFlags flags)
    {
        if (flags == TcpFlags.None)
            return "NONE";
        var names = new List<string>();
        foreach (var flag in new[] { TcpFlags.Fin, TcpFlags.Syn, TcpFlags.Rst, TcpFlags.Psh, TcpFlags.Ack, TcpFlags.Urg })
        {
            if (flags.HasFlag(flag))
                names.Add(flag.ToString().ToUpperInvariant());
        }
        return string.Join(',', names);
    }
}

/// <summary>`-m tcp`.</summary>
internal sealed record TcpMatch(PortRange Source, PortRange Destination, TcpFlagsCondition? Flags, (int Number, bool Not)? Option) : Match
{
    public override bool IsRepeatable => Source.IsIndifferent && Destination.IsIndifferent;

    public override bool Matches(FilterPass pass)
    {
        var packet = pass.Packet;
        // The model's segments carry no options.
        return packet.Protocol == Protocol.Tcp && Source.Matches(packet.SourcePort) && Destination.Matches(packet.DestinationPort) &&
            (Flags is not { } flags || flags.Matches(packet.Flags)) && (Option is not { } option || option.Not);
    }

    public override string Save
    {
        get
        {
            var text = $"-m tcp{Source.Save("--sport")}{Destination.Save("--dport")}";
            if (Option is { } option)
                text += $" {Text.Not(option.Not)}--tcp-option {option.Number}";
            if (Flags is { } flags)
                text += $" {Text.Not(flags.Not)}--tcp-flags {TcpFlagsCondition.Names(flags.Mask)} {TcpFlagsCondition.Names(flags.Set)}";
            return text;
        }
    }

    public override string List(bool numeric)
    {
        var text = "tcp" + Source.List("spt", numeric, 6) + Destination.List("dpt", numeric, 6);
        if (Option is { } option)
            text += $" option={(option.Not ? "!" : "")}{option.Number}";
        if (Flags is { } flags)
        {
            text += $" flags:{(flags.Not ? "!" : "")}" + (numeric ? $"0x{(int)flags.Mask:X2}/0x{(int)flags.Set:X2}"
                : $"{TcpFlagsCondition.Names(flags.Mask)}/{TcpFlagsCondition.Names(flags.Set)}");
        }
        return text;
    }
}

/// <summary>`-m multiport`: up to fifteen ports and ranges, for the source (sports), the destination (dports) or either (ports).</summary>
internal sealed record MultiportMatch(string Which, IReadOnlyList<PortRange> Ports, bool Not, byte Protocol) : Match
{
    public override bool IsRepeatable => Ports.All(range => range.IsIndifferent);

    public override bool Matches(FilterPass pass)
    {
        var (source, destination) = (pass.Packet.SourcePort, pass.Packet.DestinationPort);
        var found = false;
        foreach (var range in Ports)
            found |= (Which != "dports" && range.Matches(source)) || (Which != "sports" && range.Matches(destination));
        return found != Not;
    }

    public override string Save => $"-m multiport {Text.Not(Not)}--{Which} {string.Join(',', Ports.Select(range => Show(range, true)))}";

    public override string List(bool numeric) => $"multiport {Which} {(Not ? " !" : "")}{string.Join(',', Ports.Select(range => Show(range, numeric)))}";

    public bool Equals(MultiportMatch? other) => other is not null && Save == other.Save;

    public override int GetHashCode() => Save.GetHashCode(StringComparison.Ordinal);

    private string Show(PortRange range, bool numeric) => range.First == range.Last ? Show(range.First, numeric) : $"{Show(range.First, numeric)}:{Show(range.Last, numeric)}";

    private string Show(int port, bool numeric) => numeric ? $"{port}" : ServiceNames.Name(port, Protocol);
}
