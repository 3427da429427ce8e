using KubeLessons.Simulator.Network.Filtering;
using KubeLessons.Simulator.Network.Tracking;

namespace KubeLessons.Simulator.Network.Walking;

/// <summary>IPv4 of one host after another: routing, forwarding, the netfilter hooks on the way, and ICMP errors.</summary>
internal sealed class IpLayer(PacketWalk walk)
{
    /// <summary>Sends a packet that this host made. The error is what a local program is told at once.</summary>
    public Errno Send(NetworkNamespace host, SocketBuffer buffer)
    {
        walk.Way?.Cross(host);
        walk.Record(buffer, HopKind.Created, host);
        if (Route(host, buffer) is var refusal and not Errno.None)
            return LoseLocally(host, buffer, refusal);
        buffer.Out = buffer.Route.Device;
        // A rejected packet is refused to the sender like a dropped one; the error that it caused comes on top.
        if (!Pass(Hook.Output, host, buffer))
            return buffer.Refusal == Errno.None ? Errno.NotPermitted : buffer.Refusal;
        buffer.Out = buffer.Route.Device;
        return Finish(host, buffer, buffer.Route) ? Errno.None : Errno.NotPermitted;
    }

    /// <summary>
    /// Finds the way of a packet that this host sends: before the rules of OUTPUT, and again where they have changed it. The
    /// refusal, if any, is kept with the packet.
    /// </summary>
    public static Errno Route(NetworkNamespace host, SocketBuffer buffer)
    {
        buffer.Route = host.Routes.Lookup(buffer.Packet.Destination);
        buffer.Refusal = Refusal(buffer.Route.Verdict);
        // Loopback's addresses leave the host only where that is allowed.
        if (buffer.Refusal == Errno.None && buffer.Packet.Source.IsLoopback && buffer.Route.Verdict == RouteVerdict.Forward &&
            host.Sysctls.ForInterface(buffer.Route.Device!, "route_localnet") == 0)
            buffer.Refusal = Errno.InvalidArgument;
        return buffer.Refusal;
    }

    /// <summary>A packet comes in through a device, or was handed up by a bridge.</summary>
    public void Receive(NetworkNamespace host, NetworkInterface device, SocketBuffer buffer)
    {
        buffer.In = device;
        if (!buffer.PreRouted && !Pass(Hook.PreRouting, host, buffer))
            return;
        buffer.PreRouted = false;
        var packet = buffer.Packet;
        var route = host.Routes.Lookup(packet.Destination);
        if (Martian(host, device, packet) is { } why)
            walk.Drop(buffer, host, why, device);
        else if (route.Verdict == RouteVerdict.Local)
            DeliverLocally(host, buffer);
        else if (!host.Sysctls.Flag(NetworkSysctls.IpForward))
            walk.Drop(buffer, host, "not for this host, and net.ipv4.ip_forward is 0", device);
        else
            Forward(host, device, buffer, route);
    }

    /// <summary>Leads a packet through every table of a hook. False when it ended there.</summary>
    public bool Pass(Hook hook, NetworkNamespace host, SocketBuffer buffer)
    {
        var verdict = HookTraversal.Run(new(walk, host, hook, buffer));
        if (verdict == Verdict.Accept)
            return true;
        buffer.Rejected = verdict == Verdict.Rejected;
        var note = buffer.Rejected ? $"rejected at {hook.ToString().ToUpperInvariant()}" : $"dropped at {hook.ToString().ToUpperInvariant()}";
        walk.Drop(buffer, host, note, hook == Hook.Output ? null : buffer.In, hook is Hook.PreRouting or Hook.Input ? null : buffer.Out);
        return false;
    }

    /// <summary>Tells a packet's sender that it went no further (RFC 1122: never about an error, nor about a broadcast).</summary>
    public void SendError(NetworkNamespace host, SocketBuffer about, IcmpType type, byte code)
    {
        var cause = about.Packet;
        if (cause.IsIcmpError || cause.Destination.IsMulticast || cause.Source.IsAny)
            return;
        // While the host is sending an echo reply it cannot send an error about it: both need the one ICMP socket.
        if (cause.Icmp is { Type: IcmpType.EchoReply } && about.In is null)
            return;
        var route = host.Routes.Lookup(cause.Source);
        var source = host.IsLocal(cause.Destination) ? cause.Destination : route.Source;
        if (source.IsAny)
            return;
        var error = new Packet(Protocol.Icmp, source, 0, cause.Source, 0)
        {
            Icmp = new(type, code, Quoted: cause),
            Length = Math.Min(576, cause.Length + 28),
        };
        Send(host, Answering(about, error));
    }

    /// <summary>Resets a TCP connection in the name of whom the packet was meant for.</summary>
    public void SendReset(NetworkNamespace host, SocketBuffer about)
    {
        var cause = about.Packet;
        if (cause.Flags.HasFlag(TcpFlags.Rst))
            return;
        var flags = cause.Flags.HasFlag(TcpFlags.Ack) ? TcpFlags.Rst : TcpFlags.Rst | TcpFlags.Ack;
        var reset = new Packet(Protocol.Tcp, cause.Destination, cause.DestinationPort, cause.Source, cause.SourcePort) { Flags = flags, Length = 40 };
        if (about.PhysicalIn is not { } port)
        {
            Send(host, Answering(about, reset));
            return;
        }
        // To a packet that bridge netfilter looked at, the reset goes straight back out of its port: past every rule, and untranslated.
        var direct = new SocketBuffer(reset, about.At) { SourceMac = about.In!.Mac };
        walk.Record(direct, HopKind.Created, host, output: port);
        walk.Link.Transmit(port, new(direct, about.SourceMac));
    }

    // An answer that the host gives in the middle of the way belongs to the connection of its cause, in the other direction.
    private static SocketBuffer Answering(SocketBuffer about, Packet answer) => about.Entry is { } entry
        ? new(answer, about.At) { Entry = entry, IsReply = !about.IsReply, State = TrackingState.Related }
        : new(answer, about.At);

    private void Forward(NetworkNamespace host, NetworkInterface device, SocketBuffer buffer, RouteDecision route)
    {
        switch (route.Verdict)
        {
            case RouteVerdict.None:
                walk.Drop(buffer, host, $"no route to {buffer.Packet.Destination}", device);
                SendError(host, buffer, IcmpType.DestinationUnreachable, (byte)UnreachableCode.Network);
                return;
            case RouteVerdict.Unreachable:
                walk.Drop(buffer, host, "unreachable route", device);
                SendError(host, buffer, IcmpType.DestinationUnreachable, (byte)UnreachableCode.Host);
                return;
            case RouteVerdict.Prohibit:
                walk.Drop(buffer, host, "prohibiting route", device);
                SendError(host, buffer, IcmpType.DestinationUnreachable, (byte)UnreachableCode.Filtered);
                return;
            case RouteVerdict.Blackhole:
                walk.Drop(buffer, host, "blackhole route", device);
                return;
        }
        if (buffer.Packet.Ttl <= 1)
        {
            walk.Drop(buffer, host, "time to live exceeded", device);
            SendError(host, buffer, IcmpType.TimeExceeded, 0);
            return;
        }
        buffer.Packet = buffer.Packet with { Ttl = buffer.Packet.Ttl - 1 };
        buffer.Out = route.Device;
        if (!Pass(Hook.Forward, host, buffer))
            return;
        walk.Record(buffer, HopKind.Forwarded, host, device, route.Device);
        Finish(host, buffer, route);
    }

    private bool Finish(NetworkNamespace host, SocketBuffer buffer, RouteDecision route)
    {
        if (!Pass(Hook.PostRouting, host, buffer))
            return false;
        if (route.Verdict == RouteVerdict.Local)
            walk.Link.Transmit(host.Loopback, new(buffer, default));
        else
            walk.Link.Send(host, route.Device!, route.NextHop, buffer);
        return true;
    }

    private void DeliverLocally(NetworkNamespace host, SocketBuffer buffer)
    {
        if (Pass(Hook.Input, host, buffer))
            walk.Transport.Deliver(host, buffer);
    }

    private Errno LoseLocally(NetworkNamespace host, SocketBuffer buffer, Errno error)
    {
        walk.Drop(buffer, host, error.Message());
        return error;
    }

    private static Errno Refusal(RouteVerdict verdict) => verdict switch
    {
        RouteVerdict.None => Errno.NetworkUnreachable,
        RouteVerdict.Unreachable => Errno.HostUnreachable,
        RouteVerdict.Blackhole => Errno.InvalidArgument,
        RouteVerdict.Prohibit => Errno.AccessDenied,
        _ => Errno.None,
    };

    /// <summary>Why a packet cannot be true: loopback's addresses on a wire, or the host's own as the sender.</summary>
    private static string? Martian(NetworkNamespace host, NetworkInterface device, Packet packet)
    {
        if (device.Kind == InterfaceKind.Loopback)
            return null;
        if ((packet.Source.IsLoopback || packet.Destination.IsLoopback) && host.Sysctls.ForInterface(device, "route_localnet") == 0)
            return $"martian: a loopback address on {device}";
        if (host.IsLocal(packet.Source) && host.Sysctls.ForInterface(device, "accept_local") == 0)
            return $"martian source: {packet.Source} is this host's own";
        var filter = host.Sysctls.ForInterface(device, "rp_filter");
        if (filter == 0)
            return null;
        var back = host.Routes.Lookup(packet.Source);
        return back.Verdict == RouteVerdict.Forward && (filter == 2 || ReferenceEquals(back.Device, device))
            ? null : $"reverse path filter: {packet.Source} is not behind {device}";
    }
}
