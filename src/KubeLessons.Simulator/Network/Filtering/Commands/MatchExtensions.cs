using System.Globalization;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>-m comment.</summary>
internal sealed class CommentExtension() : MatchExtension("comment", new ExtensionOption("comment", IsRequired: true))
{
    private string comment = "";

    public override Match Build(HeaderMatch header) => new CommentMatch(comment);

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        comment = values[0];
        return comment.Length > 255 ? "comment: bad value for option \"--comment\", or out of range.\n" : null;
    }
}

/// <summary>-m state.</summary>
internal sealed class StateExtension() : MatchExtension("state", new ExtensionOption("state", CanInvert: true, IsRequired: true))
{
    private StateMatch match = new(ConnectionStates.None, false);

    public override Match Build(HeaderMatch header) => match;

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        var refusal = StateReading.Read(values[0], false, "state", out var states);
        match = new(states, not);
        return refusal;
    }
}

internal static class StateReading
{
    public static string? Read(string text, bool translations, string option, out ConnectionStates states)
    {
        states = ConnectionStates.None;
        foreach (var word in text.Split(','))
        {
            if (ConnectionStateNames.Parse(word, translations) is not { } state)
                return $"Bad {option} \"{word}\"";
            states |= state;
        }
        return null;
    }
}

/// <summary>-m conntrack.</summary>
internal sealed class ConntrackExtension() : MatchExtension("conntrack",
    new("ctstate", CanInvert: true), new("ctorigsrc", CanInvert: true), new("ctorigdst", CanInvert: true), new("ctdir"))
{
    private ConntrackMatch match = new();

    public override Match Build(HeaderMatch header) => match;

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        if (option == "ctstate")
        {
            var refusal = StateReading.Read(values[0], true, "ctstate", out var states);
            match = match with { State = (states, not) };
            return refusal;
        }
        if (option == "ctdir")
        {
            var isOriginal = string.Equals(values[0], "ORIGINAL", StringComparison.OrdinalIgnoreCase);
            match = match with { Original = isOriginal };
            return isOriginal || string.Equals(values[0], "REPLY", StringComparison.OrdinalIgnoreCase) ? null
                : $"conntrack: bad value \"{values[0]}\" for option \"--ctdir\".\n";
        }
        if (AddressReading.Read(values[0], not, out var addresses) is { } wrong)
            return wrong;
        match = option == "ctorigsrc" ? match with { OriginalSource = addresses[0] } : match with { OriginalDestination = addresses[0] };
        return null;
    }

    protected override string? Check(HeaderMatch header) => match == new ConntrackMatch() ? "conntrack: At least one option is required" : null;
}

/// <summary>-m mark.</summary>
internal sealed class MarkExtension() : MatchExtension("mark", new ExtensionOption("mark", CanInvert: true, IsRequired: true))
{
    private MarkMatch match = new(0, 0, false);

    public override Match Build(HeaderMatch header) => match;

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        if (!NumberReading.Masked(values[0], out var value, out var mask))
            return "mark: bad integer value for option \"--mark\", or out of range.\n";
        match = new(value, mask, not);
        return null;
    }
}

/// <summary>Numbers as strtoul reads them: decimal, 0x for hexadecimal, a leading 0 for octal.</summary>
internal static class NumberReading
{
    public static bool Unsigned(string text, out uint value)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return uint.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value);
        if (text.Length > 1 && text[0] == '0' && text.All(letter => letter is >= '0' and <= '7') && text.Length <= 11)
        {
            value = Convert.ToUInt32(text, 8);
            return true;
        }
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>"value" or "value/mask".</summary>
    public static bool Masked(string text, out uint value, out uint mask)
    {
        var slash = text.IndexOf('/');
        mask = uint.MaxValue;
        return Unsigned(slash < 0 ? text : text[..slash], out value) && (slash < 0 || Unsigned(text[(slash + 1)..], out mask));
    }
}

/// <summary>-m statistic.</summary>
internal sealed class StatisticExtension() : MatchExtension("statistic",
    new("mode"), new("probability", CanInvert: true) { Excludes = ["every", "packet"] },
    new("every", CanInvert: true) { Excludes = ["probability"], Needs = ["packet"] }, new("packet") { Excludes = ["probability"], Needs = ["every"] })
{
    private string mode = "random";
    private double probability;
    private uint every;
    private uint packet;
    private bool isNot;

    public override Match Build(HeaderMatch header) => mode == "nth" ? new NthMatch(every, packet, isNot) : RandomMatch.Of(probability, isNot);

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        isNot |= not;
        switch (option)
        {
            case "mode":
                mode = values[0];
                return mode is "random" or "nth" ? null : $"Bad mode \"{mode}\"";
            case "probability":
                return double.TryParse(values[0], NumberStyles.Float, CultureInfo.InvariantCulture, out probability) && probability is >= 0 and <= 1 ? null
                    : OutOfRange(option, "0-1");
            case "every":
                return NumberReading.Unsigned(values[0], out every) && every > 0 ? null : OutOfRange(option, "1-4294967295");
            default:
                return NumberReading.Unsigned(values[0], out packet) ? null : OutOfRange(option, "0-4294967295");
        }
    }

    protected override string? Check(HeaderMatch header)
    {
        if (mode == "random" && !Has("probability"))
            return "--probability must be specified when using random mode";
        if (mode == "nth" && !Has("every") && !Has("packet"))
            return "--every and --packet must be specified when using nth mode";
        return mode == "nth" && Has("packet") && Has("every") && packet >= every ? "the --packet p must be 0 <= p <= n-1" : null;
    }
}

/// <summary>-m limit.</summary>
internal sealed class LimitExtension() : MatchExtension("limit", new("limit"), new("limit-burst"))
{
    private int count = 3;
    private string unit = "hour";
    private uint burst = 5;

    public override Match Build(HeaderMatch header) => new LimitMatch(count, unit, (int)burst);

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        if (option == "limit-burst")
            return NumberReading.Unsigned(values[0], out burst) && burst <= 10000 ? null : OutOfRange(option, "0-10000");
        var parts = values[0].Split('/');
        var word = parts.Length > 1 ? parts[1] : "second";
        var known = new[] { "second", "minute", "hour", "day" }.FirstOrDefault(name => word.Length > 0 && name.StartsWith(word, StringComparison.OrdinalIgnoreCase));
        if (known is null || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out count) || count == 0 || parts.Length > 2)
            return $"bad rate \"{values[0]}\"'";
        unit = known switch { "second" => "sec", "minute" => "min", _ => known };
        return null;
    }
}

/// <summary>-m recent.</summary>
internal sealed class RecentExtension() : MatchExtension("recent",
    new("set", 0, true) { Excludes = ["rcheck", "update", "remove"] }, new("rcheck", 0, true) { Excludes = ["set", "update", "remove"] },
    new("update", 0, true) { Excludes = ["set", "rcheck", "remove"] }, new("remove", 0, true) { Excludes = ["set", "rcheck", "update"] },
    new("seconds"), new("reap", 0) { Needs = ["seconds"] }, new("hitcount"), new("rttl", 0), new("name"), new("rsource", 0), new("rdest", 0), new("mask"))
{
    private RecentMatch match = new(RecentAction.Check, "DEFAULT");

    public override Match Build(HeaderMatch header) => match;

    // The module accepts no slash in a name, no seconds beside --set, and counts no further than 20 packets unless told to.
    public override bool IsRefusedByKernel(HeaderMatch header) => match.Name.Contains('/') || match.HitCount > 255 ||
        (match.Action == RecentAction.Set && (match.Seconds != 0 || match.HitCount != 0));

    protected override string? Set(string option, bool not, IReadOnlyList<string> values)
    {
        uint number;
        switch (option)
        {
            case "seconds":
                match = match with { Seconds = NumberReading.Unsigned(values[0], out number) ? (int)number : 0 };
                return match.Seconds > 0 ? null : OutOfRange(option, "1-4294967295");
            case "hitcount":
                if (!NumberReading.Unsigned(values[0], out number))
                    return OutOfRange(option, "0-4294967295");
                match = match with { HitCount = (int)Math.Min(number, int.MaxValue) };
                return null;
            case "mask":
                if (!Ipv4Address.TryParse(values[0], out var mask))
                    return $"recent: bad value for option \"--{option}\", or out of range.\n";
                match = match with { Mask = mask.Value };
                return null;
            case "name":
                match = match with { Name = values[0] };
                return null;
            default:
                match = Flag(option, not);
                return null;
        }
    }

    protected override string? Check(HeaderMatch header) => Has("set") || Has("rcheck") || Has("update") || Has("remove") ? null
        : "recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'";

    private RecentMatch Flag(string option, bool not) => option switch
    {
        "set" => match with { Action = RecentAction.Set, Not = not },
        "rcheck" => match with { Action = RecentAction.Check, Not = not },
        "update" => match with { Action = RecentAction.Update, Not = not },
        "remove" => match with { Action = RecentAction.Remove, Not = not },
        "reap" => match with { Reap = true },
        "rttl" => match with { TimeToLive = true },
        "rdest" => match with { ByDestination = true },
        _ => match with { ByDestination = false },
    };
}
