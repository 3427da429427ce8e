using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>xargs</c>: -n -I -0 -r -t -d -L -P (one after the other all the same).</summary>
internal static class Xargs
{
    private const int MaxLineLength = 128 * 1024;

    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self, "xargs");
        if (command.Parse("n:I:i::0rtd:L:P:ps:xE:a:", 1, true,
            new("max-args", 'n'), new("replace", 'I'), new("null", '0'), new("no-run-if-empty", 'r'), new("verbose", 't'),
            new("delimiter", 'd'), new("max-lines", 'L'), new("max-procs", 'P')) is not { } options)
        {
            yield break;
        }

        var max = int.MaxValue;
        if ((options.Value('n') ?? options.Value('L')) is { } text && (!int.TryParse(text, out max) || max < 1))
        {
            command.Usage($"value {text} for -n option should be >= 1");
            yield break;
        }

        var input = new StringBuilder();
        yield return Wait.Call(command.ReadInput(input));
        var replaced = options.Has('I') ? options.Value('I') : options.Has('i') ? options.Value('i') ?? "{}" : null;
        if (Items(input.ToString(), options, replaced is not null) is not { } items)
        {
            command.Die("unmatched single quote; by default quotes are special to xargs unless you use the -0 option");
            yield break;
        }

        ImmutableArray<string> words = options.Operands.Count == 0 ? ["echo"] : [.. options.Operands];
        foreach (var line in Lines(words, items, replaced, max, options.Has('r')))
        {
            if (options.Has('t'))
            {
                self.Error.Write(string.Join(' ', line) + "\n");
            }

            var result = new ChildResult();
            yield return Wait.For(Execution.Interpreter.CommandCost);
            yield return Wait.Call(Children.Run(self, line, TextStream.Empty(self.World), self.Output, result));
            if (result.Reason is { } reason)
            {
                command.Die($"{line[0]}: {reason}", result.ExitCode);
                yield return Wait.Forever;
            }

            if (result.ExitCode == 255)
            {
                command.Die($"{line[0]}: exited with status 255; aborting", 124);
                yield return Wait.Forever;
            }

            command.Status = result.ExitCode >= 128 ? 125 : result.ExitCode != 0 ? 123 : command.Status;
        }

        command.Exit();
    }

    private static IEnumerable<ImmutableArray<string>> Lines(
        ImmutableArray<string> words, List<string> items, string? replaced, int max, bool skipsEmpty)
    {
        if (replaced is { Length: > 0 })
        {
            foreach (var item in items)
            {
                yield return [.. words.Select(word => word.Replace(replaced, item))];
            }

            yield break;
        }

        if (items.Count == 0 && !skipsEmpty)
        {
            yield return words;
        }

        for (var at = 0; at < items.Count;)
        {
            var (count, length) = (0, 0);
            while (at + count < items.Count && count < max && (count == 0 || length + items[at + count].Length < MaxLineLength))
            {
                length += items[at + count++].Length + 1;
            }

            yield return [.. words, .. items.GetRange(at, count)];
            at += count;
        }
    }

    // Null: a quote is not closed.
    private static List<string>? Items(string text, CommandOptions options, bool byLine)
    {
        if (options.Has('0'))
        {
            return [.. text.Split('\0').Where((item, i) => item.Length > 0 || i < text.Count(c => c == '\0'))];
        }

        if (options.Value('d') is { } delimiter)
        {
            var by = Syntax.Escapes.Decode(delimiter, Syntax.EscapeStyle.PrintfFormat);
            return text.Length == 0 ? [] : [.. (text.EndsWith(by, StringComparison.Ordinal) ? text[..^by.Length] : text).Split(by)];
        }

        if (byLine)
        {
            return [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        }

        var items = new List<string>();
        var item = new StringBuilder();
        var (exists, quote) = (false, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                if (c == '\n')
                {
                    return null;
                }

                quote = c == quote ? '\0' : Append(item, c, quote);
            }
            else if (c is '\'' or '"')
            {
                (quote, exists) = (c, true);
            }
            else if (c is ' ' or '\t' or '\n')
            {
                if (exists)
                {
                    items.Add(item.ToString());
                    item.Clear();
                    exists = false;
                }
            }
            else
            {
                i += c == '\\' && i + 1 < text.Length ? 1 : 0;
                item.Append(text[i]);
                exists = true;
            }
        }

        if (quote != '\0')
        {
            return null;
        }

        if (exists)
        {
            items.Add(item.ToString());
        }

        return items;
    }

    private static char Append(StringBuilder item, char c, char quote)
    {
        item.Append(c);
        return quote;
    }
}
