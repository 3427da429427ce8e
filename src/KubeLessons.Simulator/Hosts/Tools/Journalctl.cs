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
        new("grep", 'g'), new("priority", 'p'), new("no-hostname", 'H'), new("all", 'a'), new("no-full", 'l'), new("disk-usage", 'D'),
    ];

    public static IEnumerable<Wait> Main(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "u:fn::S:U:No:rb::t:xekqg:p:HalD", longOptions: LongOptions.AsSpan());
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

        var selection = new Selection(self.Host, options, since, until);
        var format = options.Value('o') ?? "short";
        var entries = self.Host.Journal.Entries.Where(selection.Includes).ToList();
        var count = Count(options, entries.Count);
        var shown = entries.TakeLast(count);
        foreach (var entry in options.Has('r') ? shown.Reverse() : shown)
        {
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
        $"{entry.At.ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture)} {host.Name} {entry.Identifier}{(entry.Pid > 0 ? $"[{entry.Pid}]" : "")}: {entry.Message}";

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

        // "-n 20": the number may stand in the next word.
        var text = options.Value('n') ?? options.Operands.FirstOrDefault(word => int.TryParse(word, out _));
        return int.TryParse(text, out var lines) ? lines : text == "all" ? all : 10;
    }

    private static string Format(Host host, JournalEntry entry, string format) => format switch
    {
        "cat" => entry.Message,
        "short-iso" => $"{entry.At:yyyy-MM-ddTHH:mm:ss}+0000 {host.Name} {entry.Identifier}[{entry.Pid}]: {entry.Message}",
        "short-full" => $"{TimeWords.Stamp(entry.At)} {host.Name} {entry.Identifier}[{entry.Pid}]: {entry.Message}",
        "short-precise" => $"{entry.At.ToString("MMM dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)} {host.Name} {entry.Identifier}[{entry.Pid}]: {entry.Message}",
        "short-unix" => $"{entry.At.ToUnixTimeMilliseconds() / 1000.0:0.000000} {host.Name} {entry.Identifier}[{entry.Pid}]: {entry.Message}",
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
        ("PRIORITY", "6"),
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

        private readonly DateTimeOffset _boot = host.World.Epoch + host.Machine.BootedAt;

        public bool Includes(JournalEntry entry) =>
            (_units.Count == 0 || _units.Contains(entry.Unit))
            && (since is null || entry.At >= since)
            && (until is null || entry.At <= until)
            && (!options.Has('k') || entry.Identifier == "kernel")
            && (options.Value('t') is not { } identifier || entry.Identifier == identifier)
            && (options.Value('g') is not { } text || entry.Message.Contains(text, StringComparison.OrdinalIgnoreCase))
            && (!options.Has('b') || (options.Value('b') == "-1" ? entry.At < _boot : entry.At >= _boot));
    }
}
