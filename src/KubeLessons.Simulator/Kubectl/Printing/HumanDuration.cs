using System.Globalization;

namespace KubeLessons.Simulator.Kubectl.Printing;

/// <summary>Ages as Kubernetes prints them (k8s.io/apimachinery/pkg/util/duration).</summary>
internal static class HumanDuration
{
    /// <summary>Such as <c>5s</c>, <c>2m10s</c>, <c>15m</c>, <c>3h5m</c>, <c>7d</c>, <c>2y30d</c>; a time in the future is <c>&lt;invalid&gt;</c>.</summary>
    public static string Text(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        if (seconds < -1)
        {
            return "<invalid>";
        }

        if (seconds < 0)
        {
            return "0s";
        }

        if (seconds < 60 * 2)
        {
            return $"{seconds}s";
        }

        var minutes = seconds / 60;
        if (minutes < 10)
        {
            return Two(minutes, "m", seconds % 60, "s");
        }

        if (minutes < 60 * 3)
        {
            return $"{minutes}m";
        }

        var hours = minutes / 60;
        if (hours < 8)
        {
            return Two(hours, "h", minutes % 60, "m");
        }

        if (hours < 48)
        {
            return $"{hours}h";
        }

        var days = hours / 24;
        if (hours < 24 * 8)
        {
            return Two(days, "d", hours % 24, "h");
        }

        if (hours < 24 * 365 * 2)
        {
            return $"{days}d";
        }

        var years = days / 365;
        return hours < 24 * 365 * 8 ? Two(years, "y", days % 365, "d") : $"{years}y";
    }

    /// <summary>The age of a timestamp of the API; <c>&lt;unknown&gt;</c> when there is none.</summary>
    public static string Since(string? timestamp, DateTimeOffset now) => Parse(timestamp) is { } time ? Text(now - time) : "<unknown>";

    public static DateTimeOffset? Parse(string? timestamp) =>
        DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    private static string Two(long big, string bigUnit, long small, string smallUnit) =>
        small == 0 ? $"{big}{bigUnit}" : $"{big}{bigUnit}{small}{smallUnit}";
}
