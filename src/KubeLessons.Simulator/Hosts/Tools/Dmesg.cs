using System.Globalization;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>dmesg(1): the kernel's lines since the last boot; -T, -w, -W, -l, -x, -t, -C and -c.</summary>
internal static class Dmesg
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var options = CommandOptions.Parse(
            [.. self.Arguments], "TwWl:xtCckHPL::", longOptions: [new("ctime", 'T'), new("follow", 'w'), new("follow-new", 'W'), new("level", 'l'), new("decode", 'x'), new("notime", 't'),
                new("clear", 'C'), new("read-clear", 'c'), new("kernel", 'k'), new("human", 'H'), new("nopager", 'P'), new("color", 'L')]);
        if (options.Fault is { } fault)
        {
            self.Error.WriteLine($"dmesg: {fault}\nTry 'dmesg --help' for more information.");
            self.Exit(1);
            yield break;
        }

        // The buffer is the machine's; a container may not see it (CAP_SYSLOG).
        if (self.ContainerId is not null)
        {
            self.Error.WriteLine("dmesg: read kernel buffer failed: Operation not permitted");
            self.Exit(1);
            yield break;
        }

        var levels = (options.Value('l') ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (levels.FirstOrDefault(level => JournalLevels.Level(level) is null) is { } unknown)
        {
            self.Error.WriteLine($"dmesg: unknown level '{unknown}'");
            self.Exit(1);
            yield break;
        }

        var wanted = levels.Select(JournalLevels.Level).ToHashSet();
        if (!options.Has('C') && !options.Has('W'))
        {
            foreach (var entry in self.Host.Journal.Entries.Where(IsShown))
            {
                self.Output.WriteLine(Line(self.Host, entry, options));
            }
        }

        if (options.Has('C') || options.Has('c'))
        {
            self.Host.Kernel.LogClearedAt = self.World.UtcNow;
        }
        else if (options.Has('w') || options.Has('W'))
        {
            yield return Wait.Call(Follow(self, IsShown, options));
        }

        bool IsShown(JournalEntry entry) => entry.Identifier == KernelLog.Identifier && entry.BootId == self.Host.Machine.BootId
            && entry.At > self.Host.Kernel.LogClearedAt && (wanted.Count == 0 || wanted.Contains(entry.Priority));
    }

    private static IEnumerable<Wait> Follow(Process self, Func<JournalEntry, bool> isShown, CommandOptions options)
    {
        var journal = self.Host.Journal;
        var seen = journal.Count;
        while (!self.Output.IsBroken)
        {
            yield return Wait.On(self.Output.IsFull ? self.Output.Changed : journal.Grew);
            var missed = (int)Math.Min(journal.Count - seen, Journal.Capacity);
            seen = journal.Count;
            foreach (var entry in journal.Entries.TakeLast(missed).Where(isShown).ToList())
            {
                self.Output.WriteLine(Line(self.Host, entry, options));
            }
        }

        self.Exit(128 + (int)ProcessSignal.Pipe);
    }

    private static string Line(Host host, JournalEntry entry, CommandOptions options)
    {
        var since = entry.At - (host.World.Epoch + host.Machine.BootedAt);
        var time = options.Has('t') ? ""
            : options.Has('T') ? string.Create(CultureInfo.InvariantCulture, $"[{entry.At:ddd MMM} {entry.At.Day,2} {entry.At:HH:mm:ss yyyy}] ")
            : string.Create(CultureInfo.InvariantCulture, $"[{since.TotalSeconds,12:0.000000}] ");
        var level = JournalLevels.Names[entry.Priority] is "warning" ? "warn" : JournalLevels.Names[entry.Priority];
        return (options.Has('x') ? $"{"kern",-6}:{level,-6}: " : "") + time + entry.Message;
    }
}
