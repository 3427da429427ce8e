using System.Globalization;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>Amounts of resources as the API spells them: <c>500m</c>, <c>1.5Gi</c>, <c>2e3</c> (apimachinery resource.Quantity).</summary>
internal static class Quantity
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1024m), ("Mi", 1048576m), ("Gi", 1073741824m), ("Ti", 1099511627776m), ("Pi", 1125899906842624m),
        ("Ei", 1152921504606846976m), ("n", 0.000000001m), ("u", 0.000001m), ("m", 0.001m), ("k", 1000m), ("M", 1000000m),
        ("G", 1000000000m), ("T", 1000000000000m), ("P", 1000000000000000m), ("E", 1000000000000000000m),
    ];

    // Room for the thousandths.
    private const decimal Largest = decimal.MaxValue / 1000m;

    /// <summary>In thousandths, rounded up, as CPU is counted; 0 for what is no quantity.</summary>
    public static long Milli(Doc? value) => Clamp(Read(value) * 1000m);

    /// <summary>In whole units, rounded up, as memory is counted; 0 for what is no quantity.</summary>
    public static long Value(Doc? value) => Clamp(Read(value));

    private static long Clamp(decimal number)
    {
        var rounded = Math.Ceiling(number);
        return rounded > long.MaxValue ? long.MaxValue : rounded < 0 ? 0 : (long)rounded;
    }

    private static decimal Read(Doc? value)
    {
        var text = value?.AsText ?? (value as DocNumber)?.Literal;
        if (string.IsNullOrEmpty(text))
        {
            return 0;
        }

        foreach (var (suffix, factor) in Suffixes)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal) && Number(text[..^suffix.Length]) is { } number)
            {
                return factor > 1 && number > Largest / factor ? Largest : number * factor;
            }
        }

        return Number(text) is { } plain ? Math.Min(plain, Largest) : 0;
    }

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
