namespace KubeLessons.Simulator.Network;

internal enum SocketState
{
    SynSent,
    SynReceived,
    Established,
    Closed,
}

/// <summary>One host's half of a TCP connection or of a connected UDP flow, or a ping's identifier.</summary>
internal sealed class Socket(NetworkNamespace owner, Protocol protocol, SocketAddress local, SocketAddress remote)
{
    public NetworkNamespace Namespace => owner;

    public Protocol Protocol => protocol;

    public SocketAddress Local => local;

    public SocketAddress Remote => remote;

    public SocketState State { get; set; }

    /// <summary>On the serving side: the listener that accepted it.</summary>
    public Listener? Listener { get; init; }

    /// <summary>The error that the host reports to the program, and where it came from.</summary>
    public Errno Error { get; set; }

    public Packet? ErrorPacket { get; set; }

    /// <summary>When the last thing happened to it.</summary>
    public TimeSpan ChangedAt { get; set; }

    /// <summary>The last packet that was delivered to the program.</summary>
    public Packet? Received { get; set; }
}
