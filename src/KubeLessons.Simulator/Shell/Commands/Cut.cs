using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>cut</c>: fields or characters of every line.</summary>
internal static class Cut
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("b:c:f:d:sn\u0002:\u0003", 1, false,
            new("bytes", 'b'), new("characters", 'c'), new("fields", 'f'), new("delimiter", 'd'), new("only-delimited", 's'),
            new("output-delimiter", '\u0002'), new("complement", '\u0003')) is not { } options)
        {
            yield break;
        }

        var list = options.Value('f') ?? options.Value('c') ?? options.Value('b');
        var delimiter = options.Value('d') ?? "\t";
        if (list is null)
        {
            command.Usage("you must specify a list of bytes, characters, or fields");
            yield break;
        }

        if (delimiter.Length > 1)
        {
            command.Usage("the delimiter must be a single character");
            yield break;
        }

        if (Ranges(list) is not { } ranges)
        {
            command.Usage(list.Split(',').Contains("0") || list.StartsWith("0-", StringComparison.Ordinal)
                ? options.Has('f') ? "fields are numbered from 1" : "byte/character positions are numbered from 1"
                : options.Has('f') ? $"invalid field value ‘{list}’" : $"invalid byte or character position ‘{list}’");
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

            if (options.Has('f') ? Fields(lines.Line, ranges, delimiter, options) is { } cut : (cut = Characters(lines.Line, ranges, options.Has('\u0003'))) is not null)
            {
                command.WriteLine(cut);
            }

            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        command.Exit();
    }

    private static bool Contains(List<(int From, int To)> ranges, int number, bool complement) =>
        ranges.Exists(range => number >= range.From && number <= range.To) != complement;

    private static string? Fields(string line, List<(int From, int To)> ranges, string delimiter, CommandOptions options)
    {
        delimiter = delimiter.Length == 0 ? "\0" : delimiter;
        var fields = line.Split(delimiter);
        if (fields.Length == 1)
        {
            return options.Has('s') ? null : line;
        }

        var chosen = fields.Where((_, i) => Contains(ranges, i + 1, options.Has('\u0003')));
        return string.Join(options.Value('\u0002') ?? delimiter, chosen);
    }

    private static string Characters(string line, List<(int From, int To)> ranges, bool complement) =>
        string.Concat(line.Where((_, i) => Contains(ranges, i + 1, complement)));

    private static List<(int From, int To)>? Ranges(string list)
    {
        var ranges = new List<(int, int)>();
        foreach (var part in list.Split([',', ' ']))
        {
            var dash = part.IndexOf('-');
            var (low, high) = dash < 0 ? (part, part) : (part[..dash], part[(dash + 1)..]);
            var from = 1;
            var to = int.MaxValue;
            if ((low.Length > 0 && !int.TryParse(low, out from)) || (high.Length > 0 && !int.TryParse(high, out to)) || part is "" or "-" || from < 1 || to < from)
            {
                return null;
            }

            ranges.Add((from, to));
        }

        return ranges;
    }
}
