using System.Globalization;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>syslog's levels by name and number, as journalctl -p and dmesg -l take them.</summary>
internal static class JournalLevels
{
    public static IReadOnlyList<string> Names { get; } = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    /// <summary>A level, which means it and all that are worse, or a range (<c>err..warning</c>); null: there is no such level.</summary>
    public static (int From, int To)? Parse(string text)
    {
        if (text.Split("..") is [var first, var last])
        {
            return Level(first) is { } one && Level(last) is { } other ? (Math.Min(one, other), Math.Max(one, other)) : null;
        }

        return Level(text) is { } level ? (0, level) : null;
    }

    /// <summary>One level; dmesg's short names are known, too.</summary>
    public static int? Level(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number <= 7 ? number : null;
        }

        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == text || (text == "warn" && Names[i] == "warning"))
            {
                return i;
            }
        }

        return null;
    }
}
