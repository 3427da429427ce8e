namespace KubeLessons.Simulator.Network.Tracking;

/// <summary>
/// What tells one connection from another in one direction. For ICMP echo the identifier stands in the place of both ports,
/// and <paramref name="Kind"/> is the type.
/// </summary>
internal readonly record struct FlowTuple(Protocol Protocol, Ipv4Address Source, int SourcePort, Ipv4Address Destination, int DestinationPort, byte Kind = 0)
{
    public static FlowTuple Of(Packet packet) => packet.Icmp is { } icmp
        ? new(packet.Protocol, packet.Source, icmp.Identifier, packet.Destination, icmp.Identifier, (byte)icmp.Type)
        : new(packet.Protocol, packet.Source, packet.SourcePort, packet.Destination, packet.DestinationPort);

    /// <summary>The tuple of a packet that answers this one.</summary>
    public FlowTuple Inverted => new(Protocol, Destination, DestinationPort, Source, SourcePort, Protocol == Protocol.Icmp ? Answer(Kind) : Kind);

    public FlowTuple WithSource(Ipv4Address ip, int port) => this with { Source = ip, SourcePort = port, DestinationPort = Protocol == Protocol.Icmp ? port : DestinationPort };

    public FlowTuple WithDestination(Ipv4Address ip, int port) => this with { Destination = ip, DestinationPort = port, SourcePort = Protocol == Protocol.Icmp ? port : SourcePort };

    private static byte Answer(byte type) => type switch { 8 => 0, 0 => 8, _ => type };
}
