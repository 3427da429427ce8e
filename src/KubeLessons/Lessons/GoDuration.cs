using System.Globalization;
using System.Text;

namespace KubeLessons.Lessons;

/// <summary>Go's notation of durations, which Kubernetes uses everywhere: <c>1m30s</c>, <c>1.5h</c>, <c>10ms</c> (time.ParseDuration).</summary>
public static class GoDuration
{
    private static readonly (string Unit, double Ticks)[] Units =
    [
        ("ns", 0.01), ("us", 10), ("µs", 10), ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>
    /// Reads a duration without a sign. False for anything else, also for a number without a unit (only <c>0</c> may lack one) and for
    /// more than a hundred years.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan span)
    {
        span = TimeSpan.Zero;
        if (text is "0") return true;
        if (text.IsEmpty) return false;
        double ticks = 0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            text = text[digits..];
            var letters = text.IndexOfAny("0123456789.");
            var unit = letters < 0 ? text : text[..letters];
            if (!TryFindUnit(unit, out var unitTicks)) return false;
            ticks += number * unitTicks;
            text = text[unit.Length..];
        }

        if (ticks > TimeSpan.FromDays(36525).Ticks) return false;
        span = TimeSpan.FromTicks((long)Math.Round(ticks));
        return true;
    }

    /// <summary>Writes a duration the way Go prints it, without needless zero parts: <c>1m30s</c>, <c>40s</c>, <c>5m0s</c> as <c>5m</c>.</summary>
    public static string Format(TimeSpan span)
    {
        if (span == TimeSpan.Zero) return "0s";
        var text = new StringBuilder();
        if (span < TimeSpan.Zero) text.Append('-');
        span = span.Duration();
        if (span < TimeSpan.FromSeconds(1))
            return text.Append(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0.####}ms").ToString();
        var hours = (long)span.TotalHours;
        var seconds = (span.Ticks % TimeSpan.TicksPerMinute) / (double)TimeSpan.TicksPerSecond;
        if (hours > 0) text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        if (span.Minutes > 0) text.Append(CultureInfo.InvariantCulture, $"{span.Minutes}m");
        if (seconds > 0) text.Append(CultureInfo.InvariantCulture, $"{seconds:0.#######}s");
        return text.ToString();
    }

    private static bool TryFindUnit(ReadOnlySpan<char> unit, out double ticks)
    {
        foreach (var known in Units)
        {
            ticks = known.Ticks;
            if (unit.SequenceEqual(known.Unit)) return true;
        }

        ticks = 0;
        return false;
    }
}
