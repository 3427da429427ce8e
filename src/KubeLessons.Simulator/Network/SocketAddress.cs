using System.Globalization;

namespace KubeLessons.Simulator.Network;

/// <summary>One end of a connection: an address and a port.</summary>
public readonly record struct SocketAddress(Ipv4Address Ip, int Port)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ip}:{Port}");
}
