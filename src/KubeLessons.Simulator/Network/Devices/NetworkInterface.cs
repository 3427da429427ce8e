namespace KubeLessons.Simulator.Network;

/// <summary>What stands behind an interface's name.</summary>
public enum InterfaceKind
{
    Loopback,

    /// <summary>A network card, plugged into a <see cref="Network.Segment"/>.</summary>
    Physical,
    Bridge,

    /// <summary>One end of a virtual cable; <see cref="NetworkInterface.Peer"/> is the other.</summary>
    Veth,

    /// <summary>A device that swallows what is sent to it: a place to hang an address on.</summary>
    Dummy,
}

/// <summary>An address on an interface; <paramref name="Scope"/> is "global", "link" or "host".</summary>
public sealed record InterfaceAddress(Ipv4Prefix Prefix, string Scope = "global")
{
    /// <summary>Whether the network's broadcast address was given with it, as network services and CNI plugins do.</summary>
    public bool HasBroadcast { get; init; }

    /// <summary>Another address of the same network came first; that one has the network's route.</summary>
    public bool IsSecondary { get; init; }
}

/// <summary>
/// A network device of one namespace. Made by <see cref="Fabric"/>; its state is changed through the methods of
/// <see cref="NetworkNamespace"/>, because addresses and link state bring routes with them.
/// </summary>
public sealed class NetworkInterface
{
    private readonly List<InterfaceAddress> addresses = [];
    private readonly List<NetworkInterface> ports = [];
    private Action<TimeSpan, Packet, bool>? passed;

    internal NetworkInterface(NetworkNamespace owner, string name, InterfaceKind kind, int index, MacAddress mac)
    {
        (Namespace, Name, Kind, Index, Mac) = (owner, name, kind, index, mac);
        Mtu = kind == InterfaceKind.Loopback ? 65536 : 1500;
    }

    /// <summary>Called with every packet that comes in (true) or goes out, and its moment: what tcpdump sees.</summary>
    public event Action<TimeSpan, Packet, bool>? Passed
    {
        add
        {
            passed += value;
            // A way that was walked before somebody looked has to be walked again.
            Namespace.Outdate();
        }
        remove => passed -= value;
    }

    public NetworkNamespace Namespace { get; internal set; }

    public string Name { get; internal set; }

    public InterfaceKind Kind { get; }

    /// <summary>The kernel's number of the interface (ifindex); lo is 1.</summary>
    public int Index { get; internal set; }

    public MacAddress Mac
    {
        get;
        internal set
        {
            field = value;
            Namespace.Outdate();
        }
    }

    public int Mtu { get; internal set; }

    /// <summary>What `ip link set up|down` changes.</summary>
    public bool AdminUp { get; internal set; }

    /// <summary>Whether it was up at any time: only then has it a queue.</summary>
    internal bool WasUp { get; set; }

    /// <summary>A physical card's cable: pulled, the link has no carrier, though the interface stays configured.</summary>
    public bool Cabled
    {
        get;
        set
        {
            field = value;
            Namespace.Touch();
        }
    } = true;

    /// <summary>A physical card of a machine that is switched off neither sends nor answers anything.</summary>
    public bool Powered
    {
        get;
        set
        {
            field = value;
            Namespace.Touch();
        }
    } = true;

    public NetworkInterface? Peer { get; internal set; }

    /// <summary>The bridge this interface is a port of.</summary>
    public NetworkInterface? Bridge { get; internal set; }

    /// <summary>As a port: its number on the bridge, the lowest that was free.</summary>
    internal int PortNumber { get; set; }

    /// <summary>As a port: whether the bridge may send a frame back out of the port it came from.</summary>
    public bool Hairpin
    {
        get;
        set
        {
            field = value;
            Namespace.Outdate();
        }
    }

    public Segment? Segment { get; internal set; }

    public IReadOnlyList<InterfaceAddress> Addresses => addresses;

    /// <summary>A bridge's ports, in the order in which they were added.</summary>
    public IReadOnlyList<NetworkInterface> Ports => ports;

    /// <summary>Whether the other side of the link is there (LOWER_UP).</summary>
    public bool Carrier => AdminUp && Kind switch
    {
        InterfaceKind.Physical => Powered && Cabled && Segment is not null,
        InterfaceKind.Veth => Peer is { AdminUp: true },
        InterfaceKind.Bridge => ports.Exists(port => port.Carrier),
        _ => true,
    };

    internal List<InterfaceAddress> AddressList => addresses;

    internal List<NetworkInterface> PortList => ports;

    public override string ToString() => Name;

    /// <summary>Whether somebody looks at its packets.</summary>
    internal bool IsWatched => passed is not null;

    internal void Show(TimeSpan at, Packet packet, bool isIncoming) => passed?.Invoke(at, packet, isIncoming);
}
