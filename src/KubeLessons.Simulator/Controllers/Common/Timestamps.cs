using System.Globalization;

namespace KubeLessons.Simulator.Controllers;

/// <summary>The two spellings of a time in the API: whole seconds (metav1.Time) and microseconds (metav1.MicroTime).</summary>
internal static class Timestamps
{
    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string MicroTime(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time that a text names; the beginning of time when it is missing or none.</summary>
    public static DateTimeOffset Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : DateTimeOffset.MinValue;
}
