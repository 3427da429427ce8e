using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Hosts.Proc;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>df(1) of coreutils 9.1, from the table of mounts: -h, -H, -T, -i, -a, -k, -m, -P, -t, -x, -l, --total, --output.</summary>
internal sealed class DiskFree(Process self, CommandOptions options)
{
    private sealed record Row(MountEntry Mount, long Total, long Used, long Available);

    private readonly Host _host = self.Host;

    private bool IsHuman => options.Has('h') || options.Has('H');

    public static IEnumerable<Wait> Main(Process self)
    {
        var options = CommandOptions.Parse(
            [.. self.Arguments], "hHTiakmPlt:x:O::R", longOptions: [new("human-readable", 'h'), new("si", 'H'), new("print-type", 'T'), new("inodes", 'i'), new("all", 'a'), new("portability", 'P'),
                new("local", 'l'), new("type", 't'), new("exclude-type", 'x'), new("output", 'O'), new("total", 'R')]);
        if (options.Fault is { } fault)
        {
            self.Error.WriteLine($"df: {fault}\nTry 'df --help' for more information.");
            self.Exit(1);
            return [];
        }

        new DiskFree(self, options).Run();
        return [];
    }

    private void Run()
    {
        var table = MountTable.Of(_host, self.Files, self.ContainerId).ToList();
        var (entries, code) = options.Operands.Count > 0 ? Asked(table) : (Everything(table), 0);
        var rows = entries.Select(Measure).ToList();
        if (options.Operands.Count == 0 && !options.Has('a'))
        {
            // The kernel's own trees have no blocks.
            rows.RemoveAll(row => row.Total == 0);
        }

        if (rows.Count == 0)
        {
            self.Error.Write(code == 0 ? "df: no file systems processed\n" : "");
            self.Exit(1);
            return;
        }

        if (options.Has('R'))
        {
            rows.Add(new Row(new MountEntry("total", "-", "-", ""), rows.Sum(row => row.Total), rows.Sum(row => row.Used), rows.Sum(row => row.Available)));
        }

        self.Output.Write(Layout([Titles(), .. rows.Select(Cells)]));
        self.Exit(code);
    }

    private (List<MountEntry> Entries, int Code) Asked(List<MountEntry> table)
    {
        var (entries, code) = (new List<MountEntry>(), 0);
        foreach (var operand in options.Operands)
        {
            var path = FileSystem.Resolve(self.WorkingDirectory, operand);
            if (!self.Files.Exists(path) && !table.Exists(entry => entry.Target == path || entry.Source == path))
            {
                self.Error.WriteLine($"df: {operand}: No such file or directory");
                code = 1;
                continue;
            }

            entries.Add(table.Find(entry => entry.Source == path && entry.Source.StartsWith('/'))
                ?? table.Where(entry => entry.Target == "/" || path == entry.Target || path.StartsWith(entry.Target + "/", StringComparison.Ordinal)).MaxBy(entry => entry.Target.Length)!);
        }

        return (entries, code);
    }

    // A device that is mounted more than once is shown where it was mounted nearest to the root.
    private List<MountEntry> Everything(List<MountEntry> table) =>
    [
        .. table.Where(entry => !options.Has('t') || options.Values('t').Contains(entry.Type))
            .Where(entry => !options.Values('x').Contains(entry.Type))
            .Where(entry => options.Has('a') || !entry.Source.StartsWith("/dev/", StringComparison.Ordinal)
                || !table.Exists(other => other.Source == entry.Source && other.Target.Length < entry.Target.Length)),
    ];

    private Row Measure(MountEntry entry)
    {
        var isDisk = entry.Type is "ext4" or "overlay";
        if (!isDisk && entry.Type is not ("tmpfs" or "devtmpfs"))
        {
            return new Row(entry, 0, 0, 0);
        }

        var machine = _host.Machine;
        var holder = self.Files.MountedAt(entry.Target);
        if (options.Has('i'))
        {
            // mke2fs makes an inode for every 16 KiB; a file system in memory has one for every other page.
            var files = isDisk ? 61_700 + _host.Files.Below("/").Count() : 1 + (holder?.Below("/").Count() ?? 0);
            var inodes = isDisk ? machine.DiskKiB / 16 : machine.MemoryKiB / 8;
            return new Row(entry, inodes, files, inodes - files);
        }

        if (isDisk)
        {
            return new Row(entry, machine.DiskKiB, DiskUse.UsedKiB(_host), DiskUse.FreeKiB(_host));
        }

        var size = Size(entry.Options) ?? machine.MemoryKiB / 2;
        var bytes = holder?.BytesBelow("/") ?? (entry.Target == "/run" ? _host.Files.BytesBelow("/run") : 0);
        return new Row(entry, size, (bytes + 1023) / 1024, size - ((bytes + 1023) / 1024));
    }

    private static long? Size(string text)
    {
        foreach (var option in text.Split(','))
        {
            if (option.StartsWith("size=", StringComparison.Ordinal) && option.EndsWith('k') && long.TryParse(option.AsSpan(5, option.Length - 6), out var kib))
            {
                return kib;
            }
        }

        return null;
    }

    private string[] Titles()
    {
        if (options.Has('O'))
        {
            return [.. Fields.Select(field => field switch
            {
                "source" => "Filesystem", "fstype" => "Type", "size" => SizeTitle, "used" => "Used", "avail" => IsHuman ? "Avail" : "Avail", "pcent" => "Use%", _ => "Mounted on",
            })];
        }

        string[] numbers = options.Has('i') ? ["Inodes", "IUsed", "IFree", "IUse%"]
            : [SizeTitle, "Used", IsHuman ? "Avail" : "Available", options.Has('P') ? "Capacity" : "Use%"];
        return [.. options.Has('T') ? ["Filesystem", "Type"] : (string[])["Filesystem"], .. numbers, "Mounted on"];
    }

    private string SizeTitle => IsHuman ? "Size" : options.Has('m') ? "1M-blocks" : options.Has('P') ? "1024-blocks" : "1K-blocks";

    private string[] Fields => (options.Value('O') ?? "source,fstype,size,used,avail,pcent,target").Split(',');

    private string[] Cells(Row row)
    {
        var percent = row.Used + row.Available == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{(row.Used * 100 + row.Used + row.Available - 1) / (row.Used + row.Available)}%");
        if (options.Has('O'))
        {
            return [.. Fields.Select(field => field switch
            {
                "source" => row.Mount.Source, "fstype" => row.Mount.Type, "size" => Number(row.Total), "used" => Number(row.Used), "avail" => Number(row.Available), "pcent" => percent, _ => row.Mount.Target,
            })];
        }

        return [.. options.Has('T') ? [row.Mount.Source, row.Mount.Type] : (string[])[row.Mount.Source], Number(row.Total), Number(row.Used), Number(row.Available), percent, row.Mount.Target];
    }

    private string Layout(List<string[]> rows)
    {
        var text = new StringBuilder();
        var titles = rows[0];
        var widths = titles.Select((title, column) => Math.Max(rows.Max(row => row[column].Length), title switch { "Filesystem" => 14, "Type" or "Use%" or "IUse%" => 4, _ => 5 })).ToArray();
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++)
            {
                var isLeft = titles[column] is "Filesystem" or "Type" or "Mounted on";
                text.Append(column > 0 ? " " : "");
                text.Append(!isLeft ? row[column].PadLeft(widths[column]) : column == row.Length - 1 ? row[column] : row[column].PadRight(widths[column]));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private string Number(long value)
    {
        if (!IsHuman)
        {
            return (options.Has('m') && !options.Has('i') ? (value + 1023) / 1024 : value).ToString(CultureInfo.InvariantCulture);
        }

        // Rounded up, with one decimal below ten (human.c, human_ceiling).
        var (step, units) = options.Has('H') ? (1000.0, "kMGT") : (1024.0, "KMGT");
        var isCount = options.Has('i');
        var (size, unit) = (isCount ? value : options.Has('H') ? value * 1.024 : value, isCount ? -1 : 0);
        while (size >= step && unit < 3)
        {
            size /= step;
            unit++;
        }

        var tenths = Math.Ceiling(Math.Round(size * 10, 6)) / 10;
        return value == 0 ? "0" : unit < 0 ? value.ToString(CultureInfo.InvariantCulture)
            : (tenths < 10 ? tenths.ToString("0.0", CultureInfo.InvariantCulture) : Math.Ceiling(size).ToString(CultureInfo.InvariantCulture)) + units[unit];
    }
}
