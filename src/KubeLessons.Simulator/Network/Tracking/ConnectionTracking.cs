using KubeLessons.Simulator.Network.Walking;

namespace KubeLessons.Simulator.Network.Tracking;

/// <summary>
/// The connections that one namespace remembers (nf_conntrack). A packet is looked up when it enters the host or is made
/// there, and a new connection is kept only once its first packet has left again, or has reached a socket.
/// </summary>
internal sealed class ConnectionTracking
{
    private readonly Dictionary<FlowTuple, ConnectionEntry> table = [];
    private int sweepAt = 1024;

    /// <summary>The connections that have not timed out.</summary>
    public IEnumerable<ConnectionEntry> EntriesAt(TimeSpan now) =>
        table.Where(pair => pair.Key == pair.Value.Original && pair.Value.ExpiresAt > now).Select(pair => pair.Value);

    /// <summary>Called after connections were forgotten that had not timed out.</summary>
    public Action Outdated { get; init; } = static () => { };

    /// <summary>How many tuples are in the table, two for every connection.</summary>
    public int Count => table.Count;

    /// <summary>How many tuples the table holds at most; beyond that no connection begins.</summary>
    public int Capacity(NetworkSysctls sysctls) => sysctls.Number("net.netfilter.nf_conntrack_max", 262144) * 2;

    public void Clear()
    {
        table.Clear();
        Outdated();
    }

    /// <summary>Forgets connections (`conntrack -D`); returns how many.</summary>
    public int Delete(Predicate<ConnectionEntry> match)
    {
        var found = table.Values.Distinct().Where(entry => match(entry)).ToList();
        foreach (var entry in found)
            Remove(entry);
        if (found.Count > 0)
            Outdated();
        return found.Count;
    }

    /// <summary>Whether another connection already expects answers like those to <paramref name="tuple"/>.</summary>
    public bool IsTaken(FlowTuple tuple, ConnectionEntry except, TimeSpan now) =>
        Find(tuple.Inverted, now) is { } other && !ReferenceEquals(other, except);

    /// <summary>Says what the packet is to the connections known: sets its entry, its direction and its state.</summary>
    public void Track(SocketBuffer buffer, TimeSpan now, NetworkSysctls sysctls)
    {
        // Looped-back packets and errors made by this host already belong to a connection.
        if (buffer.IsTracked)
            return;
        buffer.State = TrackingState.Invalid;
        if (buffer.Packet.IsIcmpError)
            TrackError(buffer, now);
        else
            TrackPacket(buffer, now, sysctls);
    }

    /// <summary>Puts a new connection into the table. False when it clashes with another one, or the table is full: the packet is dropped.</summary>
    public bool Confirm(SocketBuffer buffer, TimeSpan now, NetworkSysctls sysctls)
    {
        if (buffer.Entry is not { Confirmed: false } entry || buffer.IsReply)
            return true;
        if (table.Count >= sweepAt)
            Sweep(now);
        if (Find(entry.Original, now) is not null || Find(entry.Reply, now) is not null ||
            table.Count >= Capacity(sysctls))
            return false;
        entry.Confirmed = true;
        entry.ExpiresAt = now + entry.Timeout;
        table.Add(entry.Original, entry);
        table.Add(entry.Reply, entry);
        return true;
    }

    private void TrackError(SocketBuffer buffer, TimeSpan now)
    {
        if (buffer.Packet.Icmp!.Quoted is not { } quoted)
            return;
        var wanted = FlowTuple.Of(quoted).Inverted;
        if (Find(wanted, now) is not { } entry)
            return;
        buffer.Entry = entry;
        buffer.IsReply = wanted != entry.Original;
        buffer.State = TrackingState.Related;
    }

    private void TrackPacket(SocketBuffer buffer, TimeSpan now, NetworkSysctls sysctls)
    {
        var packet = buffer.Packet;
        var tuple = FlowTuple.Of(packet);
        var entry = Find(tuple, now);
        if (entry is not null && packet.Protocol == Protocol.Tcp && Reopens(entry, packet, tuple != entry.Original))
        {
            Remove(entry);
            entry = null;
        }
        if (entry is null)
        {
            if (!CanBegin(packet, sysctls))
                return;
            entry = new(tuple) { StartedAt = now };
        }
        var isReply = tuple != entry.Original;
        if (!Advance(entry, packet, isReply, now, sysctls))
            return;
        buffer.Entry = entry;
        buffer.IsReply = isReply;
        if (isReply)
            entry.SeenReply = true;
        buffer.State = entry.SeenReply ? TrackingState.Established : TrackingState.New;
    }

    private static bool Reopens(ConnectionEntry entry, Packet packet, bool isReply) =>
        entry.Tcp is TcpTrackingState.TimeWait or TcpTrackingState.Close &&
        TcpTracking.Next(entry.Tcp, packet.Flags, isReply) == TcpTrackingState.SynSent;

    private static bool CanBegin(Packet packet, NetworkSysctls sysctls)
    {
        if (packet.Icmp is { } icmp)
            return icmp.Type == IcmpType.EchoRequest;
        if (packet.Protocol != Protocol.Tcp)
            return true;
        var first = TcpTracking.Next(TcpTrackingState.None, packet.Flags, false);
        return first == TcpTrackingState.SynSent ||
            (first == TcpTrackingState.Established && sysctls.Flag("net.netfilter.nf_conntrack_tcp_loose"));
    }

    private static bool Advance(ConnectionEntry entry, Packet packet, bool isReply, TimeSpan now, NetworkSysctls sysctls)
    {
        string timeout;
        switch (packet.Protocol)
        {
            case Protocol.Tcp:
                var next = TcpTracking.Next(entry.Tcp, packet.Flags, isReply);
                if (next == TcpTrackingState.Invalid)
                    return false;
                if (next == TcpTrackingState.Ignored)
                    return true;
                entry.Tcp = next;
                entry.Assured |= next == TcpTrackingState.Established && entry.SeenReply;
                timeout = TcpTracking.TimeoutOf(next);
                break;
            case Protocol.Udp:
                var isStream = entry.SeenReply && now - entry.StartedAt > TimeSpan.FromSeconds(2);
                entry.Assured |= isStream;
                timeout = isStream ? "net.netfilter.nf_conntrack_udp_timeout_stream" : "net.netfilter.nf_conntrack_udp_timeout";
                break;
            case Protocol.Icmp:
                timeout = "net.netfilter.nf_conntrack_icmp_timeout";
                break;
            default:
                timeout = "net.netfilter.nf_conntrack_generic_timeout";
                break;
        }
        entry.Timeout = TimeSpan.FromSeconds(sysctls.Number(timeout, 30));
        entry.ExpiresAt = now + entry.Timeout;
        return true;
    }

    private ConnectionEntry? Find(FlowTuple tuple, TimeSpan now)
    {
        if (!table.TryGetValue(tuple, out var entry))
            return null;
        if (entry.ExpiresAt > now)
            return entry;
        Remove(entry);
        return null;
    }

    private void Remove(ConnectionEntry entry)
    {
        table.Remove(entry.Original);
        table.Remove(entry.Reply);
    }

    // Old entries are dropped when they are looked up; those never asked for again are swept before the table doubles.
    private void Sweep(TimeSpan now)
    {
        foreach (var entry in table.Values.Where(entry => entry.ExpiresAt <= now).Distinct().ToList())
            Remove(entry);
        sweepAt = Math.Max(1024, table.Count * 2);
    }
}
