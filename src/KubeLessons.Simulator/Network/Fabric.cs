using KubeLessons.Simulator.Network.Walking;

namespace KubeLessons.Simulator.Network;

/// <summary>
/// The whole network of a simulation: every namespace, every link, and the walk of a packet through them. It has no clock:
/// each question carries the moment `now`, counted from any fixed beginning and never going back, and the answer says how
/// long things took. Randomness (ephemeral ports, the statistic match, addresses of new cards) comes from the function
/// that is passed in, which returns numbers in [0, 1).
/// </summary>
public sealed class Fabric
{
    private readonly List<NetworkNamespace> namespaces = [];
    private readonly List<Segment> segments = [];
    private uint lastMac;

    public Fabric(Func<double> random) => Random = random;

    public IReadOnlyList<NetworkNamespace> Namespaces => namespaces;

    public IReadOnlyList<Segment> Segments => segments;

    /// <summary>
    /// Called after something changed that may let through what was stopped before, or stop what was let through: links, addresses,
    /// routes, rules, settings, listening sockets. Whoever relies on a way through the network looks again.
    /// </summary>
    public event Action? Changed;

    /// <summary>Grows with every change that concerns no single namespace: of a switch, or of a kernel under several namespaces.</summary>
    internal long Version { get; private set; }

    internal Func<double> Random { get; }

    /// <summary>
    /// Adds a namespace with its loopback up. <paramref name="isModuleLoaded"/> answers for the kernel under it (lsmod of
    /// the host); without it every module counts as loaded.
    /// </summary>
    public NetworkNamespace AddNamespace(string name, Func<string, bool>? isModuleLoaded = null)
    {
        var added = new NetworkNamespace(this, name, isModuleLoaded ?? (_ => true));
        namespaces.Add(added);
        return added;
    }

    /// <summary>Removes a namespace; its interfaces, and the other ends of its veth pairs, go with it.</summary>
    public void RemoveNamespace(NetworkNamespace removed)
    {
        foreach (var device in removed.Interfaces.Where(device => device.Kind != InterfaceKind.Loopback).ToList())
            RemoveInterface(device);
        removed.Sockets.Clear();
        namespaces.Remove(removed);
    }

    /// <summary>Adds a switch. The default latency makes a round trip of about a third of a millisecond, as on a local network.</summary>
    public Segment AddSegment(string name, TimeSpan? latency = null)
    {
        var segment = new Segment(name, latency ?? TimeSpan.FromMicroseconds(150)) { Touched = Touch };
        segments.Add(segment);
        return segment;
    }

    /// <summary>Adds a network card, down and without an address, plugged into a switch.</summary>
    public NetworkInterface AddCard(NetworkNamespace owner, string name, Segment segment)
    {
        var card = owner.AddInterface(name, InterfaceKind.Physical);
        card.Segment = segment;
        segment.Plug(card);
        return card;
    }

    /// <summary>Adds a bridge, down and without ports.</summary>
    public NetworkInterface AddBridge(NetworkNamespace owner, string name) => owner.AddInterface(name, InterfaceKind.Bridge);

    /// <summary>Adds a dummy device, down.</summary>
    public NetworkInterface AddDummy(NetworkNamespace owner, string name) => owner.AddInterface(name, InterfaceKind.Dummy);

    /// <summary>Adds a virtual cable between two namespaces, both ends down.</summary>
    public (NetworkInterface One, NetworkInterface Other) AddVeth(NetworkNamespace owner, string name, NetworkNamespace otherOwner, string otherName)
    {
        // The kernel makes the far end first, which shows in the numbers.
        var other = otherOwner.AddInterface(otherName, InterfaceKind.Veth);
        var one = owner.AddInterface(name, InterfaceKind.Veth);
        (one.Peer, other.Peer) = (other, one);
        return (one, other);
    }

    /// <summary>Removes an interface (`ip link del`); a veth's other end vanishes with it.</summary>
    public void RemoveInterface(NetworkInterface device)
    {
        device.Segment?.Unplug(device);
        device.Segment = null;
        device.Namespace.RemoveInterface(device);
        if (device.Peer is not { } peer)
            return;
        (device.Peer, peer.Peer) = (null, null);
        peer.Namespace.RemoveInterface(peer);
    }

    /// <summary>
    /// Tells a link's other hosts about an address, as a CNI plugin and a boot do (gratuitous ARP): those that knew another
    /// card under that address take the new one.
    /// </summary>
    public void Announce(NetworkInterface device, TimeSpan now)
    {
        var heard = new List<NetworkInterface>();
        BroadcastDomain.Reach(device, heard);
        foreach (var address in device.Addresses)
        {
            foreach (var other in heard)
                other.Namespace.Neighbours.Refresh(other, address.Prefix.Address, device.Mac, now);
        }
    }

    /// <summary>
    /// Opens a TCP connection: walks the SYN, the answer to it and the last ACK. A connection that was answered stays open
    /// until <see cref="Close"/>. One attempt is one SYN: a lost one is sent again by TCP 1, 3, 7, 15… seconds later, which is
    /// the caller's to do by calling again (pass the same <paramref name="sourcePort"/> to stay one connection).
    /// </summary>
    public Exchange Connect(NetworkNamespace from, Ipv4Address destination, int port, TimeSpan now, Ipv4Address? source = null, int sourcePort = 0) =>
        new PacketWalk(this, now).Connect(from, source, sourcePort, new(destination, port));

    /// <summary>Sends one UDP datagram and walks the answer that the listener would send; what it says is between the two programs.</summary>
    public Exchange Request(NetworkNamespace from, Ipv4Address destination, int port, TimeSpan now, Ipv4Address? source = null, int sourcePort = 0) =>
        new PacketWalk(this, now).Request(from, source, sourcePort, new(destination, port));

    /// <summary>Sends one ICMP echo request and walks its answer.</summary>
    public Exchange Ping(NetworkNamespace from, Ipv4Address destination, TimeSpan now, int identifier = 1, int sequence = 1, Ipv4Address? source = null, int ttl = Packet.DefaultTtl) =>
        new PacketWalk(this, now).Ping(from, source, destination, identifier, sequence, ttl);

    /// <summary>
    /// Walks data over an open connection, and its acknowledgement back, under the rules of this moment: a connection
    /// survives a change that only concerns new ones, and hangs or is reset by one that concerns its packets.
    /// </summary>
    public Exchange Send(Connection connection, TimeSpan now, bool fromClient = true) =>
        new PacketWalk(this, now).Send(connection, fromClient);

    /// <summary>
    /// Whether data over an open connection, sent by its client, gets there and is acknowledged: what <see cref="Send"/> finds out,
    /// without walking again what nothing has changed.
    /// </summary>
    public bool Reaches(Connection connection, TimeSpan now)
    {
        if (connection.Way is { } known && connection.IsOpen && known.TryAgain(now, isNewConnection: false))
            return true;
        var way = new KnownWay(this);
        var succeeded = new PacketWalk(this, now, way).Send(connection, fromClient: true).Succeeded;
        connection.Way = null;
        if (succeeded)
        {
            way.Seal();
            connection.Way = way;
        }
        return succeeded;
    }

    /// <summary>Closes a connection in the usual way (FIN from both sides), as far as the packets still get through.</summary>
    public Exchange Close(Connection connection, TimeSpan now) => new PacketWalk(this, now).Close(connection);

    /// <summary>Tells whoever listens to <see cref="Changed"/>, such as after a kernel module came or went.</summary>
    public void Touch()
    {
        Version++;
        Tell();
    }

    internal void Tell() => Changed?.Invoke();

    // Locally administered addresses, numbered in the order of creation: the same inputs give the same addresses.
    internal MacAddress NextMac() => new(0x5254_0000_0000UL | ++lastMac);
}
