using System.Collections.Immutable;
using System.Globalization;

namespace KubeLessons.Simulator.Kubectl.Flags;

/// <summary>What a command line said: the values of its flags, and what is left as arguments.</summary>
/// <param name="Arguments">All that is no flag, in order.</param>
/// <param name="ArgumentsBeforeDash">How many of them stood before <c>--</c>; null when there was none.</param>
internal sealed record FlagValues(
    ImmutableDictionary<string, FlagSpec> Specs,
    ImmutableDictionary<string, ImmutableArray<string>> Given,
    ImmutableArray<string> Arguments,
    int? ArgumentsBeforeDash)
{
    /// <summary>True when the flag stood on the command line.</summary>
    public bool Has(string name) => Given.ContainsKey(name);

    public string Text(string name) => Given.TryGetValue(name, out var values) ? values[^1] : Specs[name].Default;

    /// <summary>The text of a flag, or "" where this command has no such flag.</summary>
    public string TextOrEmpty(string name) => Specs.ContainsKey(name) ? Text(name) : "";

    /// <summary>False too where this command has no such flag.</summary>
    public bool Flag(string name) => Specs.ContainsKey(name) && FlagSpec.TryBool(Text(name), out var value) && value;

    public long Int(string name) => long.Parse(Text(name), CultureInfo.InvariantCulture);

    public TimeSpan Duration(string name) => GoDuration.TryParse(Text(name), out var value) ? value : TimeSpan.Zero;

    public ImmutableArray<string> List(string name)
    {
        if (!Given.TryGetValue(name, out var values))
        {
            return [];
        }

        return Specs[name].Kind == FlagKind.List ? [.. values.SelectMany(SplitCommas)] : values;
    }

    // pflag reads a slice as one CSV record, so quotes keep commas together.
    private static List<string> SplitCommas(string value)
    {
        var parts = new List<string>();
        var current = new System.Text.StringBuilder();
        var quoted = false;
        foreach (var c in value)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                parts.Add(current.ToString());
                current.Clear();
            }
            else
            {
                current.Append(c);
            }
        }

        parts.Add(current.ToString());
        return parts;
    }
}
