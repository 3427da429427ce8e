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

    private static string Number(double value) => value.ToString("0.#########", CultureInfo.InvariantCulture);
}
