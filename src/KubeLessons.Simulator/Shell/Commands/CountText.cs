using System.Globalization;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>Counts with GNU's suffixes: <c>10</c>, <c>1k</c>, <c>2M</c>; a sign is kept.</summary>
internal static class CountText
{
    public static long? Parse(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var factor = text[^1] switch { 'b' => 512L, 'k' or 'K' => 1024, 'M' => 1024 * 1024, 'G' => 1024 * 1024 * 1024, _ => 1 };
        var digits = factor == 1 ? text : text[..^1];
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) < long.MaxValue / factor / 2 ? number * factor : null;
    }
}
