using System.Globalization;
using KubeLessons.Simulator.Network.Tracking;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>ACCEPT, DROP, RETURN: targets without options.</summary>
internal sealed class VerdictExtension(string name, Verdict verdict) : TargetExtension(name)
{
    public override Target Build() => new VerdictTarget(verdict);

    protected override string? Set(string option, bool not, IReadOnlyList<string> values) => null;
}

/// <summary>REJECT.</summary>
internal sealed class RejectExtension() : TargetExtension("REJECT", new ExtensionOption("reject-with"))
{
    private string kind = "icmp-port-unreachable";

    public override Target Build() => new RejectTarget(kind);

    public override bool IsRefusedByKernel(HeaderMatch header) => kind == RejectTarget.TcpReset && !header.IsOnly(6);

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        // Any beginning of a kind's name, or of its other spelling, will do.
        foreach (var (name, alias, _) in RejectTarget.Kinds)
        {
            if (name.StartsWith(values[0], StringComparison.OrdinalIgnoreCase) || alias.StartsWith(values[0], StringComparison.OrdinalIgnoreCase))
            {
                kind = name;
                return null;
            }
        }
        return $"unknown reject type \"{values[0]}\"";
    }
}

/// <summary>DNAT and SNAT.</summary>
internal sealed class AddressTargetExtension(Translation what) : TargetExtension(what == Translation.Source ? "SNAT" : "DNAT",
    new(what == Translation.Source ? "to-source" : "to-destination", IsRequired: true), new("random", 0), new("random-fully", 0), new("persistent", 0))
{
    private TranslationRange range = new(null, null);
    private string? ports;

    public override Target Build() => new AddressTarget(what, range);

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        switch (option)
        {
            case "random":
                range = range with { Random = true };
                return null;
            case "random-fully":
                range = range with { FullyRandom = true };
                return null;
            case "persistent":
                range = range with { Persistent = true };
                return null;
        }
        var text = values[0];
        var colon = text.IndexOf(':');
        ports = colon < 0 ? null : text[(colon + 1)..];
        var addresses = colon < 0 ? text : text[..colon];
        if (addresses.Length == 0)
            return null;
        var ends = addresses.Split('-');
        if (!Ipv4Address.TryParse(ends[0], out var first))
            return $"Bad IP address \"{ends[0]}\"";
        var last = first;
        if (ends.Length > 1 && !Ipv4Address.TryParse(ends[1], out last))
            return $"Bad IP address \"{ends[1]}\"";
        range = range with { FirstIp = first, LastIp = last };
        return null;
    }

    protected override string? Check(HeaderMatch header) => ports is null ? null : RangeReading.Ports(header, ports, ref range);
}

/// <summary>How the translating targets read "80", "80-90" and "80-90/70".</summary>
internal static class RangeReading
{
    private static readonly byte[] WithPorts = [6, 17, 33, 132];

    public static string? Ports(HeaderMatch header, string text, ref TranslationRange range)
    {
        if (!WithPorts.Contains(header.Protocol))
            return "Need TCP, UDP, SCTP or DCCP with port specification";
        var slash = text.IndexOf('/');
        var ends = (slash < 0 ? text : text[..slash]).Split('-');
        var baseText = slash < 0 ? "0" : text[(slash + 1)..];
        if (Port(ends[0]) is not { } first)
            return $"Port `{ends[0]}' not valid";
        if (Port(ends[^1]) is not { } last)
            return $"Port `{ends[^1]}' not valid";
        if (last < first)
            return $"Port range `{ends[^1]}' funky";
        if (Port(baseText) is not { } basePort)
            return $"Port `{baseText}' not valid";
        range = range with { FirstPort = first, LastPort = last, BasePort = basePort, HasPorts = true };
        return null;
    }

    private static int? Port(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
}

/// <summary>MASQUERADE and REDIRECT.</summary>
internal sealed class OwnAddressExtension(string name) : TargetExtension(name, new("to-ports"), new("random", 0), new("random-fully", 0))
{
    private TranslationRange range = new(null, null);
    private string? ports;

    public override Target Build() => Name == "MASQUERADE" ? new MasqueradeTarget(range) : new RedirectTarget(range);

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        if (option == "to-ports")
            ports = values[0];
        else
            range = option == "random" ? range with { Random = true } : range with { FullyRandom = true };
        return null;
    }

    protected override string? Check(HeaderMatch header) => ports is null ? null : RangeReading.Ports(header, ports, ref range);
}

/// <summary>MARK.</summary>
internal sealed class MarkTargetExtension() : TargetExtension("MARK", [.. Forms.Select(form =>
    new ExtensionOption(form) { Excludes = [.. Forms.Where(other => other != form)] })])
{
    private static readonly string[] Forms = ["set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark"];

    private MarkTarget target = new(0, 0);

    public override Target Build() => target;

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        uint mask = uint.MaxValue;
        var isMasked = option is "set-xmark" or "set-mark";
        if (isMasked ? !NumberReading.Masked(values[0], out var value, out mask) : !NumberReading.Unsigned(values[0], out value))
            return $"MARK: bad integer value for option \"--{option}\", or out of range.\n";
        target = option switch
        {
            "set-mark" => new(value, value | mask),
            "and-mark" => new(0, ~value),
            "or-mark" => new(value, value),
            "xor-mark" => new(value, 0),
            _ => new(value, mask),
        };
        return null;
    }

    protected override string? Check(HeaderMatch header) =>
        Forms.Any(Has) ? null : "MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required";
}

/// <summary>LOG.</summary>
internal sealed class LogExtension() : TargetExtension("LOG",
    new("log-level"), new("log-prefix"), new("log-tcp-sequence", 0), new("log-tcp-options", 0), new("log-ip-options", 0), new("log-uid", 0), new("log-macdecode", 0))
{
    private int level = 4;
    private string prefix = "";
    private LogOptions options;

    public override Target Build() => new LogTarget(level, prefix, options);

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        switch (option)
        {
            case "log-prefix":
                // The kernel's structure has room for 29 characters.
                prefix = values[0].Length > 29 ? values[0][..29] : values[0];
                return null;
            case "log-level":
                level = Level(values[0]);
                return level < 0 ? $"log level \"{values[0]}\" unknown\n" : null;
        }
        options |= option switch
        {
            "log-tcp-sequence" => LogOptions.TcpSequence,
            "log-tcp-options" => LogOptions.TcpOptions,
            "log-ip-options" => LogOptions.IpOptions,
            "log-uid" => LogOptions.Uid,
            _ => LogOptions.MacDecode,
        };
        return null;
    }

    private static int Level(string text)
    {
        if (byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 8)
            return number;
        var name = text.ToLowerInvariant() switch { "warning" => "warn", "panic" => "emerg", "err" => "error", var other => other };
        // "warn" is the kernel's word for level 4, and the one that listings use.
        return Array.IndexOf(LogTarget.Levels, name);
    }
}

/// <summary>NOTRACK, and CT --notrack.</summary>
internal sealed class NoTrackExtension(string name) : TargetExtension(name, name == "CT" ? [new("notrack", 0)] : [])
{
    public override Target Build() => new NoTrackTarget(Name == "CT");

    protected override string? Set(string option, bool not, IReadOnlyList<string> values) => null;
}
