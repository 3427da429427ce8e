using System.Globalization;

namespace KubeLessons.Simulator.Kubectl.Flags;

internal enum FlagKind
{
    Bool,
    Text,
    Int,

    /// <summary>A Go duration, such as <c>1m30s</c>.</summary>
    Duration,

    /// <summary>May be given several times; commas separate values too (pflag's StringSlice).</summary>
    List,

    /// <summary>May be given several times; commas are part of a value (pflag's StringArray).</summary>
    Array,
}

/// <summary>One flag of a command: its names, what it takes, its default, and the value that it has when it is given bare.</summary>
internal sealed record FlagSpec(string Name, FlagKind Kind, char Shorthand = '\0', string Default = "")
{
    /// <summary>The value of the flag when no value follows (<c>--dry-run</c>); null when a value is demanded.</summary>
    public string? Bare { get; init; } = Kind == FlagKind.Bool ? "true" : null;

    /// <summary>The command fails without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>As errors name it: <c>-f, --follow</c>.</summary>
    public string Title => Shorthand == '\0' ? "--" + Name : $"-{Shorthand}, --{Name}";

    public static FlagSpec Switch(string name, char shorthand = '\0', bool on = false) => new(name, FlagKind.Bool, shorthand, on ? "true" : "false");

    public static FlagSpec Text(string name, char shorthand = '\0', string value = "") => new(name, FlagKind.Text, shorthand, value);

    public static FlagSpec Int(string name, char shorthand = '\0', long value = 0) =>
        new(name, FlagKind.Int, shorthand, value.ToString(CultureInfo.InvariantCulture));

    public static FlagSpec Duration(string name, string value = "0s") => new(name, FlagKind.Duration, Default: value);

    public static FlagSpec List(string name, char shorthand = '\0') => new(name, FlagKind.List, shorthand);

    public static FlagSpec Array(string name, char shorthand = '\0') => new(name, FlagKind.Array, shorthand);

    /// <summary>Why this text is no value of this flag, in Go's words; null when it is one.</summary>
    public string? Fault(string value) => Kind switch
    {
        FlagKind.Bool when !TryBool(value, out _) => $"strconv.ParseBool: parsing \"{value}\": invalid syntax",
        FlagKind.Int when !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) =>
            $"strconv.ParseInt: parsing \"{value}\": invalid syntax",
        FlagKind.Duration => GoDuration.Fault(value),
        _ => null,
    };

    public static bool TryBool(string text, out bool value)
    {
        value = text is "1" or "t" or "T" or "true" or "TRUE" or "True";
        return value || text is "0" or "f" or "F" or "false" or "FALSE" or "False";
    }
}
