namespace KubeLessons.Simulator.Network.Walking;

internal sealed partial class PacketWalk
{
    /// <summary>A SYN, what answers it, and the ACK that completes the connection.</summary>
    public Exchange Connect(NetworkNamespace from, Ipv4Address? source, int sourcePort, SocketAddress to)
    {
        if (Open(from, Protocol.Tcp, source, sourcePort, to, out var failed) is not { } client)
            return failed!;
        client.State = SocketState.SynSent;
        from.Sockets.Add(client);
        // A SYN that the host itself cannot send is only a lost SYN to TCP, which tries again.
        Transport.SendSegment(client, TcpFlags.Syn, TimeSpan.Zero, 60);
        Run();
        if (client.State != SocketState.Established)
        {
            from.Sockets.Remove(client);
            return Failure(client, Errno.None);
        }
        var server = Transport.Accepted ?? throw new InvalidOperationException($"{to} answered a SYN but accepted no connection");
        return new(ExchangeOutcome.Answered, Errno.None, client.ChangedAt, Trace()) { Connection = new(client, server), Reply = client.Received };
    }

    /// <summary>A datagram, and the answer of whoever takes it.</summary>
    public Exchange Request(NetworkNamespace from, Ipv4Address? source, int sourcePort, SocketAddress to)
    {
        if (Open(from, Protocol.Udp, source, sourcePort, to, out var failed) is not { } client)
            return failed!;
        client.State = SocketState.Established;
        from.Sockets.Add(client);
        var packet = new Packet(Protocol.Udp, client.Local.Ip, client.Local.Port, client.Remote.Ip, client.Remote.Port);
        var error = Ip.Send(from, new(packet, TimeSpan.Zero));
        Run();
        from.Sockets.Remove(client);
        if (client.Received is null)
            return Failure(client, error);
        return new(ExchangeOutcome.Answered, Errno.None, client.ChangedAt, Trace()) { Connection = new(client, Transport.Accepted!), Reply = client.Received };
    }

    /// <summary>An ICMP echo request and its reply.</summary>
    public Exchange Ping(NetworkNamespace from, Ipv4Address? source, Ipv4Address to, int identifier, int sequence, int ttl)
    {
        if (Open(from, Protocol.Icmp, source, identifier, new(to, identifier), out var failed) is not { } client)
            return failed!;
        from.Sockets.Add(client);
        var packet = new Packet(Protocol.Icmp, client.Local.Ip, 0, client.Remote.Ip, 0) { Icmp = new(IcmpType.EchoRequest, 0, identifier, sequence), Length = 84, Ttl = ttl };
        var error = Ip.Send(from, new(packet, TimeSpan.Zero));
        Run();
        from.Sockets.Remove(client);
        if (client.Received is null)
            return Failure(client, error);
        return new(ExchangeOutcome.Answered, Errno.None, client.ChangedAt, Trace()) { Reply = client.Received };
    }

    /// <summary>Data in one direction of an open connection, and its acknowledgement.</summary>
    public Exchange Send(Connection connection, bool fromClient)
    {
        var (sender, receiver) = fromClient ? (connection.Client, connection.Server) : (connection.Server, connection.Client);
        if (sender.State == SocketState.Closed)
            return new(ExchangeOutcome.Refused, Errno.ConnectionReset, TimeSpan.Zero, Trace());
        (sender.Received, sender.Error) = (null, Errno.None);
        Errno error;
        if (connection.Protocol == Protocol.Udp)
        {
            sender.Namespace.Sockets.Add(sender);
            error = Ip.Send(sender.Namespace, new(new Packet(Protocol.Udp, sender.Local.Ip, sender.Local.Port, sender.Remote.Ip, sender.Remote.Port), TimeSpan.Zero));
        }
        else
        {
            error = Transport.SendSegment(sender, TcpFlags.Psh | TcpFlags.Ack, TimeSpan.Zero, 552);
        }
        Run();
        if (connection.Protocol == Protocol.Udp)
            sender.Namespace.Sockets.Remove(sender);
        if (sender.Received is null)
            return Failure(sender, connection.Protocol == Protocol.Tcp ? Errno.None : error);
        return new(ExchangeOutcome.Answered, Errno.None, sender.ChangedAt, Trace()) { Connection = connection, Reply = sender.Received };
    }

    /// <summary>A FIN from the client, one from the server, and the last ACK. Either end is closed whatever becomes of the packets.</summary>
    public Exchange Close(Connection connection)
    {
        var (client, server) = (connection.Client, connection.Server);
        if (client.State == SocketState.Closed || connection.Protocol != Protocol.Tcp)
            return new(ExchangeOutcome.Answered, Errno.None, TimeSpan.Zero, Trace());
        client.Received = null;
        client.State = SocketState.Closed;
        Transport.SendSegment(client, TcpFlags.Fin | TcpFlags.Ack, TimeSpan.Zero);
        Run();
        foreach (var socket in new[] { client, server })
        {
            socket.State = SocketState.Closed;
            socket.Namespace.Sockets.Remove(socket);
        }
        return client.Received is null ? Failure(client, Errno.None)
            : new(ExchangeOutcome.Answered, Errno.None, client.ChangedAt, Trace()) { Connection = connection, Reply = client.Received };
    }

    private Socket? Open(NetworkNamespace from, Protocol protocol, Ipv4Address? source, int sourcePort, SocketAddress to, out Exchange? failed)
    {
        failed = null;
        // 0.0.0.0 as a destination means this host.
        if (to.Ip.IsAny)
            to = to with { Ip = Ipv4Address.Loopback };
        var route = from.Routes.Lookup(to.Ip);
        var error = route.Verdict switch
        {
            RouteVerdict.None => Errno.NetworkUnreachable,
            RouteVerdict.Unreachable => Errno.HostUnreachable,
            RouteVerdict.Blackhole => Errno.InvalidArgument,
            RouteVerdict.Prohibit => Errno.AccessDenied,
            _ when source is { } wanted && !from.IsLocal(wanted) => Errno.AddressNotAvailable,
            _ => Errno.None,
        };
        var local = source ?? route.Source;
        var port = sourcePort != 0 || error != Errno.None ? sourcePort : from.Sockets.EphemeralPort(protocol, local, to, Fabric.Random);
        if (error == Errno.None && port == 0)
            error = Errno.AddressNotAvailable;
        if (error == Errno.None)
            return new(from, protocol, new(local, port), to);
        failed = new(ExchangeOutcome.NoRoute, error, TimeSpan.Zero, Trace());
        return null;
    }

    private Exchange Failure(Socket client, Errno error)
    {
        if (error == Errno.NotPermitted)
            return new(ExchangeOutcome.NotPermitted, error, TimeSpan.Zero, Trace());
        if (error != Errno.None)
            return new(ExchangeOutcome.NoRoute, error, TimeSpan.Zero, Trace());
        if (client.Error == Errno.None)
            return new(ExchangeOutcome.Lost, Errno.TimedOut, hops.Count == 0 ? TimeSpan.Zero : hops[^1].At, Trace());
        var outcome = client.ErrorPacket is { Protocol: Protocol.Icmp } ? ExchangeOutcome.Rejected : ExchangeOutcome.Refused;
        return new(outcome, client.Error, client.ChangedAt, Trace()) { Reply = client.ErrorPacket };
    }
}
