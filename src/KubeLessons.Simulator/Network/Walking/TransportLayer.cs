namespace KubeLessons.Simulator.Network.Walking;

/// <summary>What a host does with a packet for itself: sockets take it, or the host answers in its own name.</summary>
internal sealed class TransportLayer(PacketWalk walk)
{
    /// <summary>The serving half of a connection that this walk opened.</summary>
    public Socket? Accepted { get; private set; }

    public void Deliver(NetworkNamespace host, SocketBuffer buffer)
    {
        walk.Record(buffer, HopKind.Delivered, host, buffer.In);
        switch (buffer.Packet.Protocol)
        {
            case Protocol.Tcp:
                DeliverTcp(host, buffer);
                break;
            case Protocol.Udp:
                DeliverUdp(host, buffer);
                break;
            case Protocol.Icmp:
                DeliverIcmp(host, buffer);
                break;
            default:
                walk.Ip.SendError(host, buffer, IcmpType.DestinationUnreachable, (byte)UnreachableCode.Protocol);
                break;
        }
    }

    /// <summary>Sends a TCP segment of a socket.</summary>
    public Errno SendSegment(Socket socket, TcpFlags flags, TimeSpan at, int length = 52)
    {
        var packet = new Packet(Protocol.Tcp, socket.Local.Ip, socket.Local.Port, socket.Remote.Ip, socket.Remote.Port) { Flags = flags, Length = length };
        return walk.Ip.Send(socket.Namespace, new(packet, at));
    }

    private void DeliverTcp(NetworkNamespace host, SocketBuffer buffer)
    {
        var packet = buffer.Packet;
        var socket = host.Sockets.Find(Protocol.Tcp, packet.To, packet.From);
        if (socket is not null && packet.Flags == TcpFlags.Syn && IsLeftOver(socket))
        {
            Shut(socket);
            socket = null;
        }
        if (socket is not null)
            DeliverSegment(socket, buffer);
        else if (packet.Flags == TcpFlags.Syn && host.Sockets.Find(Protocol.Tcp, packet.To) is { } listener)
            AcceptConnection(host, listener, buffer);
        else
            walk.Ip.SendReset(host, Untracked(buffer));
    }

    // The client takes an old pair of ports again: whatever the serving side still held of that connection is reset. What a
    // program had not accepted yet when it ended went with it.
    private static bool IsLeftOver(Socket socket) => socket.State == SocketState.Established || socket.Listener is { IsOpen: false };

    private void AcceptConnection(NetworkNamespace host, Listener listener, SocketBuffer buffer)
    {
        var socket = new Socket(host, Protocol.Tcp, buffer.Packet.To, buffer.Packet.From) { Listener = listener, State = SocketState.SynReceived, ChangedAt = buffer.At };
        host.Sockets.Add(socket);
        Accepted = socket;
        SendSegment(socket, TcpFlags.Syn | TcpFlags.Ack, buffer.At, 60);
    }

    private void DeliverSegment(Socket socket, SocketBuffer buffer)
    {
        var packet = buffer.Packet;
        socket.ChangedAt = buffer.At;
        if (packet.Flags.HasFlag(TcpFlags.Rst))
        {
            socket.Error = socket.State == SocketState.SynSent ? Errno.ConnectionRefused : Errno.ConnectionReset;
            socket.ErrorPacket = packet;
            Shut(socket);
            return;
        }
        socket.Received = packet;
        switch (socket.State)
        {
            case SocketState.SynSent when packet.Flags == (TcpFlags.Syn | TcpFlags.Ack):
                socket.State = SocketState.Established;
                SendSegment(socket, TcpFlags.Ack, buffer.At);
                break;
            case SocketState.SynReceived when packet.Flags == TcpFlags.Syn:
                Accepted = socket;
                SendSegment(socket, TcpFlags.Syn | TcpFlags.Ack, buffer.At, 60);
                break;
            case SocketState.SynReceived or SocketState.Established when packet.Flags.HasFlag(TcpFlags.Ack):
                socket.State = SocketState.Established;
                if (packet.Flags.HasFlag(TcpFlags.Fin))
                {
                    SendSegment(socket, TcpFlags.Fin | TcpFlags.Ack, buffer.At);
                    Shut(socket);
                }
                else if (packet.Flags.HasFlag(TcpFlags.Psh))
                {
                    SendSegment(socket, TcpFlags.Ack, buffer.At);
                }
                break;
            case SocketState.Closed when packet.Flags.HasFlag(TcpFlags.Fin):
                SendSegment(socket, TcpFlags.Ack, buffer.At);
                Shut(socket);
                break;
        }
    }

    private void DeliverUdp(NetworkNamespace host, SocketBuffer buffer)
    {
        var packet = buffer.Packet;
        if (host.Sockets.Find(Protocol.Udp, packet.To, packet.From) is { } socket)
        {
            (socket.Received, socket.ChangedAt) = (packet, buffer.At);
            return;
        }
        if (host.Sockets.Find(Protocol.Udp, packet.To) is not { } listener)
        {
            walk.Ip.SendError(host, Untracked(buffer), IcmpType.DestinationUnreachable, (byte)UnreachableCode.Port);
            return;
        }
        Accepted = new(host, Protocol.Udp, packet.To, packet.From) { Listener = listener, State = SocketState.Established, ChangedAt = buffer.At };
        var answer = new Packet(Protocol.Udp, packet.Destination, packet.DestinationPort, packet.Source, packet.SourcePort) { Length = packet.Length };
        walk.Ip.Send(host, new(answer, buffer.At));
    }

    private void DeliverIcmp(NetworkNamespace host, SocketBuffer buffer)
    {
        var packet = buffer.Packet;
        var icmp = packet.Icmp!;
        if (icmp.Type == IcmpType.EchoRequest)
        {
            if (!host.Sysctls.Flag("net.ipv4.icmp_echo_ignore_all"))
                walk.Ip.Send(host, new(new Packet(Protocol.Icmp, packet.Destination, 0, packet.Source, 0) { Icmp = icmp with { Type = IcmpType.EchoReply }, Length = packet.Length }, buffer.At));
        }
        else if (icmp.Type == IcmpType.EchoReply)
        {
            if (host.Sockets.Find(Protocol.Icmp, new(packet.Destination, icmp.Identifier), new(packet.Source, icmp.Identifier)) is { } socket)
                (socket.Received, socket.ChangedAt) = (packet, buffer.At);
        }
        else if (icmp.Quoted is { } quoted)
        {
            DeliverError(host, buffer, icmp, quoted);
        }
    }

    private static void DeliverError(NetworkNamespace host, SocketBuffer buffer, IcmpMessage icmp, Packet quoted)
    {
        var (local, remote) = quoted.Icmp is { } echo
            ? (new SocketAddress(quoted.Source, echo.Identifier), new SocketAddress(quoted.Destination, echo.Identifier))
            : (quoted.From, quoted.To);
        if (host.Sockets.Find(quoted.Protocol, local, remote) is not { } socket || socket.Error != Errno.None)
            return;
        // An open TCP connection does not end for an ICMP error: it goes on trying.
        if (socket.Protocol == Protocol.Tcp && socket.State != SocketState.SynSent)
            return;
        // A datagram's sender hears only of lasting trouble: "no route to host" may pass, and its program goes on waiting.
        if (socket.Protocol == Protocol.Udp && (icmp.Type != IcmpType.DestinationUnreachable || !ErrnoText.IsLasting(icmp.Code)))
            return;
        socket.Error = icmp.Type == IcmpType.DestinationUnreachable ? ErrnoText.FromUnreachable(icmp.Code) : Errno.HostUnreachable;
        (socket.ErrorPacket, socket.ChangedAt) = (buffer.Packet, buffer.At);
    }

    // A socket's answers are looked up anew in connection tracking, unlike those that netfilter itself sends.
    private static SocketBuffer Untracked(SocketBuffer buffer) => new(buffer.Packet, buffer.At) { In = buffer.In };

    private static void Shut(Socket socket)
    {
        socket.State = SocketState.Closed;
        socket.Namespace.Sockets.Remove(socket);
    }
}
