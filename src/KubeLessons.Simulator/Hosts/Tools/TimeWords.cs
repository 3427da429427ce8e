using System.Globalization;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>Times as systemd words them.</summary>
internal static class TimeWords
{
    /// <summary>Such as <c>Mon 2026-01-05 00:00:12 UTC</c>.</summary>
    public static string Stamp(DateTimeOffset time) => time.ToString("ddd yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>6min ago</c> and <c>1h 2min ago</c>: the two largest units.</summary>
    public static string Ago(TimeSpan span) =>
        span.TotalSeconds < 1 ? $"{span.TotalMilliseconds:0}ms ago"
        : span.TotalMinutes < 1 ? $"{span.Seconds}s ago"
        : span.TotalHours < 1 ? (span.Seconds > 0 && span.TotalMinutes < 10 ? $"{span.Minutes}min {span.Seconds}s ago" : $"{span.Minutes}min ago")
        : span.TotalDays < 1 ? $"{span.Hours}h {span.Minutes}min ago".Replace(" 0min", "", StringComparison.Ordinal)
        : $"{(int)span.TotalDays} day{((int)span.TotalDays == 1 ? "" : "s")} ago";

    /// <summary>Such as <c>6min 2.123s</c>.</summary>
    public static string Span(TimeSpan span)
    {
        var seconds = (span.TotalSeconds % 60).ToString("0.###", CultureInfo.InvariantCulture) + "s";
        return span.TotalMinutes < 1 ? seconds
            : span.TotalHours < 1 ? $"{span.Minutes}min {seconds}"
            : span.TotalDays < 1 ? $"{span.Hours}h {span.Minutes}min {seconds}"
            : $"{(int)span.TotalDays}d {span.Hours}h {span.Minutes}min {seconds}";
    }

    public static string Cpu(TimeSpan span) =>
        span.TotalSeconds < 1 ? $"{span.TotalMilliseconds:0}ms" : Span(TimeSpan.FromMilliseconds(Math.Round(span.TotalMilliseconds)));
}

/// <summary>Sizes as tools print them.</summary>
internal static class SizeWords
{
    /// <summary>Such as <c>41.2M</c>: powers of 1024, one decimal.</summary>
    public static string Short(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < 4)
        {
            value /= 1024;
            unit++;
        }

        return unit == 0 ? $"{bytes}B" : value.ToString("0.0", CultureInfo.InvariantCulture) + "BKMGT"[unit];
    }
}

/// <summary>Signals by their names and numbers, as kill takes them.</summary>
internal static class SignalWords
{
    public static ProcessSignal? Parse(string text)
    {
        var name = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..] : text;
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return (ProcessSignal)number;
        }

        return name.ToUpperInvariant() switch
        {
            "HUP" => ProcessSignal.Hangup,
            "INT" => ProcessSignal.Interrupt,
            "QUIT" => (ProcessSignal)3,
            "KILL" => ProcessSignal.Kill,
            "USR1" => (ProcessSignal)10,
            "USR2" => (ProcessSignal)12,
            "PIPE" => ProcessSignal.Pipe,
            "TERM" => ProcessSignal.Terminate,
            "CONT" => (ProcessSignal)18,
            "STOP" => (ProcessSignal)19,
            _ => null,
        };
    }
}
