using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>Commands that turn every line into another: <c>rev</c>, <c>nl</c>, <c>tac</c>, <c>paste</c>, <c>tee</c>, <c>column</c>.</summary>
internal static class LineFilters
{
    public static IEnumerable<Wait> Reverse(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("") is not { } options)
        {
            yield break;
        }

        var lines = new LineSource(command, options.Operands, (file, reason) => $"cannot open {file}: {reason}");
        while (lines.Next() is not LineState.End and var state)
        {
            if (state == LineState.Pending)
            {
                yield return lines.More;
                continue;
            }

            command.Write(string.Concat(lines.Line.Reverse()) + (lines.IsWhole ? "\n" : ""));
            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> Number(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("b:h:f:n:w:s:v:i:") is not { } options)
        {
            yield break;
        }

        var width = int.TryParse(options.Value('w'), out var given) && given is > 0 and < 100 ? given : 6;
        var number = int.TryParse(options.Value('v'), out var first) ? first : 1;
        var step = int.TryParse(options.Value('i'), out var increment) ? increment : 1;
        var lines = new LineSource(command, options.Operands);
        while (lines.Next() is not LineState.End and var state)
        {
            if (state == LineState.Pending)
            {
                yield return lines.More;
                continue;
            }

            var isNumbered = options.Value('b') == "a" || lines.Line.Length > 0;
            var shown = options.Value('n') switch
            {
                "ln" => number.ToString().PadRight(width),
                "rz" => number.ToString().PadLeft(width, '0'),
                _ => number.ToString().PadLeft(width),
            };
            command.Write(isNumbered ? shown + (options.Value('s') ?? "\t") + lines.Line + "\n" : new string(' ', width + 1) + "\n");
            number += isNumbered ? step : 0;
            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> Backwards(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("brs:") is not { } options)
        {
            yield break;
        }

        var all = new List<string>();
        yield return Wait.Call(ReadAll(new LineSource(command, options.Operands, (file, reason) => $"failed to open '{file}' for reading: {reason}"), all, withEnds: true));
        all.Reverse();
        foreach (var line in all)
        {
            command.Write(line);
            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> Paste(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("d:sz", 1, false, new("delimiters", 'd'), new("serial", 's')) is not { } options)
        {
            yield break;
        }

        var delimiters = Syntax.Escapes.Decode(options.Value('d') ?? "\t", Syntax.EscapeStyle.Echo);
        var columns = new List<List<string>>();
        foreach (var operand in options.Operands.DefaultIfEmpty("-"))
        {
            // Several "-" take the lines of standard input in turns.
            var isRepeated = operand == "-" && options.Operands.Count(other => other == "-") > 1;
            var lines = new List<string>();
            if (!isRepeated || columns.Count == 0)
            {
                yield return Wait.Call(ReadAll(new LineSource(command, [operand]), lines, withEnds: false));
            }

            columns.Add(lines);
        }

        if (options.Operands.Count > 1 && options.Operands.All(operand => operand == "-"))
        {
            var all = columns[0];
            columns = [.. Enumerable.Range(0, columns.Count).Select(i => all.Where((_, at) => at % columns.Count == i).ToList())];
        }

        if (options.Has('s'))
        {
            columns.ForEach(lines => command.WriteLine(Join(lines, delimiters)));
        }
        else
        {
            for (var i = 0; i < columns.Max(lines => lines.Count); i++)
            {
                command.WriteLine(Join([.. columns.Select(lines => i < lines.Count ? lines[i] : "")], delimiters));
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> Tee(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("aip", 1, false, new("append", 'a'), new("ignore-interrupts", 'i')) is not { } options)
        {
            yield break;
        }

        var files = new List<(string Name, Execution.FileOutput File)>();
        foreach (var operand in options.Operands)
        {
            if (Execution.PathAccess.WhyNotWritable(self, operand) is { } reason && operand is not "/dev/null")
            {
                command.Complain($"{operand}: {reason}");
                continue;
            }

            if (!options.Has('a') || !self.Files.Exists(command.Resolve(operand)))
            {
                self.Files.Write(command.Resolve(operand), "");
            }

            files.Add((operand, new Execution.FileOutput(self, command.Resolve(operand))));
        }

        while (!self.Input.IsAtEnd)
        {
            if (!self.Input.HasText)
            {
                yield return Wait.On(self.Input.Changed);
                continue;
            }

            var text = self.Input.Read();
            command.Write(text);
            files.ForEach(file => file.File.Stream.Write(text));
            // A file that takes no more is given up, the others go on.
            files.RemoveAll(file => IsRefused(command, file.Name, file.File));
            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        files.ForEach(file => file.File.Flush());
        command.Exit();
    }

    private static bool IsRefused(CommandContext command, string name, Execution.FileOutput file)
    {
        if (file.Stream.TakeRefusal() is not { } reason)
        {
            return false;
        }

        file.Flush();
        command.Complain($"{name}: {reason}");
        return true;
    }

    public static IEnumerable<Wait> Column(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("ts:o:nc:", 1, false, new("table", 't'), new("separator", 's'), new("output-separator", 'o')) is not { } options)
        {
            yield break;
        }

        var lines = new List<string>();
        yield return Wait.Call(ReadAll(new LineSource(command, options.Operands), lines, withEnds: false));
        lines.RemoveAll(line => line.Trim().Length == 0);
        if (!options.Has('t'))
        {
            lines.ForEach(command.WriteLine);
            command.Exit();
            yield break;
        }

        var rows = lines.Select(line => options.Value('s') is { Length: > 0 } separators
            ? line.Split(separators.ToCharArray())
            : line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).ToList();
        var widths = Enumerable.Range(0, rows.Count == 0 ? 0 : rows.Max(row => row.Length))
            .Select(i => rows.Max(row => i < row.Length ? row[i].Length : 0)).ToList();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, i) => i == row.Length - 1 ? cell : cell.PadRight(widths[i]));
            command.WriteLine(string.Join(options.Value('o') ?? "  ", cells));
        }

        command.Exit();
    }

    /// <summary>Reads everything, line by line.</summary>
    public static IEnumerable<Wait> ReadAll(LineSource lines, List<string> into, bool withEnds)
    {
        while (lines.Next() is not LineState.End and var state)
        {
            if (state == LineState.Pending)
            {
                yield return lines.More;
            }
            else
            {
                into.Add(withEnds ? lines.Text : lines.Line);
            }
        }
    }

    private static string Join(List<string> parts, string delimiters)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < parts.Count; i++)
        {
            text.Append(parts[i]);
            if (i < parts.Count - 1 && delimiters.Length > 0)
            {
                text.Append(delimiters[i % delimiters.Length]);
            }
        }

        return text.ToString();
    }
}
