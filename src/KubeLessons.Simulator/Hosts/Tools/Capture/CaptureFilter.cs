using System.Globalization;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Tools.Capture;

/// <summary>
/// A capture filter (pcap-filter(7)): protocols, host, net and port with src or dst, joined by and, or, not and parentheses. Words
/// side by side mean "and".
/// </summary>
internal sealed class CaptureFilter
{
    private readonly string[] _words;
    private int _at;

    private CaptureFilter(string[] words) => _words = words;

    /// <summary>The condition; null when the words make no filter.</summary>
    public static Func<Packet, bool>? Parse(IEnumerable<string> words)
    {
        var all = string.Join(' ', words).Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal)
            .Replace("!", " not ", StringComparison.Ordinal).Replace("&&", " and ", StringComparison.Ordinal).Replace("||", " or ", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (all.Length == 0)
        {
            return static _ => true;
        }

        var filter = new CaptureFilter(all);
        var condition = filter.Either();
        return filter._at == all.Length ? condition : null;
    }

    private string? Next => _at < _words.Length ? _words[_at] : null;

    private Func<Packet, bool>? Either()
    {
        var left = Both();
        while (left is not null && Next == "or")
        {
            _at++;
            left = Both() is { } right && left is { } first ? packet => first(packet) || right(packet) : null;
        }

        return left;
    }

    private Func<Packet, bool>? Both()
    {
        var left = One();
        while (left is not null && Next is not (null or "or" or ")"))
        {
            _at += Next == "and" ? 1 : 0;
            left = One() is { } right && left is { } first ? packet => first(packet) && right(packet) : null;
        }

        return left;
    }

    private Func<Packet, bool>? One()
    {
        switch (Next)
        {
            case "not":
                _at++;
                return One() is { } denied ? packet => !denied(packet) : null;
            case "(":
                _at++;
                var inner = Either();
                return _at < _words.Length && _words[_at++] == ")" ? inner : null;
            case "tcp" or "udp" or "icmp" or "ip" or "arp":
                return Kind(_words[_at++]);
            default:
                return Address();
        }
    }

    private static Func<Packet, bool> Kind(string word) => word switch
    {
        "tcp" => static packet => packet.Protocol == Protocol.Tcp,
        "udp" => static packet => packet.Protocol == Protocol.Udp,
        "icmp" => static packet => packet.Protocol == Protocol.Icmp,
        "ip" => static _ => true,
        _ => static _ => false,
    };

    private Func<Packet, bool>? Address()
    {
        var side = Next is "src" or "dst" ? _words[_at++] : "";
        var kind = Next is "host" or "port" or "net" or "portrange" ? _words[_at++] : "host";
        if (Next is not { } value)
        {
            return null;
        }

        _at++;
        switch (kind)
        {
            case "port" when Port(value) is { } port:
                return packet => (side != "dst" && packet.SourcePort == port) || (side != "src" && packet.DestinationPort == port);
            case "net" when Ipv4Prefix.TryParse(value, out var net):
                return packet => (side != "dst" && net.Contains(packet.Source)) || (side != "src" && net.Contains(packet.Destination));
            case "host" when Ipv4Address.TryParse(value, out var ip):
                return packet => (side != "dst" && packet.Source == ip) || (side != "src" && packet.Destination == ip);
            default:
                return null;
        }
    }

    private static int? Port(string word) => word switch
    {
        "http" => 80,
        "https" => 443,
        "domain" => 53,
        "ssh" => 22,
        _ => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null,
    };
}
