using KubeLessons.Simulator.Api.Pipeline;

namespace KubeLessons.Simulator.Controllers;

/// <summary>The two spellings of a time in the API: whole seconds (metav1.Time) and microseconds (metav1.MicroTime).</summary>
internal static class Timestamps
{
    public static string Time(DateTimeOffset time) => ObjectMeta.Time(time);

    /// <summary>The time that a text names; the beginning of time when it is missing or none.</summary>
    public static DateTimeOffset Parse(string? text) => ObjectMeta.ParseTime(text) ?? DateTimeOffset.MinValue;
}
