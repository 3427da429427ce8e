using KubeLessons.Simulator.Hosts.Proc;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>mount(8), umount(8) and findmnt(8): what is mounted; tmpfs and bind mounts can be made and taken away.</summary>
internal static class MountTools
{
    /// <summary>The exit code of util-linux' mount for a failed mount.</summary>
    private const int Failed = 32;

    private const string More = "       dmesg(1) may have more information after failed mount system call.\n";

    public static IEnumerable<Wait> Mount(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "t:o:Brwalv", longOptions: [new("bind", 'B'), new("types", 't'), new("options", 'o'), new("read-only", 'r'), new("all", 'a')]);
        if (options.Fault is { } fault)
        {
            return Fail(self, $"mount: {fault}\nTry 'mount --help' for more information.\n", 1);
        }

        var type = options.Value('t');
        if (options.Operands.Count == 0)
        {
            foreach (var entry in Entries(self).Where(entry => type is null || type.Split(',').Contains(entry.Type)))
            {
                self.Output.WriteLine($"{entry.Source} on {entry.Target} type {entry.Type} ({entry.Options})");
            }

            return [];
        }

        if (self.Start.User != "root")
        {
            return Fail(self, "mount: only root can do that\n", 1);
        }

        if (options.Operands is not [var source, var target])
        {
            return Fail(self, $"mount: {options.Operands[0]}: can't find in /etc/fstab.\n", 1);
        }

        return Attach(self, options, type, source, FileSystem.Resolve(self.WorkingDirectory, target));
    }

    private static IEnumerable<Wait> Attach(Process self, CommandOptions options, string? type, string source, string target)
    {
        var isReadOnly = options.Has('r') || (options.Value('o') ?? "").Split(',').Contains("ro");
        var isBind = options.Has('B') || (options.Value('o') ?? "").Split(',').Contains("bind");
        if (!self.Files.Exists(target))
        {
            return Fail(self, $"mount: {target}: mount point does not exist.\n{More}", Failed);
        }

        if (isBind)
        {
            var place = FileSystem.Resolve(self.WorkingDirectory, source);
            if (!self.Files.Exists(place))
            {
                return Fail(self, $"mount: {target}: special device {source} does not exist.\n{More}", Failed);
            }

            var (holder, path) = self.Files.Locate(place);
            self.Files.Mount(target, holder, path, isReadOnly);
            return [];
        }

        if (type is "tmpfs" or "ramfs")
        {
            self.Files.Mount(target, new FileSystem(self.World), isReadOnly: isReadOnly);
            return [];
        }

        return Fail(self, self.Files.Exists(source)
            ? $"mount: {target}: {source} is not a block device.\n{More}"
            : $"mount: {target}: special device {source} does not exist.\n{More}", Failed);
    }

    public static IEnumerable<Wait> Unmount(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "lfrvnR");
        if (options.Operands.Count == 0)
        {
            return Fail(self, "umount: bad usage\nTry 'umount --help' for more information.\n", 1);
        }

        foreach (var operand in options.Operands)
        {
            var target = FileSystem.Resolve(self.WorkingDirectory, operand);
            if (!self.Files.Exists(target))
            {
                return Fail(self, $"umount: {operand}: no mount point specified.\n", Failed);
            }

            if (self.Files.MountedAt(target) is null)
            {
                return Fail(self, Entries(self).Any(entry => entry.Target == target) ? $"umount: {operand}: target is busy.\n" : $"umount: {operand}: not mounted.\n", Failed);
            }

            // Whoever stands in it keeps it busy.
            if (!options.Has('l') && self.Host.Processes.Running.Any(process =>
                ReferenceEquals(process.Files, self.Files) && (process.WorkingDirectory == target || process.WorkingDirectory.StartsWith(target + "/", StringComparison.Ordinal))))
            {
                return Fail(self, $"umount: {operand}: target is busy.\n", Failed);
            }

            self.Files.Unmount(target);
        }

        return [];
    }

    /// <summary>findmnt: the tree of mounts, or with a path the mount that it is (-T: that it lies in); -t TYPE, -n, -l.</summary>
    public static IEnumerable<Wait> FindMount(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "lnt:T:o:", longOptions: [new("list", 'l'), new("noheadings", 'n'), new("types", 't'), new("target", 'T')]);
        var entries = Entries(self).Where(entry => options.Value('t') is not { } type || type.Split(',').Contains(entry.Type)).ToList();
        var isTree = !options.Has('l') && options.Value('t') is null && options.Operands.Count == 0 && options.Value('T') is null;
        if (options.Value('T') is { } inside)
        {
            var place = FileSystem.Resolve(self.WorkingDirectory, inside);
            entries = [.. entries.Where(entry => Holds(entry, place)).OrderByDescending(entry => entry.Target.Length).Take(1)];
        }
        else if (options.Operands is [var operand, ..])
        {
            entries = entries.FindAll(entry => entry.Target == operand || entry.Source == operand);
        }

        if (entries.Count == 0)
        {
            self.Exit(1);
            yield break;
        }

        var rows = isTree ? [.. Tree(entries)] : entries.Select(entry => (Label: entry.Target, Entry: entry)).ToList();
        var widths = (rows.Max(row => Math.Max(6, row.Label.Length)), rows.Max(row => Math.Max(6, row.Entry.Source.Length)), rows.Max(row => Math.Max(6, row.Entry.Type.Length)));
        if (!options.Has('n'))
        {
            self.Output.WriteLine($"{"TARGET".PadRight(widths.Item1)} {"SOURCE".PadRight(widths.Item2)} {"FSTYPE".PadRight(widths.Item3)} OPTIONS");
        }

        foreach (var (label, entry) in rows)
        {
            self.Output.WriteLine($"{label.PadRight(widths.Item1)} {entry.Source.PadRight(widths.Item2)} {entry.Type.PadRight(widths.Item3)} {entry.Options}");
        }
    }

    private static bool Holds(MountEntry entry, string path) =>
        entry.Target == "/" || path == entry.Target || path.StartsWith(entry.Target + "/", StringComparison.Ordinal);

    // The root first; under each mount those that lie in it and in no closer one.
    private static IEnumerable<(string Label, MountEntry Entry)> Tree(List<MountEntry> entries)
    {
        var rows = new List<(string, MountEntry)>();
        if (entries.Find(entry => entry.Target == "/") is { } root)
        {
            rows.Add((root.Target, root));
            AddBelow(root, "");
        }

        return rows;

        void AddBelow(MountEntry parent, string indent)
        {
            var children = entries.FindAll(entry => entry != parent && Holds(parent, entry.Target)
                && !entries.Exists(other => other != parent && other != entry && other.Target != entry.Target && Holds(parent, other.Target) && Holds(other, entry.Target)));
            for (var i = 0; i < children.Count; i++)
            {
                var isLast = i == children.Count - 1;
                rows.Add((indent + (isLast ? "└─" : "├─") + children[i].Target, children[i]));
                AddBelow(children[i], indent + (isLast ? "  " : "│ "));
            }
        }
    }

    private static IEnumerable<MountEntry> Entries(Process self) => MountTable.Of(self.Host, self.Files, self.ContainerId);

    private static IEnumerable<Wait> Fail(Process self, string text, int code)
    {
        self.Error.Write(text);
        self.Exit(code);
        return [];
    }
}
