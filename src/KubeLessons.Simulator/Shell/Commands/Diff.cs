using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>diff</c>: the normal form, -u, -q; -i -w -b -B. 0: the same, 1: different, 2: a fault.</summary>
internal static class Diff
{
    /// <summary>Files may have lines whose numbers multiply to this; beyond, everything between equal ends counts as changed.</summary>
    private const long MaxCells = 16_000_000;

    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self, "diff");
        if (command.Parse("uqsiwbBrNyU:c\u0002::", 2, false,
            new("unified", 'u'), new("brief", 'q'), new("report-identical-files", 's'), new("ignore-case", 'i'),
            new("ignore-all-space", 'w'), new("ignore-space-change", 'b'), new("recursive", 'r'), new("new-file", 'N'), new("color", '\u0002')) is not { } options)
        {
            yield break;
        }

        if (options.Operands is not [var left, var right])
        {
            self.Error.Write($"diff: {(options.Operands.Count < 2 ? $"missing operand after '{(options.Operands.Count == 0 ? "diff" : options.Operands[0])}'" : $"extra operand '{options.Operands[2]}'")}\n"
                + "diff: Try 'diff --help' for more information.\n");
            self.Exit(2);
            yield break;
        }

        if (self.Files.IsDirectory(command.Resolve(right)) && !self.Files.IsDirectory(command.Resolve(left)))
        {
            right = right.TrimEnd('/') + "/" + left.Split('/')[^1];
        }

        var (first, second) = (new StringBuilder(), new StringBuilder());
        yield return Wait.Call(Read(command, left, first));
        yield return Wait.Call(Read(command, right, second));
        if (command.Status != 0)
        {
            command.Exit();
            yield break;
        }

        var (a, b) = (first.ToString(), second.ToString());
        var hunks = Hunks(Lines(a), Lines(b), options);
        if (hunks.Count == 0)
        {
            command.Write(options.Has('s') ? $"Files {left} and {right} are identical\n" : "");
            yield break;
        }

        if (options.Has('q'))
        {
            command.WriteLine($"Files {left} and {right} differ");
        }
        else if (options.Has('u') || options.Has('U'))
        {
            var context = int.TryParse(options.Value('U'), out var lines) ? lines : 3;
            command.Write($"--- {left}\t{Stamp(command, left)}\n+++ {right}\t{Stamp(command, right)}\n");
            command.Write(DiffText.Unified(Lines(a), Lines(b), hunks, context));
        }
        else
        {
            command.Write(DiffText.Normal(Lines(a), Lines(b), hunks));
        }

        yield return Wait.Call(command.Room());
        self.Exit(1);
    }

    private static IEnumerable<Wait> Read(CommandContext command, string file, StringBuilder into)
    {
        if (file == "-")
        {
            return command.ReadInput(into);
        }

        if (PathAccess.Read(command.Self, file, out var reason) is { } text)
        {
            into.Append(text);
        }
        else
        {
            command.Complain($"{file}: {reason}", 2);
        }

        return [];
    }

    private static string Stamp(CommandContext command, string file) => TimeFormat.Format(
        "%Y-%m-%d %H:%M:%S.%N %z", command.Self.Files.Find(command.Resolve(file))?.Modified ?? command.World.UtcNow);

    // A last line without its line feed is another line than the same with one.
    private static List<string> Lines(string text)
    {
        var lines = text.Split('\n').ToList();
        if (lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }
        else
        {
            lines[^1] += DiffText.NoLineFeed;
        }

        return lines;
    }

    // The longest common sequence of lines; what lies between its parts are the hunks.
    private static List<DiffHunk> Hunks(List<string> left, List<string> right, CommandOptions options)
    {
        var a = left.Select(line => Key(line, options)).ToList();
        var b = right.Select(line => Key(line, options)).ToList();
        var start = 0;
        while (start < a.Count && start < b.Count && a[start] == b[start])
        {
            start++;
        }

        var (endA, endB) = (a.Count, b.Count);
        while (endA > start && endB > start && a[endA - 1] == b[endB - 1])
        {
            endA--;
            endB--;
        }

        var hunks = new List<DiffHunk>();
        var (rows, columns) = (endA - start, endB - start);
        if (rows == 0 || columns == 0 || (long)rows * columns > MaxCells)
        {
            if (rows + columns > 0)
            {
                hunks.Add(new DiffHunk(start, endA, start, endB));
            }

            return hunks;
        }

        var lengths = new int[rows + 1, columns + 1];
        for (var i = rows - 1; i >= 0; i--)
        {
            for (var j = columns - 1; j >= 0; j--)
            {
                lengths[i, j] = a[start + i] == b[start + j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
            }
        }

        var (x, y) = (0, 0);
        while (x < rows || y < columns)
        {
            var (fromX, fromY) = (x, y);
            while ((x < rows || y < columns) && !(x < rows && y < columns && a[start + x] == b[start + y]))
            {
                if (y >= columns || (x < rows && lengths[x + 1, y] >= lengths[x, y + 1]))
                {
                    x++;
                }
                else
                {
                    y++;
                }
            }

            if (x > fromX || y > fromY)
            {
                hunks.Add(new DiffHunk(start + fromX, start + x, start + fromY, start + y));
            }

            while (x < rows && y < columns && a[start + x] == b[start + y])
            {
                x++;
                y++;
            }
        }

        return hunks;
    }

    private static string Key(string line, CommandOptions options)
    {
        line = options.Has('i') ? line.ToUpperInvariant() : line;
        return options.Has('w') ? string.Concat(line.Where(c => !char.IsWhiteSpace(c)))
            : options.Has('b') ? string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : line;
    }
}

/// <summary>Lines that differ: of the left file [FromA, ToA), of the right one [FromB, ToB).</summary>
internal sealed record DiffHunk(int FromA, int ToA, int FromB, int ToB);

/// <summary>The forms in which differences are written.</summary>
internal static class DiffText
{
    /// <summary>Marks the last line of a file that does not end in a line feed.</summary>
    public const string NoLineFeed = "\uE000";

    public static string Normal(List<string> left, List<string> right, List<DiffHunk> hunks)
    {
        var text = new StringBuilder();
        foreach (var hunk in hunks)
        {
            var (removed, added) = (hunk.ToA - hunk.FromA, hunk.ToB - hunk.FromB);
            var letter = removed == 0 ? 'a' : added == 0 ? 'd' : 'c';
            text.Append(Range(hunk.FromA, removed)).Append(letter).Append(Range(hunk.FromB, added)).Append('\n');
            Append(text, left, hunk.FromA, hunk.ToA, "< ");
            text.Append(letter == 'c' ? "---\n" : "");
            Append(text, right, hunk.FromB, hunk.ToB, "> ");
        }

        return text.ToString();
    }

    public static string Unified(List<string> left, List<string> right, List<DiffHunk> hunks, int context)
    {
        var text = new StringBuilder();
        for (var i = 0; i < hunks.Count;)
        {
            var last = i;
            while (last + 1 < hunks.Count && hunks[last + 1].FromA - hunks[last].ToA <= 2 * context)
            {
                last++;
            }

            var fromA = Math.Max(0, hunks[i].FromA - context);
            var fromB = Math.Max(0, hunks[i].FromB - context);
            var toA = Math.Min(left.Count, hunks[last].ToA + context);
            var toB = Math.Min(right.Count, hunks[last].ToB + context);
            text.Append($"@@ -{Span(fromA, toA)} +{Span(fromB, toB)} @@\n");
            var at = fromA;
            for (; i <= last; i++)
            {
                Append(text, left, at, hunks[i].FromA, " ");
                Append(text, left, hunks[i].FromA, hunks[i].ToA, "-");
                Append(text, right, hunks[i].FromB, hunks[i].ToB, "+");
                at = hunks[i].ToA;
            }

            Append(text, left, at, toA, " ");
        }

        return text.ToString();
    }

    private static string Range(int from, int count) => count == 0 ? from.ToString() : count == 1 ? (from + 1).ToString() : $"{from + 1},{from + count}";

    private static string Span(int from, int to) => to - from == 1 ? (from + 1).ToString() : $"{(to == from ? from : from + 1)},{to - from}";

    private static void Append(StringBuilder text, List<string> lines, int from, int to, string mark)
    {
        for (var i = from; i < to; i++)
        {
            text.Append(mark).Append(lines[i].Replace(NoLineFeed, "\n\\ No newline at end of file")).Append('\n');
        }
    }
}
