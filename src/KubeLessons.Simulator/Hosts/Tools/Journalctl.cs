using System.Collections.Immutable;
using System.Globalization;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>journalctl(1): by unit, number of lines, time and boot; following; short, cat, iso and json output.</summary>
internal static class Journalctl
{
    private static readonly ImmutableArray<LongOption> LongOptions =
    [
        new("unit", 'u'), new("follow", 'f'), new("lines", 'n'), new("since", 'S'), new("until", 'U'), new("no-pager", 'N'), new("output", 'o'),
        new("reverse", 'r'), new("boot", 'b'), new("identifier", 't'), new("catalog", 'x'), new("pager-end", 'e'), new("dmesg", 'k'), new("quiet", 'q'),
        new("grep", 'g'), new("priority", 'p'), new("no-hostname", 'H'), new("all", 'a'), new("no-full", 'l'), new("disk-usage", 'D'), new("list-boots", 'B'), new("no-tail", 'T'), new("system", 's'),
    ];

    public static IEnumerable<Wait> Main(Process self)
    {
        var options = CommandOptions.Parse(Joined(self.Arguments), "u:fn::S:U:No:rb::t:xekqg:p:HalDBTs", longOptions: LongOptions.AsSpan());
        if (options.Fault is { } fault)
        {
            self.Error.WriteLine($"journalctl: {fault}");
            self.Exit(1);
            yield break;
        }

        if (self.ContainerId is not null)
        {
            self.Output.WriteLine("No journal files were found.\n-- No entries --");
            yield break;
        }

        var now = self.World.UtcNow;
        if (!TryTime(options.Value('S'), now, out var since) || !TryTime(options.Value('U'), now, out var until))
        {
            self.Error.WriteLine($"Failed to parse timestamp: {options.Value('S') ?? options.Value('U')}");
            self.Exit(1);
            yield break;
        }

        if (Fault(options) is { } wrong)
        {
            self.Error.WriteLine(wrong);
            self.Exit(1);
            yield break;
        }

        if (options.Has('B'))
        {
            self.Output.Write(JournalBoots.List(self.Host));
            yield break;
        }

        if (options.Has('b') && JournalBoots.Find(self.Host, options.Value('b')) is null)
        {
            self.Error.WriteLine($"Data from the specified boot ({options.Value('b')}) is not available: No such boot ID in journal");
            self.Exit(1);
            yield break;
        }

        var selection = new Selection(self.Host, options, since, until);
        var format = options.Value('o') ?? "short";
        var entries = self.Host.Journal.Entries.Where(selection.Includes).ToList();
        var count = Count(options, entries.Count);
        var shown = entries.TakeLast(count);
        string? boot = null;
        foreach (var entry in options.Has('r') ? shown.Reverse() : shown)
        {
            if (boot is not null && boot != entry.BootId && format.StartsWith("short", StringComparison.Ordinal))
            {
                self.Output.WriteLine($"-- Boot {JournalBoots.Plain(entry.BootId)} --");
            }

            boot = entry.BootId;
            self.Output.WriteLine(Format(self.Host, entry, format));
        }

        if (entries.Count == 0 && !options.Has('q') && !options.Has('f'))
        {
            self.Output.WriteLine("-- No entries --");
        }

        if (options.Has('f'))
        {
            yield return Wait.Call(Follow(self, selection, format));
        }
    }

    /// <summary>An entry as <c>-o short</c> prints it.</summary>
    public static string Line(Host host, JournalEntry entry) =>
        $"{entry.At.ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture)} {Source(host, entry)}: {entry.Message}";

    private static string Source(Host host, JournalEntry entry) => $"{host.Name} {entry.Identifier}{Pid(entry)}";

    private static string Pid(JournalEntry entry) => entry.Pid > 0 ? $"[{entry.Pid}]" : "";

    private static IEnumerable<Wait> Follow(Process self, Selection selection, string format)
    {
        // The journal drops its oldest entries, so the place is kept as a count of all that ever came.
        var seen = self.Host.Journal.Count;
        while (true)
        {
            var missed = (int)Math.Min(self.Host.Journal.Count - seen, Journal.Capacity);
            seen = self.Host.Journal.Count;
            foreach (var entry in self.Host.Journal.Entries.TakeLast(missed).Where(selection.Includes).ToList())
            {
                self.Output.WriteLine(Format(self.Host, entry, format));
            }

            if (self.Output.IsBroken)
            {
                self.Exit(141);
                yield break;
            }

            yield return Wait.On(self.Output.IsFull ? self.Output.Changed : self.Host.Journal.Grew);
        }
    }

    private static int Count(CommandOptions options, int all)
    {
        if (!options.Has('n'))
        {
            return options.Has('f') ? 10 : options.Has('e') ? 1000 : all;
        }

        var text = options.Value('n') ?? options.Operands.FirstOrDefault(word => int.TryParse(word, out _));
        return int.TryParse(text, out var lines) ? lines : text == "all" ? all : 10;
    }

    // The value of -n and -b may stand in the next word, and may be a negative number.
    private static ImmutableArray<string> Joined(ReadOnlySpan<string> arguments)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        foreach (var word in arguments)
        {
            if (words.Count > 0 && words[^1] is ['-', not '-', ..] before && ((before[^1] == 'n' && (word == "all" || int.TryParse(word, out _)))
                || (before[^1] == 'b' && (int.TryParse(word, out _) || word.Length == 32))))
            {
                words[^1] += word;
            }
            else
            {
                words.Add(word);
            }
        }

        return words.ToImmutable();
    }

    // What is wrong with the values of the options, in the program's words; null: nothing.
    private static string? Fault(CommandOptions options)
    {
        if (options.Value('p') is { } level && JournalLevels.Parse(level) is null)
        {
            return $"Unknown log level {level}";
        }

        if (options.Value('o') is { } format && format is not ("short" or "cat" or "short-iso" or "short-full" or "short-precise" or "short-unix" or "short-monotonic" or "json" or "json-pretty" or "verbose" or "with-unit"))
        {
            return $"Unknown output format '{format}'.";
        }

        // What is no number after -n and -b is a match of its own, such as _PID=1; a bare word is none.
        return options.Operands.FirstOrDefault(word => !int.TryParse(word, out _) && !word.Contains('=') && !word.StartsWith('/') && word != "all") is { } match
            ? $"Failed to add match '{match}': Invalid argument" : null;
    }

    private static string Format(Host host, JournalEntry entry, string format) => format switch
    {
        "cat" => entry.Message,
        "short-monotonic" => string.Create(CultureInfo.InvariantCulture, $"[{(entry.At - JournalBoots.StartOf(host, entry.BootId)).TotalSeconds,12:0.000000}] {Source(host, entry)}: {entry.Message}"),
        "with-unit" => $"{TimeWords.Stamp(entry.At)} {host.Name} {(entry.Unit.Length > 0 ? entry.Unit + ".service/" : "")}{entry.Identifier}{Pid(entry)}: {entry.Message}",
        "short-iso" => $"{entry.At:yyyy-MM-ddTHH:mm:ss}+0000 {Source(host, entry)}: {entry.Message}",
        "short-full" => $"{TimeWords.Stamp(entry.At)} {Source(host, entry)}: {entry.Message}",
        "short-precise" => $"{entry.At.ToString("MMM dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)} {Source(host, entry)}: {entry.Message}",
        "short-unix" => string.Create(CultureInfo.InvariantCulture, $"{(entry.At - DateTimeOffset.UnixEpoch).TotalSeconds:0.000000} {Source(host, entry)}: {entry.Message}"),
        "json" => DocJson.Write(Json(host, entry)),
        "json-pretty" => DocJson.Write(Json(host, entry), indented: true),
        _ => Line(host, entry),
    };

    private static DocObject Json(Host host, JournalEntry entry) => Doc.Obj(
        ("__REALTIME_TIMESTAMP", (entry.At.ToUnixTimeMilliseconds() * 1000).ToString(CultureInfo.InvariantCulture)),
        ("_HOSTNAME", host.Name),
        ("_PID", entry.Pid.ToString(CultureInfo.InvariantCulture)),
        ("SYSLOG_IDENTIFIER", entry.Identifier),
        ("_SYSTEMD_UNIT", entry.Unit.Length > 0 ? entry.Unit + ".service" : null),
        ("PRIORITY", entry.Priority.ToString(CultureInfo.InvariantCulture)),
        ("_BOOT_ID", JournalBoots.Plain(entry.BootId)),
        ("MESSAGE", entry.Message));

    // "2026-01-05 00:10:00", "00:10", "today", "5 minutes ago", "-5min" and "-1h" (systemd.time(7)).
    private static bool TryTime(string? text, DateTimeOffset now, out DateTimeOffset? time)
    {
        time = null;
        if (text is null)
        {
            return true;
        }

        time = text switch
        {
            "now" => now,
            "today" => new DateTimeOffset(now.Date, TimeSpan.Zero),
            "yesterday" => new DateTimeOffset(now.Date.AddDays(-1), TimeSpan.Zero),
            _ => null,
        };
        if (time is not null)
        {
            return true;
        }

        var relative = text.EndsWith(" ago", StringComparison.Ordinal) ? text[..^4] : text.StartsWith('-') ? text[1..] : null;
        if (relative is not null)
        {
            time = TrySpan(relative, out var span) ? now - span : null;
            return time is not null;
        }

        if (TimeOnly.TryParse(text, CultureInfo.InvariantCulture, out var clock))
        {
            time = new DateTimeOffset(now.Date.Add(clock.ToTimeSpan()), TimeSpan.Zero);
        }
        else if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            time = date;
        }

        return time is not null;
    }

    private static bool TrySpan(string text, out TimeSpan span)
    {
        span = TimeSpan.Zero;
        var digits = text.TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.').Count();
        if (!double.TryParse(text.AsSpan(0, digits), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        span = text[digits..].Trim().TrimEnd('s') switch
        {
            "" or "ec" or "econd" => TimeSpan.FromSeconds(value),
            "m" or "min" or "minute" => TimeSpan.FromMinutes(value),
            "h" or "hr" or "hour" => TimeSpan.FromHours(value),
            "d" or "day" => TimeSpan.FromDays(value),
            _ => TimeSpan.FromTicks(-1),
        };
        return span >= TimeSpan.Zero;
    }

    private sealed class Selection(Host host, CommandOptions options, DateTimeOffset? since, DateTimeOffset? until)
    {
        private readonly HashSet<string> _units = [.. options.Values('u').Select(name =>
            host.Units.Find(name)?.Name ?? name.Replace(".service", "", StringComparison.Ordinal))];

        // The kernel's lines are those of this boot unless another is asked for.
        private readonly string? _boot = options.Has('b') ? JournalBoots.Find(host, options.Value('b')) : options.Has('k') ? host.Machine.BootId : null;

        private readonly (int From, int To) _levels = JournalLevels.Parse(options.Value('p') ?? "debug") ?? (0, 7);

        public bool Includes(JournalEntry entry) =>
            (_units.Count == 0 || _units.Contains(entry.Unit))
            && (since is null || entry.At >= since)
            && (until is null || entry.At <= until)
            && (!options.Has('k') || entry.Identifier == KernelLog.Identifier)
            && entry.Priority >= _levels.From && entry.Priority <= _levels.To
            && (options.Value('t') is not { } identifier || entry.Identifier == identifier)
            && (options.Value('g') is not { } text || entry.Message.Contains(text, StringComparison.OrdinalIgnoreCase))
            && (_boot is null || entry.BootId == _boot);
    }
}
