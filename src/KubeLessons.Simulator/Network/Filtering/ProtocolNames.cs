using System.Globalization;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>The names that iptables knows for protocol numbers.</summary>
internal static class ProtocolNames
{
    private static readonly (string Name, byte Number)[] Known =
    [
        ("tcp", 6), ("sctp", 132), ("udp", 17), ("udplite", 136), ("icmp", 1), ("icmpv6", 58), ("ipv6-icmp", 58), ("esp", 50), ("ah", 51), ("ipv6-mh", 135), ("mh", 135), ("all", 0),
    ];

    public static string Name(byte protocol)
    {
        foreach (var (name, number) in Known)
        {
            if (number == protocol)
                return name;
        }
        return protocol.ToString(CultureInfo.InvariantCulture);
    }

    public static byte? Number(string text)
    {
        text = text.ToLowerInvariant();
        if (byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return value;
        foreach (var (name, number) in Known)
        {
            if (name == text)
                return number;
        }
        return null;
    }
}
