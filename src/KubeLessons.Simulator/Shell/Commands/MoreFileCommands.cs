using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>du</c>, <c>truncate</c>, <c>comm</c>, <c>cmp</c>, <c>fold</c> and <c>shuf</c>.</summary>
internal static class MoreFileCommands
{
    public static IEnumerable<Wait> DiskUsage(Process self)
    {
        var command = new CommandContext(self, "du");
        if (command.Parse("shakmcxd:b", 1, false, new("summarize", 's'), new("human-readable", 'h'), new("all", 'a'), new("max-depth", 'd'), new("total", 'c')) is not { } options)
        {
            yield break;
        }

        var depth = options.Has('s') ? 0 : int.TryParse(options.Value('d'), out var given) ? given : int.MaxValue;
        foreach (var operand in options.Operands.DefaultIfEmpty("."))
        {
            var path = command.Resolve(operand);
            if (self.Files.FindNoFollow(path) is not { } node)
            {
                command.Complain($"cannot access '{operand}': {PathAccess.MissingReason(self, path)}");
                continue;
            }

            Measure(command, options, path, operand, node, 0, depth);
            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> Truncate(Process self)
    {
        var command = new CommandContext(self, "truncate");
        if (command.Parse("s:cr:o", 1, false, new("size", 's'), new("no-create", 'c')) is not { } options)
        {
            yield break;
        }

        if (options.Value('s') is not { } text || options.Operands.Count == 0)
        {
            command.Usage(options.Has('s') ? "missing file operand" : "you must specify either ‘--size’ or ‘--reference’");
            yield break;
        }

        if (CountText.Parse(text) is not { } size || Math.Abs(size) > FileOutput.MaxLength)
        {
            command.Die($"Invalid number: ‘{text}’");
            yield break;
        }

        foreach (var operand in options.Operands)
        {
            if (PathAccess.WhyNotWritable(self, operand) is { } reason)
            {
                command.Complain($"cannot open '{operand}' for writing: {reason}");
                continue;
            }

            var content = self.Files.Read(command.Resolve(operand)) ?? "";
            var length = (int)Math.Clamp(text[0] is '+' or '-' ? content.Length + size : size, 0, FileOutput.MaxLength);
            self.Files.Write(command.Resolve(operand), length <= content.Length ? content[..length] : content.PadRight(length, '\0'));
        }

        command.Exit();
    }

    public static IEnumerable<Wait> Common(Process self)
    {
        var command = new CommandContext(self, "comm");
        if (command.Parse("123") is not { } options)
        {
            yield break;
        }

        if (options.Operands.Count != 2)
        {
            command.Usage(options.Operands.Count == 0 ? "missing operand" : $"missing operand after ‘{options.Operands[^1]}’");
            yield break;
        }

        var (left, right) = (new List<string>(), new List<string>());
        yield return Wait.Call(LineFilters.ReadAll(new LineSource(command, [options.Operands[0]]), left, withEnds: false));
        yield return Wait.Call(LineFilters.ReadAll(new LineSource(command, [options.Operands[1]]), right, withEnds: false));
        if (command.Status != 0)
        {
            command.Exit();
            yield break;
        }

        var text = new StringBuilder();
        var second = options.Has('1') ? "" : "\t";
        for (int i = 0, j = 0; i < left.Count || j < right.Count;)
        {
            var order = i >= left.Count ? 1 : j >= right.Count ? -1 : string.CompareOrdinal(left[i], right[j]);
            var (letter, indent, line) = order switch
            {
                < 0 => ('1', "", left[i]),
                > 0 => ('2', second, right[j]),
                _ => ('3', second + (options.Has('2') ? "" : "\t"), left[i]),
            };
            text.Append(options.Has(letter) ? "" : indent + line + "\n");
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        command.Write(text.ToString());
        yield return Wait.Call(command.Room());
    }

    public static IEnumerable<Wait> Compare(Process self)
    {
        var command = new CommandContext(self, "cmp");
        if (command.Parse("sl", 2, false, new("silent", 's'), new("quiet", 's')) is not { } options)
        {
            yield break;
        }

        if (options.Operands is not [var first, var second])
        {
            command.Usage("missing operand", 2);
            yield break;
        }

        var a = PathAccess.Read(self, first, out var reasonA);
        var b = PathAccess.Read(self, second, out var reasonB);
        if (a is null || b is null)
        {
            command.Die(a is null ? $"{first}: {reasonA}" : $"{second}: {reasonB}", 2);
            yield break;
        }

        var at = a.AsSpan().CommonPrefixLength(b);
        if (at == a.Length && at == b.Length)
        {
            yield break;
        }

        if (!options.Has('s'))
        {
            var line = a.AsSpan(0, at).Count('\n') + 1;
            if (at < a.Length && at < b.Length)
            {
                command.WriteLine($"{first} {second} differ: byte {at + 1}, line {line}");
            }
            else
            {
                self.Error.Write($"cmp: EOF on {(at == a.Length ? first : second)} after byte {at}, {(at > 0 && a[at - 1] == '\n' ? $"line {line - 1}" : $"in line {line}")}\n");
            }
        }

        self.Exit(1);
    }

    public static IEnumerable<Wait> Fold(Process self)
    {
        var command = new CommandContext(self, "fold");
        if (command.Parse("w:sb", 1, false, new("width", 'w'), new("spaces", 's')) is not { } options)
        {
            yield break;
        }

        var width = int.TryParse(options.Value('w') ?? "80", out var given) && given > 0 ? given : 0;
        if (width == 0)
        {
            command.Die($"invalid number of columns: ‘{options.Value('w')}’");
            yield break;
        }

        var lines = new LineSource(command, options.Operands);
        while (lines.Next() is not LineState.End and var state)
        {
            if (state == LineState.Pending)
            {
                yield return lines.More;
                continue;
            }

            var rest = lines.Line;
            while (rest.Length > width)
            {
                var space = options.Has('s') ? rest.LastIndexOf(' ', width - 1) : -1;
                var cut = space >= 0 ? space + 1 : width;
                command.WriteLine(rest[..cut]);
                rest = rest[cut..];
            }

            command.Write(rest + (lines.IsWhole ? "\n" : ""));
            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> Shuffle(Process self)
    {
        var command = new CommandContext(self, "shuf");
        if (command.Parse("n:ei:rz", 1, false, new("head-count", 'n'), new("echo", 'e'), new("input-range", 'i')) is not { } options)
        {
            yield break;
        }

        var lines = new List<string>();
        if (options.Has('e'))
        {
            lines.AddRange(options.Operands);
        }
        else if (options.Value('i') is { } range)
        {
            if (range.Split('-') is not [var low, var high] || !int.TryParse(low, out var from) || !int.TryParse(high, out var to) || to < from || to - from > 1_000_000)
            {
                command.Die($"invalid input range: ‘{range}’");
                yield break;
            }

            lines.AddRange(Enumerable.Range(from, to - from + 1).Select(number => number.ToString()));
        }
        else
        {
            yield return Wait.Call(LineFilters.ReadAll(new LineSource(command, options.Operands), lines, withEnds: false));
        }

        for (var i = lines.Count - 1; i > 0; i--)
        {
            var j = self.Host.Random.Next(i + 1);
            (lines[i], lines[j]) = (lines[j], lines[i]);
        }

        var count = int.TryParse(options.Value('n'), out var limit) && limit >= 0 ? limit : lines.Count;
        command.Write(string.Concat(lines.Take(count).Select(line => line + "\n")));
        yield return Wait.Call(command.Room());
        command.Exit();
    }

    // Blocks of 4 KiB; a directory counts what is in it, and prints before what holds it.
    private static long Measure(CommandContext command, CommandOptions options, string path, string shown, FileNode node, int level, int depth)
    {
        var size = node.Kind == FileKind.Link ? 0 : (EntryText.Size(node) + 4095) / 4096 * 4;
        if (node.Kind == FileKind.Directory && level < 200)
        {
            foreach (var name in command.Self.Files.List(path))
            {
                var below = path == "/" ? "/" + name : path + "/" + name;
                if (command.Self.Files.FindNoFollow(below) is { } child)
                {
                    size += Measure(command, options, below, shown.TrimEnd('/') + "/" + name, child, level + 1, depth);
                }
            }
        }

        if (level <= depth && (node.Kind == FileKind.Directory || options.Has('a') || level == 0))
        {
            var text = options.Has('h') ? EntryText.Human(size * 1024) : options.Has('b') ? (size * 1024).ToString() : options.Has('m') ? ((size + 1023) / 1024).ToString() : size.ToString();
            command.WriteLine($"{text}\t{shown}");
        }

        return size;
    }
}
