using KubeLessons.Simulator.Network.Walking;

namespace KubeLessons.Simulator.Network.Tracking;

/// <summary>Network address translation: decided once for a connection, then applied to each of its packets in both directions.</summary>
internal static class AddressTranslation
{
    /// <summary>Decides what a connection's source or destination becomes. The range "nothing" still makes the flow unique.</summary>
    public static void Decide(NetworkNamespace host, ConnectionEntry entry, Translation what, TranslationRange? range, TimeSpan now)
    {
        var current = entry.Reply.Inverted;
        var wanted = Choose(host, current, entry, what, range ?? new(null, null), now);
        if (wanted != current)
            entry.Reply = wanted.Inverted;
        entry.Decide(what, wanted != current);
    }

    /// <summary>The packet as the connection's translation makes it, at a hook that changes sources, or one that changes destinations.</summary>
    public static Packet Apply(SocketBuffer buffer, Translation what)
    {
        var entry = buffer.Entry!;
        // In the answers the roles are exchanged: a translated destination comes back as a source.
        var decision = buffer.IsReply ? Other(what) : what;
        if (!entry.Translated(decision))
            return buffer.Packet;
        var opposite = buffer.IsReply ? entry.Original : entry.Reply;
        if (!buffer.Packet.IsIcmpError)
            return Rewrite(buffer.Packet, opposite.Inverted, what);
        var icmp = buffer.Packet.Icmp!;
        // The quoted packet travelled the other way, so it is rewritten at its other end.
        var quoted = Rewrite(icmp.Quoted!, opposite, Other(what));
        var target = opposite.Inverted;
        return what == Translation.Source
            ? buffer.Packet with { Source = target.Source, Icmp = icmp with { Quoted = quoted } }
            : buffer.Packet with { Destination = target.Destination, Icmp = icmp with { Quoted = quoted } };
    }

    private static Translation Other(Translation what) => what == Translation.Source ? Translation.Destination : Translation.Source;

    private static Packet Rewrite(Packet packet, FlowTuple target, Translation what)
    {
        if (packet.Icmp is { IsError: false } icmp)
        {
            var identifier = what == Translation.Source ? target.SourcePort : target.DestinationPort;
            packet = packet with { Icmp = icmp with { Identifier = identifier } };
            return what == Translation.Source ? packet with { Source = target.Source } : packet with { Destination = target.Destination };
        }
        return what == Translation.Source
            ? packet with { Source = target.Source, SourcePort = target.SourcePort }
            : packet with { Destination = target.Destination, DestinationPort = target.DestinationPort };
    }

    private static FlowTuple Choose(NetworkNamespace host, FlowTuple current, ConnectionEntry entry, Translation what, TranslationRange range, TimeSpan now)
    {
        var random = host.Fabric.Random;
        var anyPort = !range.HasPorts;
        var isRandom = range.Random || range.FullyRandom;
        // A source that is inside the range already, and free, stays as it is.
        if (what == Translation.Source && !isRandom && InRange(current, range) && !host.Conntrack.IsTaken(current, entry, now))
            return current;
        var ip = ChooseIp(current, what, range);
        var port = what == Translation.Source ? current.SourcePort : current.DestinationPort;
        var candidate = With(current, what, ip, port);
        if (!HasPorts(current.Protocol))
            return candidate;
        if (!isRandom && range.BasePort == 0)
        {
            if (anyPort && !host.Conntrack.IsTaken(candidate, entry, now))
                return candidate;
            if (!anyPort && port >= range.FirstPort && port <= range.LastPort &&
                (range.FirstPort == range.LastPort || !host.Conntrack.IsTaken(candidate, entry, now)))
                return candidate;
        }
        if (anyPort && what == Translation.Destination)
            return candidate;
        if (range.BasePort != 0 && !isRandom)
            return With(current, what, ip, range.FirstPort + Math.Max(0, port - range.BasePort) % (range.LastPort - range.FirstPort + 1));
        var (first, last) = anyPort ? PortClass(current.Protocol, port) : (range.FirstPort, range.LastPort);
        var count = last - first + 1;
        // Without being told to choose at random, a destination takes the first free port of its range.
        var start = count == 1 || (what == Translation.Destination && !isRandom) ? 0 : (int)(random() * count);
        for (var step = 0; step < count; step++)
        {
            candidate = With(current, what, ip, first + (start + step) % count);
            if (!host.Conntrack.IsTaken(candidate, entry, now))
                break;
        }
        return candidate;
    }

    private static bool InRange(FlowTuple tuple, TranslationRange range) =>
        (range.FirstIp is not { } first || (tuple.Source.Value >= first.Value && tuple.Source.Value <= range.LastIp!.Value.Value)) &&
        (!range.HasPorts || (tuple.SourcePort >= range.FirstPort && tuple.SourcePort <= range.LastPort));

    // The kernel spreads connections over a range of addresses by a hash; which one it takes is not promised to anybody.
    private static Ipv4Address ChooseIp(FlowTuple tuple, Translation what, TranslationRange range)
    {
        if (range.FirstIp is not { } first)
            return what == Translation.Source ? tuple.Source : tuple.Destination;
        var count = (ulong)range.LastIp!.Value.Value - first.Value + 1;
        var seed = tuple.Source.Value * 2654435761u ^ (range.Persistent ? 0 : tuple.Destination.Value * 40503u);
        return new(first.Value + (uint)((seed ^ seed >> 16) % count));
    }

    private static FlowTuple With(FlowTuple tuple, Translation what, Ipv4Address ip, int port) =>
        what == Translation.Source ? tuple.WithSource(ip, port) : tuple.WithDestination(ip, port);

    private static bool HasPorts(Protocol protocol) => protocol is Protocol.Tcp or Protocol.Udp or Protocol.Sctp or Protocol.Icmp;

    // A source port stays on its side of 512 and 1024, because servers trust the low ones.
    private static (int First, int Last) PortClass(Protocol protocol, int port) => protocol == Protocol.Icmp ? (0, 65535) : port switch
    {
        < 512 => (1, 511),
        < 1024 => (600, 1023),
        _ => (1024, 65535),
    };
}
