using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>uniq</c>: lines that repeat the one before.</summary>
internal static class Uniq
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("cdDuif:s:w:z", 1, false,
            new("count", 'c'), new("repeated", 'd'), new("unique", 'u'), new("ignore-case", 'i'), new("skip-fields", 'f'), new("skip-chars", 's')) is not { } options)
        {
            yield break;
        }

        var lines = new LineSource(command, [.. options.Operands.Take(1)]);
        var output = new List<string>();
        string? group = null;
        var count = 0;
        while (true)
        {
            var state = lines.Next();
            if (state == LineState.Pending)
            {
                yield return lines.More;
                continue;
            }

            if (state == LineState.Line && group is not null && Key(lines.Line, options) == Key(group, options))
            {
                count++;
                continue;
            }

            if (group is not null && (!options.Has('d') || count > 1) && (!options.Has('u') || count == 1))
            {
                command.WriteLine(options.Has('c') ? $"{count,7} {group}" : group);
                if (!command.CanWrite)
                {
                    yield return Wait.Call(command.Room());
                }
            }

            if (state == LineState.End)
            {
                break;
            }

            (group, count) = (lines.Line, 1);
        }

        command.Exit();
    }

    private static string Key(string line, CommandOptions options)
    {
        if (int.TryParse(options.Value('f'), out var fields))
        {
            var at = 0;
            for (; fields > 0 && at < line.Length; fields--)
            {
                at += line[at..].TakeWhile(c => c is ' ' or '\t').Count();
                at += line[at..].TakeWhile(c => c is not (' ' or '\t')).Count();
            }

            line = line[at..];
        }

        line = int.TryParse(options.Value('s'), out var skip) && skip >= 0 ? line[Math.Min(skip, line.Length)..] : line;
        line = int.TryParse(options.Value('w'), out var width) && width >= 0 ? line[..Math.Min(width, line.Length)] : line;
        return options.Has('i') ? line.ToUpperInvariant() : line;
    }
}
