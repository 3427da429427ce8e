using System.Globalization;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>Names of IP protocols as /etc/protocols has them.</summary>
internal static class ProtocolNames
{
    private const string Known = """
        icmp:1 igmp:2 ggp:3 ipencap:4 st:5 tcp:6 egp:8 igp:9 pup:12 udp:17 hmp:20 xns-idp:22 rdp:27 iso-tp4:29 dccp:33 xtp:36 ddp:37 idpr-cmtp:38 ipv6:41
        ipv6-route:43 ipv6-frag:44 idrp:45 rsvp:46 gre:47 esp:50 ah:51 skip:57 ipv6-icmp:58 ipv6-nonxt:59 ipv6-opts:60 rspf:73 vmtp:81 eigrp:88 ospf:89
        ax.25:93 ipip:94 etherip:97 encap:98 pim:103 ipcomp:108 vrrp:112 l2tp:115 isis:124 sctp:132 fc:133 mobility-header:135 udplite:136 mpls-in-ip:137
        manet:138 hip:139 shim6:140 wesp:141 rohc:142 ethernet:143 icmpv6:58 mh:135 all:0
        """;

    private static readonly (string Name, byte Number)[] Entries = [.. Known.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .Select(word => word.Split(':')).Select(pair => (pair[0], byte.Parse(pair[1], CultureInfo.InvariantCulture)))];

    public static string Name(byte protocol)
    {
        foreach (var (name, number) in Entries)
        {
            if (number == protocol)
                return name;
        }
        return protocol.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The number of a name or a number, in any case of letters; 0 is "all", and null is unknown.</summary>
    public static byte? Number(string text)
    {
        if (byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return value;
        text = text.ToLowerInvariant();
        foreach (var (name, number) in Entries)
        {
            if (name == text)
                return number;
        }
        return null;
    }
}
