using System.Globalization;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>Durations as Go prints them (time.Duration.String): <c>1m20s</c>, <c>5m0s</c>, <c>2.1s</c>, <c>137.5ms</c>.</summary>
internal static class GoDuration
{
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        if (duration < TimeSpan.Zero)
        {
            return "-" + Format(-duration);
        }

        if (duration < TimeSpan.FromMilliseconds(1))
        {
            return Number(duration.TotalMicroseconds) + "µs";
        }

        if (duration < TimeSpan.FromSeconds(1))
        {
            return Number(duration.TotalMilliseconds) + "ms";
        }

        var seconds = Number((duration.Ticks % TimeSpan.TicksPerMinute) / (double)TimeSpan.TicksPerSecond) + "s";
        var minutes = (long)duration.TotalMinutes;
        return minutes == 0 ? seconds
            : minutes < 60 ? $"{minutes}m{seconds}"
            : $"{minutes / 60}h{minutes % 60}m{seconds}";
    }

    /// <summary>Rounded towards zero to whole milliseconds, as newer kubelets print how long a pull took.</summary>
    public static string FormatMilliseconds(TimeSpan duration) =>
        Format(TimeSpan.FromMilliseconds(Math.Floor(duration.TotalMilliseconds)));

    /// <summary>Reads such as <c>5m0s</c>, <c>30s</c>, <c>1h2m</c>, <c>1.5s</c>, <c>300ms</c>; null when it is none.</summary>
    public static TimeSpan? Parse(string? text)
    {
        var (sum, at) = (TimeSpan.Zero, 0);
        while (text is not null && at < text.Length)
        {
            var unit = at;
            while (unit < text.Length && (char.IsAsciiDigit(text[unit]) || text[unit] == '.'))
            {
                unit++;
            }

            var end = unit;
            while (end < text.Length && char.IsAsciiLetter(text[end]))
            {
                end++;
            }

            TimeSpan? one = text[unit..end] switch
            {
                "h" => TimeSpan.FromHours(1),
                "m" => TimeSpan.FromMinutes(1),
                "s" => TimeSpan.FromSeconds(1),
                "ms" => TimeSpan.FromMilliseconds(1),
                _ => null,
            };
            if (one is not { } step || !double.TryParse(text.AsSpan(at, unit - at), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            {
                return null;
            }

            (sum, at) = (sum + (step * count), end);
        }

        return string.IsNullOrEmpty(text) ? null : sum;
    }

    private static string Number(double value) => value.ToString("0.#########", CultureInfo.InvariantCulture);
}
