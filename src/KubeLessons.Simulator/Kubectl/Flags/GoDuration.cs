using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Kubectl.Flags;

/// <summary>Durations as Go reads and writes them: <c>1h2m3.5s</c>, <c>300ms</c>.</summary>
internal static class GoDuration
{
    public static bool TryParse(string text, out TimeSpan value) => Read(text, out value) is null;

    /// <summary>Why a text is no duration, in the words of Go's time package; null when it is one.</summary>
    public static string? Fault(string text) => Read(text, out _);

    /// <summary>As Go's Duration.String has it, to the millisecond.</summary>
    public static string Text(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = new StringBuilder(value < TimeSpan.Zero ? "-" : "");
        var left = value.Duration();
        if (left < TimeSpan.FromSeconds(1))
        {
            return text.Append(left.TotalMilliseconds.ToString("0.######", CultureInfo.InvariantCulture)).Append("ms").ToString();
        }

        var hours = (long)left.TotalHours;
        if (hours > 0)
        {
            text.Append(hours).Append('h');
        }

        if (hours > 0 || left.Minutes > 0)
        {
            text.Append(left.Minutes).Append('m');
        }

        var seconds = left.Seconds + ((left.Ticks % TimeSpan.TicksPerSecond) / (double)TimeSpan.TicksPerSecond);
        return text.Append(seconds.ToString("0.#########", CultureInfo.InvariantCulture)).Append('s').ToString();
    }

    private static string? Read(string text, out TimeSpan value)
    {
        value = default;
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return null;
        }

        if (rest.IsEmpty)
        {
            return $"time: invalid duration \"{text}\"";
        }

        var ticks = 0.0;
        while (!rest.IsEmpty)
        {
            var digits = CountWhile(rest, c => char.IsAsciiDigit(c) || c == '.');
            if (digits == 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return $"time: invalid duration \"{text}\"";
            }

            rest = rest[digits..];
            var length = CountWhile(rest, c => !char.IsAsciiDigit(c) && c != '.');
            if (length == 0)
            {
                return $"time: missing unit in duration \"{text}\"";
            }

            var unit = rest[..length].ToString();
            if (TicksOf(unit) is not { } factor)
            {
                return $"time: unknown unit \"{unit}\" in duration \"{text}\"";
            }

            ticks += number * factor;
            rest = rest[length..];
        }

        value = ticks < long.MaxValue ? TimeSpan.FromTicks((long)(negative ? -ticks : ticks)) : TimeSpan.MaxValue;
        return null;
    }

    private static double? TicksOf(string unit) => unit switch
    {
        "ns" => 0.01,
        "us" or "µs" or "μs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => null,
    };

    private static int CountWhile(ReadOnlySpan<char> text, Func<char, bool> holds)
    {
        var count = 0;
        while (count < text.Length && holds(text[count]))
        {
            count++;
        }

        return count;
    }
}
