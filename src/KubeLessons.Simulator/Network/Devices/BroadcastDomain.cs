namespace KubeLessons.Simulator.Network;

/// <summary>Who hears a broadcast frame: the reach of ARP. Ports of a bridge hand frames on; the bridge itself hears them.</summary>
internal static class BroadcastDomain
{
    /// <summary>Adds to <paramref name="heard"/>, in a fixed order, every interface that a broadcast sent out of <paramref name="from"/> reaches.</summary>
    public static void Reach(NetworkInterface from, List<NetworkInterface> heard)
    {
        var crossed = new HashSet<NetworkInterface>();
        Emit(from, heard, crossed);
    }

    /// <summary>Whether a unicast frame for <paramref name="mac"/>, sent out of <paramref name="from"/>, finds its card.</summary>
    public static bool Finds(NetworkInterface from, MacAddress mac)
    {
        // A pod's cable is by far the commonest case, and needs no search.
        if (from.Kind == InterfaceKind.Veth && from.Peer is { Bridge: null } peer)
            return from.Carrier && peer.Mac == mac;
        var heard = new List<NetworkInterface>();
        Reach(from, heard);
        return heard.Exists(card => card.Mac == mac);
    }

    private static void Emit(NetworkInterface from, List<NetworkInterface> heard, HashSet<NetworkInterface> crossed)
    {
        if (!from.AdminUp || !crossed.Add(from))
            return;
        switch (from.Kind)
        {
            case InterfaceKind.Veth when from.Peer is { AdminUp: true } peer:
                Arrive(peer, heard, crossed);
                break;
            case InterfaceKind.Physical when from.Segment is { } segment:
                foreach (var card in segment.Cards)
                {
                    if (segment.Passes(from, card))
                        Arrive(card, heard, crossed);
                }
                break;
            case InterfaceKind.Bridge:
                foreach (var port in from.Ports)
                    Emit(port, heard, crossed);
                break;
        }
    }

    private static void Arrive(NetworkInterface at, List<NetworkInterface> heard, HashSet<NetworkInterface> crossed)
    {
        if (at.Bridge is not { } bridge)
        {
            heard.Add(at);
            return;
        }
        if (!bridge.AdminUp)
            return;
        heard.Add(bridge);
        foreach (var port in bridge.Ports)
        {
            if (!ReferenceEquals(port, at))
                Emit(port, heard, crossed);
        }
    }
}
