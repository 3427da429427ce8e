using KubeLessons.Simulator.Network.Tracking;

namespace KubeLessons.Simulator.Network.Walking;

/// <summary>A packet under way inside one host, with what the kernel notes beside it (struct sk_buff).</summary>
internal sealed class SocketBuffer(Packet packet, TimeSpan at)
{
    public Packet Packet { get; set; } = packet;

    /// <summary>Time since the beginning of the walk.</summary>
    public TimeSpan At { get; set; } = at;

    /// <summary>The firewall mark (fwmark), lost when the packet leaves the host.</summary>
    public uint Mark { get; set; }

    public ConnectionEntry? Entry { get; set; }

    /// <summary>Whether the packet goes against the direction of the connection's first packet.</summary>
    public bool IsReply { get; set; }

    public TrackingState State { get; set; }

    /// <summary>The way that a packet of this host's own takes, and why it can take none.</summary>
    public RouteDecision Route { get; set; }

    public Errno Refusal { get; set; }

    public NetworkInterface? In { get; set; }

    public NetworkInterface? Out { get; set; }

    /// <summary>The bridge ports behind <see cref="In"/> and <see cref="Out"/>, while bridge netfilter looks at the packet.</summary>
    public NetworkInterface? PhysicalIn { get; set; }

    public NetworkInterface? PhysicalOut { get; set; }

    /// <summary>A rule has ended the packet and told its sender.</summary>
    public bool Rejected { get; set; }

    /// <summary>The card that sent the frame around the packet.</summary>
    public MacAddress SourceMac { get; set; }

    /// <summary>Bridge netfilter has already led the packet through PREROUTING.</summary>
    public bool PreRouted { get; set; }

    public bool IsTracked => Entry is not null || State == TrackingState.Untracked;

    /// <summary>The same packet on a wire: the receiving host knows nothing of what this one noted.</summary>
    public SocketBuffer Stripped() => new(Packet, At) { SourceMac = SourceMac };
}
