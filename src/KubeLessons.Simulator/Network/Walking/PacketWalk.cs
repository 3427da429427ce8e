using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Network.Walking;

/// <summary>
/// One question to the network: the packets that it sends, all that they cause, and the record of it. Frames in flight wait
/// in a queue ordered by time, so that the walk ends when nothing moves any more.
/// </summary>
internal sealed partial class PacketWalk
{
    // A frame crosses a host in a handful of steps and its TTL ends every loop of routes; a walk beyond this is a bug.
    private const int MaximumFrames = 10_000;

    private readonly PriorityQueue<(NetworkInterface To, Frame Frame), (TimeSpan, long)> inFlight = new();
    private readonly List<Hop> hops = [];
    private long frames;

    /// <param name="fabric">The network.</param>
    /// <param name="start">The moment of the first packet.</param>
    /// <param name="way">Where to note what the walk depends on; null: nobody asks.</param>
    public PacketWalk(Fabric fabric, TimeSpan start, KnownWay? way = null)
    {
        (Fabric, Start, Way) = (fabric, start, way);
        Link = new(this);
        Ip = new(this);
        Transport = new(this);
    }

    public Fabric Fabric { get; }

    /// <summary>The moment at which the walk begins; a buffer's time is counted from it.</summary>
    public TimeSpan Start { get; }

    /// <summary>What the walk depends on, for whoever wants to know.</summary>
    public KnownWay? Way { get; }

    public LinkLayer Link { get; }

    public IpLayer Ip { get; }

    public TransportLayer Transport { get; }

    /// <summary>A frame that arrives at an interface after <paramref name="delay"/>.</summary>
    public void Enqueue(NetworkInterface to, Frame frame, TimeSpan delay)
    {
        frame.Buffer.At += delay;
        inFlight.Enqueue((to, frame), (frame.Buffer.At, frames++));
    }

    /// <summary>Lets everything that is under way arrive.</summary>
    public void Run()
    {
        while (inFlight.TryDequeue(out var arrival, out _))
        {
            if (frames > MaximumFrames)
                throw new InvalidOperationException($"a packet walk caused more than {MaximumFrames} frames");
            Link.Receive(arrival.To, arrival.Frame);
        }
    }

    public PacketTrace Trace() => new(hops);

    public void Record(SocketBuffer buffer, HopKind kind, NetworkNamespace host, NetworkInterface? input = null, NetworkInterface? output = null,
        Packet? after = null, string? note = null, string? table = null, string? chain = null) =>
        hops.Add(new(buffer.At, host.Name, kind, buffer.Packet) { In = input, Out = output, After = after, Note = note, Table = table, Chain = chain });

    public void RecordRule(FilterPass pass, Packet before, string table, Chain chain, int index, Rule rule) =>
        hops.Add(new(pass.Buffer.At, pass.Host.Name, HopKind.Rule, before)
        {
            In = pass.In,
            Out = pass.Out,
            Table = table,
            Chain = chain.Name,
            RuleNumber = index + 1,
            Rule = rule,
            Note = rule.Target!.Name,
            After = ReferenceEquals(before, pass.Packet) ? null : pass.Packet,
        });

    public void Drop(SocketBuffer buffer, NetworkNamespace host, string why, NetworkInterface? input = null, NetworkInterface? output = null) =>
        Record(buffer, HopKind.Dropped, host, input, output, note: why);
}

/// <summary>A packet on a link, with the card it is meant for.</summary>
internal readonly record struct Frame(SocketBuffer Buffer, MacAddress Destination);
