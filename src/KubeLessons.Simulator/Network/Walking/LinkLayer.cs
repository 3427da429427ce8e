using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Network.Walking;

/// <summary>Ethernet: finding neighbours, sending frames, and what bridges do with them.</summary>
internal sealed class LinkLayer(PacketWalk walk)
{
    private static readonly TimeSpan VirtualLatency = TimeSpan.FromMicroseconds(10);

    /// <summary>Sends a packet to its next hop on a link, asking for the next hop's card first when it is not known.</summary>
    public void Send(NetworkNamespace host, NetworkInterface device, Ipv4Address nextHop, SocketBuffer buffer)
    {
        if (Resolve(host, device, nextHop, buffer) is { } mac)
        {
            walk.Record(buffer, HopKind.Sent, host, output: device);
            buffer.SourceMac = device.Mac;
            Transmit(device, new(buffer, mac));
            return;
        }
        walk.Drop(buffer, host, $"nobody answers for {nextHop} on {device} (ARP)", output: device);
        walk.Ip.SendError(host, buffer, IcmpType.DestinationUnreachable, (byte)UnreachableCode.Host);
    }

    /// <summary>A frame comes in at an interface.</summary>
    public void Receive(NetworkInterface device, Frame frame)
    {
        var buffer = frame.Buffer;
        walk.Way?.Cross(device.Namespace);
        Show(device, buffer, isIncoming: true);
        if (!device.AdminUp)
            walk.Drop(buffer, device.Namespace, $"{device} is down", device);
        else if (device.Kind == InterfaceKind.Loopback)
            walk.Ip.Receive(device.Namespace, device, buffer);
        else if (device.Bridge is { } bridge)
            ReceiveAtPort(bridge, device, new(buffer.Stripped(), frame.Destination));
        else if (frame.Destination == device.Mac)
            Accept(device.Namespace, device, buffer.Stripped());
    }

    /// <summary>Puts a frame on the link behind a device.</summary>
    public void Transmit(NetworkInterface device, Frame frame)
    {
        // What goes out on the loopback comes in at once: it is seen there.
        if (device.Kind != InterfaceKind.Loopback)
            Show(device, frame.Buffer, isIncoming: false);
        switch (device.Kind)
        {
            case InterfaceKind.Loopback:
                walk.Enqueue(device, frame, TimeSpan.FromMicroseconds(5));
                break;
            case InterfaceKind.Bridge:
                TransmitFromBridge(device, frame);
                break;
            case InterfaceKind.Veth when device.Carrier:
                walk.Enqueue(device.Peer!, frame, VirtualLatency);
                break;
            case InterfaceKind.Physical when device.Carrier:
                if (!SendToCards(device, frame))
                    walk.Drop(frame.Buffer, device.Namespace, $"no card {frame.Destination} answers on {device.Segment!.Name}", output: device);
                break;
            default:
                walk.Drop(frame.Buffer, device.Namespace, $"{device} has no carrier", output: device);
                break;
        }
    }

    private void Show(NetworkInterface device, SocketBuffer buffer, bool isIncoming)
    {
        if (!device.IsWatched)
            return;
        walk.Way?.NeverAgain();
        device.Show(walk.Start + buffer.At, buffer.Packet, isIncoming);
    }

    private void Accept(NetworkNamespace host, NetworkInterface device, SocketBuffer buffer)
    {
        buffer.In = device;
        walk.Record(buffer, HopKind.Received, host, device);
        walk.Ip.Receive(host, device, buffer);
    }

    private bool SendToCards(NetworkInterface from, Frame frame)
    {
        var segment = from.Segment!;
        foreach (var card in segment.Cards)
        {
            // A card that is a port of a bridge takes every frame; any other only its own.
            if (!segment.Passes(from, card) || !(card.Mac == frame.Destination || (card.Bridge is not null && BridgeKnows(card, frame.Destination))))
                continue;
            walk.Enqueue(card, frame, segment.Latency);
            return true;
        }
        return false;
    }

    private static bool BridgeKnows(NetworkInterface port, MacAddress mac) =>
        port.Bridge!.Mac == mac || port.Bridge.Ports.Any(other => !ReferenceEquals(other, port) && BroadcastDomain.Finds(other, mac));

    private MacAddress? Resolve(NetworkNamespace host, NetworkInterface device, Ipv4Address ip, SocketBuffer buffer)
    {
        var now = walk.Start + buffer.At;
        if (host.Neighbours.Find(device, ip) is { Mac: { } known } entry)
        {
            if (entry.Permanent || Answers(device, ip, known))
            {
                // Traffic both ways is what keeps an entry fresh.
                if (!entry.Permanent)
                {
                    host.Neighbours.Learn(device, ip, known, now);
                    walk.Way?.Confirm(entry, buffer.At);
                }
                return known;
            }
            if (entry.StateAt(now) == NeighbourState.Stale)
                entry.DoubtedSince = now;
            walk.Way?.NeverAgain();
            if (entry.DoubtedSince is not { } since || now - since < NeighbourTable.DoubtTime)
                return known;
        }
        if (Ask(device, ip) is { } owner)
        {
            walk.Record(buffer, HopKind.Arp, host, output: device, note: $"who has {ip}: {owner.Mac}");
            host.Neighbours.Learn(device, ip, owner.Mac, now);
            if (host.SourceFor(device, ip) is { IsAny: false } self)
                owner.Namespace.Neighbours.Learn(owner, self, device.Mac, now);
            return owner.Mac;
        }
        buffer.At += host.Neighbours.Fail(device, ip, now);
        walk.Record(buffer, HopKind.Arp, host, output: device, note: $"who has {ip}: no answer");
        return null;
    }

    // A host answers for each of its addresses on whatever card the question comes in (arp_ignore=0), save for loopback's.
    private static NetworkInterface? Ask(NetworkInterface device, Ipv4Address ip)
    {
        var heard = new List<NetworkInterface>();
        BroadcastDomain.Reach(device, heard);
        return heard.Find(other => !ip.IsLoopback && other.Namespace.IsLocal(ip));
    }

    private static bool Answers(NetworkInterface device, Ipv4Address ip, MacAddress mac)
    {
        if (device.Kind == InterfaceKind.Veth && device.Peer is { Bridge: null } peer)
            return device.Carrier && peer.Mac == mac && peer.Namespace.IsLocal(ip);
        var heard = new List<NetworkInterface>();
        BroadcastDomain.Reach(device, heard);
        return heard.Exists(other => other.Mac == mac && other.Namespace.IsLocal(ip));
    }

    private void ReceiveAtPort(NetworkInterface bridge, NetworkInterface port, Frame frame)
    {
        var buffer = frame.Buffer;
        var host = bridge.Namespace;
        if (!bridge.AdminUp)
        {
            walk.Drop(buffer, host, $"{bridge} is down", port);
            return;
        }
        walk.Record(buffer, HopKind.Received, host, port);
        Show(bridge, buffer, isIncoming: true);
        var filters = FiltersBridged(host);
        (buffer.In, buffer.PhysicalIn) = (bridge, filters ? port : null);
        if (filters && PreRoute(bridge, ref frame) is false)
            return;
        if (frame.Destination == bridge.Mac)
        {
            buffer.PreRouted = filters;
            walk.Ip.Receive(host, bridge, buffer);
            return;
        }
        if (PortTowards(bridge, port, frame.Destination) is not { } output)
        {
            walk.Drop(buffer, host, $"no port of {bridge} leads to {frame.Destination}", port);
            return;
        }
        (buffer.Out, buffer.PhysicalOut) = (bridge, output);
        if (filters && !(walk.Ip.Pass(Hook.Forward, host, buffer) && walk.Ip.Pass(Hook.PostRouting, host, buffer)))
            return;
        walk.Record(buffer, HopKind.Bridged, host, port, output);
        Transmit(output, frame);
    }

    /// <summary>
    /// Bridge netfilter's PREROUTING. Where a rule has changed the destination, the frame has to go elsewhere: to another port
    /// when the new destination is on this bridge, else up to the host, which routes it.
    /// </summary>
    private bool PreRoute(NetworkInterface bridge, ref Frame frame)
    {
        var host = bridge.Namespace;
        var buffer = frame.Buffer;
        var before = buffer.Packet.Destination;
        if (!walk.Ip.Pass(Hook.PreRouting, host, buffer))
            return false;
        if (buffer.Packet.Destination == before)
            return true;
        var route = host.Routes.Lookup(buffer.Packet.Destination);
        if (route.Verdict == RouteVerdict.Forward && ReferenceEquals(route.Device, bridge))
        {
            if (Resolve(host, bridge, route.NextHop, buffer) is not { } mac)
            {
                walk.Drop(buffer, host, $"nobody answers for {route.NextHop} on {bridge} (ARP)", output: bridge);
                walk.Ip.SendError(host, buffer, IcmpType.DestinationUnreachable, (byte)UnreachableCode.Host);
                return false;
            }
            frame = frame with { Destination = mac };
        }
        else
        {
            frame = frame with { Destination = bridge.Mac };
        }
        return true;
    }

    private void TransmitFromBridge(NetworkInterface bridge, Frame frame)
    {
        if (PortTowards(bridge, null, frame.Destination) is { } port)
            Transmit(port, frame);
        else
            walk.Drop(frame.Buffer, bridge.Namespace, $"no port of {bridge} leads to {frame.Destination}", output: bridge);
    }

    private static NetworkInterface? PortTowards(NetworkInterface bridge, NetworkInterface? from, MacAddress mac)
    {
        foreach (var port in bridge.Ports)
        {
            if ((!ReferenceEquals(port, from) || port.Hairpin) && BroadcastDomain.Finds(port, mac))
                return port;
        }
        return null;
    }

    private static bool FiltersBridged(NetworkNamespace host) => host.Sysctls.Flag(NetworkSysctls.BridgeCallsIptables);
}
