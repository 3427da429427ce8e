using System.Globalization;

namespace KubeLessons.Simulator.Api.Tables;

/// <summary>Ages as Kubernetes prints them (k8s.io/apimachinery/pkg/util/duration): exact while short, coarse while long.</summary>
public static class HumanDuration
{
    /// <summary>Such as <c>5s</c>, <c>2m10s</c>, <c>15m</c>, <c>3h5m</c>, <c>7d</c>; what lies in the future is <c>&lt;invalid&gt;</c>.</summary>
    public static string Of(TimeSpan duration)
    {
        var seconds = duration.Ticks / TimeSpan.TicksPerSecond;
        if (seconds < -1)
        {
            return "<invalid>";
        }

        var (minutes, hours) = (seconds / 60, seconds / 3600);
        var days = hours / 24;
        return seconds switch
        {
            < 0 => "0s",
            < 120 => Two(seconds, "s", 0, ""),
            < 600 => Two(minutes, "m", seconds % 60, "s"),
            < 3 * 3600 => Two(minutes, "m", 0, ""),
            < 8 * 3600 => Two(hours, "h", minutes % 60, "m"),
            < 48 * 3600 => Two(hours, "h", 0, ""),
            _ when days < 8 => Two(days, "d", hours % 24, "h"),
            _ when days < 365 * 2 => Two(days, "d", 0, ""),
            _ when days < 365 * 8 => Two(days / 365, "y", days % 365, "d"),
            _ => Two(days / 365, "y", 0, ""),
        };
    }

    /// <summary>The largest unit alone, such as <c>23h</c>, <c>364d</c>, <c>9y</c> (ShortHumanDuration).</summary>
    public static string Short(TimeSpan duration) => duration.TotalSeconds switch
    {
        < -1 => "<invalid>",
        < 0 => "0s",
        < 60 => Two((long)duration.TotalSeconds, "s", 0, ""),
        < 3600 => Two((long)duration.TotalMinutes, "m", 0, ""),
        < 24 * 3600 => Two((long)duration.TotalHours, "h", 0, ""),
        < 365 * 24 * 3600 => Two((long)duration.TotalDays, "d", 0, ""),
        _ => Two((long)duration.TotalDays / 365, "y", 0, ""),
    };

    /// <summary>The age of a time stamp; <c>&lt;unknown&gt;</c> where there is none.</summary>
    public static string Since(string? time, DateTimeOffset now) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then) ? Of(now - then) : "<unknown>";

    private static string Two(long large, string unit, long small, string smallUnit) =>
        small == 0
            ? large.ToString(CultureInfo.InvariantCulture) + unit
            : string.Create(CultureInfo.InvariantCulture, $"{large}{unit}{small}{smallUnit}");
}
