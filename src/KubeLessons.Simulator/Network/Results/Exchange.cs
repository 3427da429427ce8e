using KubeLessons.Simulator.Network.Walking;

namespace KubeLessons.Simulator.Network;

/// <summary>How an attempt to reach somebody ended.</summary>
public enum ExchangeOutcome
{
    /// <summary>Somebody answered.</summary>
    Answered,

    /// <summary>A TCP reset came back: nobody listens there, or a rule says so.</summary>
    Refused,

    /// <summary>An ICMP error came back; <see cref="Exchange.Error"/> is what the program is told.</summary>
    Rejected,

    /// <summary>Nothing came back. <see cref="PacketTrace.LostAt"/> says where the packet ended.</summary>
    Lost,

    /// <summary>The sender itself has no route, or none that allows it.</summary>
    NoRoute,

    /// <summary>The sender's own rules dropped the packet.</summary>
    NotPermitted,
}

/// <summary>
/// What became of one packet and the answer to it. <paramref name="Elapsed"/> is the time until the sender knew; for
/// <see cref="ExchangeOutcome.Lost"/> it is when the packet ended, because how long to wait is the sender's own affair.
/// </summary>
public sealed record Exchange(ExchangeOutcome Outcome, Errno Error, TimeSpan Elapsed, PacketTrace Trace)
{
    /// <summary>The open connection when a TCP connect or a UDP request was answered.</summary>
    public Connection? Connection { get; init; }

    /// <summary>The packet that brought the answer or the refusal.</summary>
    public Packet? Reply { get; init; }

    public bool Succeeded => Outcome == ExchangeOutcome.Answered;
}

/// <summary>
/// An open connection. The two ends may see different addresses: the client believes it talks to <see cref="Remote"/>, and
/// the server sees <see cref="ServerRemote"/>, because translation lies between them.
/// </summary>
public sealed class Connection
{
    internal Connection(Socket client, Socket server) => (Client, Server) = (client, server);

    public Protocol Protocol => Client.Protocol;

    public NetworkNamespace ClientNamespace => Client.Namespace;

    public NetworkNamespace ServerNamespace => Server.Namespace;

    /// <summary>The listener that answered.</summary>
    public Listener Listener => Server.Listener!;

    /// <summary>The client's own address, as the client sees it.</summary>
    public SocketAddress Local => Client.Local;

    /// <summary>The address that the client asked for.</summary>
    public SocketAddress Remote => Client.Remote;

    /// <summary>The server's own address, as the server sees it.</summary>
    public SocketAddress ServerLocal => Server.Local;

    /// <summary>The client's address, as the server sees it.</summary>
    public SocketAddress ServerRemote => Server.Remote;

    public bool IsOpen => Client.State == SocketState.Established && Server.State is SocketState.Established or SocketState.SynReceived;

    /// <summary>Whether the client's last ACK has reached the server: until then only the client believes in the connection.</summary>
    public bool IsAccepted => Server.State == SocketState.Established;

    /// <summary>How its data got through the last time; null when that is not known.</summary>
    internal KnownWay? Way { get; set; }

    internal Socket Client { get; }

    internal Socket Server { get; }
}
