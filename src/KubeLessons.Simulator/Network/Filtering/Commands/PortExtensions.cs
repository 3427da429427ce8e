using System.Globalization;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>How iptables reads ports: a number or a name, and a range with a colon whose ends may be left away.</summary>
internal static class PortReading
{
    public static string? Range(string text, bool not, out PortRange range)
    {
        range = default;
        var colon = text.IndexOf(':');
        var (first, last) = colon < 0 ? (text, text) : (text[..colon], text[(colon + 1)..]);
        if (One(colon >= 0 && first.Length == 0 ? "0" : first, out var low) is { } refusal)
            return refusal;
        if (One(colon >= 0 && last.Length == 0 ? "65535" : last, out var high) is { } other)
            return other;
        range = new(low, high, not);
        return low > high ? "invalid portrange (min > max)" : null;
    }

    public static string? One(string text, out int port)
    {
        var found = ServiceNames.Port(text);
        port = found ?? 0;
        return found is null ? $"invalid port/service `{text}' specified" : null;
    }
}

/// <summary>-m udp, -m sctp.</summary>
internal sealed class PortsExtension(string name, byte protocol) : MatchExtension(name,
    new("source-port", CanInvert: true, Alias: "sport"), new("destination-port", CanInvert: true, Alias: "dport"))
{
    private PortRange source = PortRange.Every;
    private PortRange destination = PortRange.Every;

    public override Match Build(HeaderMatch header) => new PortsMatch(Name, protocol, source, destination);

    public override bool IsRefusedByKernel(HeaderMatch header) => !header.IsOnly(protocol);

    protected override string? Set(string option, bool not, IReadOnlyList<string> values) => option == "source-port"
        ? PortReading.Range(values[0], not, out source) : PortReading.Range(values[0], not, out destination);
}

/// <summary>-m tcp.</summary>
internal sealed class TcpExtension() : MatchExtension("tcp",
    new("source-port", CanInvert: true, Alias: "sport") { IsRepeatable = true }, new("destination-port", CanInvert: true, Alias: "dport") { IsRepeatable = true },
    new("syn", 0, true) { IsRepeatable = true }, new("tcp-flags", 2, true) { IsRepeatable = true }, new("tcp-option", CanInvert: true) { IsRepeatable = true })
{
    private PortRange source = PortRange.Every;
    private PortRange destination = PortRange.Every;
    private TcpFlagsCondition? flags;
    private (int, bool)? number;
    private readonly HashSet<string> seen = [];

    public override Match Build(HeaderMatch header) => new TcpMatch(source, destination, flags, number);

    public override bool IsRefusedByKernel(HeaderMatch header) => !header.IsOnly(6);

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        var name = option is "syn" or "tcp-flags" ? "--syn' or `--tcp-flags" : "--" + option;
        if (!seen.Add(name))
            return $"Only one `{name}' allowed";
        switch (option)
        {
            case "source-port":
                return PortReading.Range(values[0], not, out source);
            case "destination-port":
                return PortReading.Range(values[0], not, out destination);
            case "syn":
                flags = TcpFlagsCondition.Syn(not);
                return null;
            case "tcp-flags":
                if (ReadFlags(values[0], out var mask) is { } wrongMask)
                    return wrongMask;
                if (ReadFlags(values[1], out var set) is { } wrongSet)
                    return wrongSet;
                flags = new(mask, set, not);
                return null;
            default:
                if (!byte.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value == 0)
                    return $"Bad TCP option \"{values[0]}\"";
                number = (value, not);
                return null;
        }
    }

    private static string? ReadFlags(string text, out TcpFlags flags)
    {
        flags = TcpFlags.None;
        foreach (var word in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (word.ToUpperInvariant())
            {
                case "ALL":
                    flags = TcpFlagsCondition.Every;
                    break;
                case "NONE":
                    break;
                case var name when Enum.TryParse<TcpFlags>(name, true, out var flag) && TcpFlagsCondition.Every.HasFlag(flag) && char.IsLetter(name[0]):
                    flags |= flag;
                    break;
                default:
                    return $"Unknown TCP flag `{word}'";
            }
        }
        return null;
    }
}

/// <summary>-m multiport.</summary>
internal sealed class MultiportExtension() : MatchExtension("multiport",
    new("source-ports", CanInvert: true, Alias: "sports") { Excludes = ["destination-ports", "ports"] },
    new("destination-ports", CanInvert: true, Alias: "dports") { Excludes = ["source-ports", "ports"] },
    new("ports", CanInvert: true) { Excludes = ["source-ports", "destination-ports"] })
{
    private static readonly byte[] Protocols = [6, 17, 33, 132, 136];

    private readonly List<PortRange> ranges = [];
    private string which = "";
    private bool isNot;

    public override Match Build(HeaderMatch header) => new MultiportMatch(which, ranges, isNot, header.Protocol);

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        (which, isNot) = (option switch { "source-ports" => "sports", "destination-ports" => "dports", _ => "ports" }, not);
        ranges.Clear();
        var count = 0;
        foreach (var word in values[0].Split(','))
        {
            var ends = word.Split(':');
            count += ends.Length;
            if (count > 15)
                return "too many ports specified";
            if (PortReading.One(ends[0], out var first) is { } wrong)
                return wrong;
            var last = first;
            if (ends.Length > 1 && PortReading.One(ends[1], out last) is { } other)
                return other;
            if (ends.Length > 1 && first >= last)
                return "invalid portrange specified";
            ranges.Add(new(first, last, false));
        }
        return null;
    }

    protected override string? Check(HeaderMatch header)
    {
        if (header.NotProtocol || !Protocols.Contains(header.Protocol))
            return "multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'";
        return which.Length == 0 ? "multiport expection an option" : null;
    }
}

/// <summary>-m icmp.</summary>
internal sealed class IcmpExtension() : MatchExtension("icmp", new ExtensionOption("icmp-type", CanInvert: true, IsRequired: true))
{
    private IcmpMatch match = new(IcmpMatch.Any, null, false);

    public override Match Build(HeaderMatch header) => match;

    public override bool IsRefusedByKernel(HeaderMatch header) => !header.IsOnly(1);

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        var text = values[0];
        foreach (var (name, type, code) in IcmpMatch.Names)
        {
            if (string.Equals(name, text, StringComparison.OrdinalIgnoreCase))
            {
                match = new(type, code, not);
                return null;
            }
        }
        var slash = text.IndexOf('/');
        if (!byte.TryParse(slash < 0 ? text : text[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return $"Unknown ICMP type `{text}'";
        byte value = 0;
        if (slash >= 0 && !byte.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out value))
            return $"Invalid ICMP code `{text[(slash + 1)..]}'\n";
        match = new(number, slash < 0 ? null : value, not);
        return null;
    }
}
