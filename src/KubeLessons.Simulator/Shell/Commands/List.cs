using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>ls</c>: -l -a -A -h -1 -R -d -t -r -S -F -i -n.</summary>
internal static class List
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self, "ls");
        if (command.Parse("laAh1RdtrSFinpgoGLHsUXcuvxCmqQ\u0002::\u0003:w:I:", 2, false,
            new("all", 'a'), new("almost-all", 'A'), new("human-readable", 'h'), new("recursive", 'R'), new("directory", 'd'),
            new("reverse", 'r'), new("classify", 'F'), new("inode", 'i'), new("numeric-uid-gid", 'n'), new("color", '\u0002'),
            new("time-style", '\u0003'), new("full-time", 'l'), new("group-directories-first", 'G')) is not { } options)
        {
            yield break;
        }

        var listing = new Listing(command, options);
        var operands = options.Operands.DefaultIfEmpty(".").OrderBy(name => name, StringComparer.Ordinal).ToList();
        var files = new List<(string Name, string Path)>();
        var directories = new List<(string Name, string Path)>();
        foreach (var operand in operands)
        {
            var path = command.Resolve(operand);
            var node = options.Has('l') || options.Has('d') ? self.Files.FindNoFollow(path) : self.Files.Find(path);
            if (node is null || operand.Length == 0)
            {
                command.Complain($"cannot access '{operand}': {(operand.Length == 0 ? PathAccess.NoSuchFile : PathAccess.MissingReason(self, path))}", 2);
            }
            else if (node.Kind == FileKind.Directory && !options.Has('d'))
            {
                directories.Add((operand, path));
            }
            else
            {
                files.Add((operand, path));
            }
        }

        listing.Print(files);
        var isFirst = files.Count == 0;
        var pending = new Stack<(string Name, string Path)>(directories.AsEnumerable().Reverse());
        while (pending.TryPop(out var directory))
        {
            if (operands.Count > 1 || options.Has('R'))
            {
                command.Write($"{(isFirst ? "" : "\n")}{directory.Name}:\n");
            }

            isFirst = false;
            var below = listing.PrintDirectory(directory.Path);
            if (options.Has('R'))
            {
                foreach (var name in below.Reverse<string>())
                {
                    pending.Push((directory.Name.TrimEnd('/') + "/" + name, directory.Path.TrimEnd('/') + "/" + name));
                }
            }

            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        command.Exit();
    }
}

/// <summary>Prints entries as ls was asked to.</summary>
internal sealed class Listing(CommandContext command, CommandOptions options)
{
    private readonly FileSystem _files = command.Self.Files;

    private sealed record Entry(string Name, string Path, FileNode Node);

    /// <summary>Prints a directory; returns the names of the directories in it.</summary>
    public List<string> PrintDirectory(string path)
    {
        if (_files.Find(path) is { } directory && !PathAccess.Allows(command.Self, directory, 4))
        {
            command.Complain($"cannot open directory '{path}': {PathAccess.Denied}", 2);
            return [];
        }

        var names = _files.List(path).Where(name => options.Has('a') || options.Has('A') || !name.StartsWith('.')).ToList();
        var entries = names.Select(name => (name, path == "/" ? "/" + name : path + "/" + name)).ToList();
        if (options.Has('a'))
        {
            entries.InsertRange(0, [(".", path), ("..", FileSystem.Parent(path))]);
        }

        if (options.Has('l'))
        {
            var blocks = entries.Sum(entry => _files.FindNoFollow(entry.Item2) is { } node ? Blocks(node) : 0);
            command.WriteLine("total " + (options.Has('h') ? EntryText.Human(blocks * 1024) : blocks.ToString()));
        }

        Print(entries);
        return [.. Ordered(entries).Where(entry => entry.Node.Kind == FileKind.Directory && entry.Name is not ("." or "..")).Select(entry => entry.Name)];
    }

    public void Print(List<(string Name, string Path)> entries)
    {
        var rows = Ordered(entries);
        if (!options.Has('l') && !options.Has('n') && !options.Has('g') && !options.Has('o'))
        {
            PrintNames(rows);
            return;
        }

        var cells = rows.Select(row => (Row: row, Links: EntryText.Links(_files, row.Path, row.Node).ToString(), Size: Size(row.Node))).ToList();
        var linkWidth = cells.Count == 0 ? 0 : cells.Max(cell => cell.Links.Length);
        var ownerWidth = cells.Count == 0 ? 0 : cells.Max(cell => Owner(cell.Row.Node).Length);
        var sizeWidth = cells.Count == 0 ? 0 : cells.Max(cell => cell.Size.Length);
        foreach (var (row, links, size) in cells)
        {
            var owner = Owner(row.Node).PadRight(ownerWidth);
            var target = row.Node.Kind == FileKind.Link ? " -> " + row.Node.Content : "";
            command.WriteLine($"{Inode(row)}{EntryText.Mode(row.Node)} {links.PadLeft(linkWidth)} {owner} {owner} {size.PadLeft(sizeWidth)} "
                + $"{EntryText.Time(row.Node.Modified, command.World.UtcNow)} {row.Name}{(target.Length > 0 ? target : Mark(row.Node))}");
        }
    }

    // On a terminal names stand in columns; anywhere else each has its line.
    private void PrintNames(List<Entry> rows)
    {
        var names = rows.Select(row => Inode(row) + row.Name + Mark(row.Node)).ToList();
        if (!command.Self.Output.IsTerminal || options.Has('1') || names.Count == 0)
        {
            command.Write(string.Concat(names.Select(name => name + "\n")));
            return;
        }

        const int screen = 80;
        var width = names.Max(name => name.Length) + 2;
        if (names.Sum(name => name.Length + 2) - 2 <= screen)
        {
            command.WriteLine(string.Join("  ", names));
            return;
        }

        var columns = Math.Max(1, screen / width);
        var lines = (names.Count + columns - 1) / columns;
        for (var line = 0; line < lines; line++)
        {
            var cells = Enumerable.Range(0, columns).Select(column => (column * lines) + line).Where(i => i < names.Count).Select(i => names[i].PadRight(width));
            command.WriteLine(string.Concat(cells).TrimEnd());
        }
    }

    private List<Entry> Ordered(List<(string Name, string Path)> entries)
    {
        var rows = entries.Select(entry => (entry.Name, entry.Path, Node: _files.FindNoFollow(entry.Path) ?? _files.Find(entry.Path)))
            .Where(row => row.Node is not null).Select(row => new Entry(row.Name, row.Path, row.Node!));
        rows = options.Has('t') ? rows.OrderByDescending(row => row.Node.Modified).ThenBy(row => row.Name, StringComparer.Ordinal)
            : options.Has('S') ? rows.OrderByDescending(row => EntryText.Size(row.Node)).ThenBy(row => row.Name, StringComparer.Ordinal)
            : rows.OrderBy(row => row.Name, StringComparer.Ordinal);
        rows = options.Has('r') ? rows.Reverse() : rows;
        return [.. rows];
    }

    private static long Blocks(FileNode node) => node.Kind == FileKind.Link ? 0 : (EntryText.Size(node) + 4095) / 4096 * 4;

    private string Size(FileNode node) => options.Has('h') ? EntryText.Human(EntryText.Size(node)) : EntryText.Size(node).ToString();

    private string Owner(FileNode node) => options.Has('n') ? node.Owner == "root" ? "0" : "1000" : node.Owner;

    private string Mark(FileNode node) =>
        node.Kind == FileKind.Directory && (options.Has('F') || options.Has('p')) ? "/"
        : !options.Has('F') ? ""
        : node.Kind == FileKind.Link ? "@" : (node.Mode & 0b001_001_001) != 0 ? "*" : "";

    private string Inode(Entry row) => options.Has('i') ? $"{FileInodes.Of(row.Path)} " : "";
}
