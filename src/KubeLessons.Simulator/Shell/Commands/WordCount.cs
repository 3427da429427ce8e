using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>wc</c></summary>
internal static class WordCount
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("clmwL", 1, false,
            new("bytes", 'c'), new("lines", 'l'), new("chars", 'm'), new("words", 'w'), new("max-line-length", 'L')) is not { } options)
        {
            yield break;
        }

        var rows = new List<(long[] Counts, string Name)>();
        foreach (var operand in options.Operands.DefaultIfEmpty(""))
        {
            var text = new StringBuilder();
            if (operand is "" or "-")
            {
                yield return Wait.Call(command.ReadInput(text));
            }
            else if (PathAccess.Read(self, operand, out var reason) is { } content)
            {
                text.Append(content);
            }
            else
            {
                command.Complain($"{operand}: {reason}");
                if (reason != PathAccess.IsADirectory)
                {
                    continue;
                }
            }

            rows.Add((Count(text.ToString()), operand));
        }

        if (options.Operands.Count > 1)
        {
            rows.Add(([.. Enumerable.Range(0, 5).Select(i => i == 4 ? rows.Select(row => row.Counts[i]).DefaultIfEmpty().Max() : rows.Sum(row => row.Counts[i]))], "total"));
        }

        Print(command, options, rows);
        command.Exit();
    }

    private static void Print(CommandContext command, CommandOptions options, List<(long[] Counts, string Name)> rows)
    {
        // In this order, whatever the order of the options is.
        var columns = "lwmcL".Select((letter, i) => (letter, i)).Where(column => options.Has(column.letter)).Select(column => column.i).ToList();
        columns = columns.Count == 0 ? [0, 1, 3] : columns;

        // What is no regular file has no size to take the width from.
        var hasUnsized = options.Operands.Count == 0 || options.Operands.Exists(operand => operand == "-" || command.Self.Files.IsDirectory(command.Resolve(operand)));
        var width = columns.Count == 1 && rows.Count == 1 ? 1
            : hasUnsized ? 7
            : rows.Count == 0 ? 1 : rows.Max(row => row.Counts[3]).ToString().Length;
        foreach (var (counts, name) in rows)
        {
            var cells = string.Join(' ', columns.Select(i => counts[i].ToString().PadLeft(width)));
            command.WriteLine(name.Length == 0 ? cells : cells + " " + name);
        }
    }

    private static long[] Count(string text)
    {
        var (lines, words, longest, length) = (0L, 0L, 0L, 0L);
        var inWord = false;
        foreach (var c in text)
        {
            lines += c == '\n' ? 1 : 0;
            length = c == '\n' ? 0 : length + 1;
            longest = Math.Max(longest, length);
            var isSpace = char.IsWhiteSpace(c);
            words += !isSpace && !inWord ? 1 : 0;
            inWord = !isSpace;
        }

        return [lines, words, text.Length, Encoding.UTF8.GetByteCount(text), longest];
    }
}
