using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>cat</c>; <c>less</c> and <c>more</c> show a file the same way where nobody pages.</summary>
internal static class Cat
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("AbeEnstTuv", 1, false,
            new("show-all", 'A'), new("number-nonblank", 'b'), new("show-ends", 'E'), new("number", 'n'), new("squeeze-blank", 's'),
            new("show-tabs", 'T'), new("show-nonprinting", 'v')) is not { } options)
        {
            yield break;
        }

        var lines = new LineSource(command, options.Operands);
        var number = 0;
        var wasBlank = false;
        while (lines.Next() is not LineState.End and var state)
        {
            if (state == LineState.Pending)
            {
                yield return lines.More;
                continue;
            }

            var isBlank = lines.Line.Length == 0;
            if (options.Has('s') && isBlank && wasBlank)
            {
                continue;
            }

            wasBlank = isBlank;
            var isNumbered = options.Has('b') ? !isBlank : options.Has('n');
            command.Write((isNumbered ? $"{++number,6}\t" : "") + Shown(lines, options));
            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        command.Exit();
    }

    public static IEnumerable<Wait> Page(Process self)
    {
        var command = new CommandContext(self);
        var lines = new LineSource(command, [.. command.Arguments.Where(argument => argument is "-" || !argument.StartsWith('-') && !argument.StartsWith('+'))]);
        while (lines.Next() is not LineState.End and var state)
        {
            if (state == LineState.Pending)
            {
                yield return lines.More;
                continue;
            }

            command.Write(lines.Text);
            if (!command.CanWrite)
            {
                yield return Wait.Call(command.Room());
            }
        }

        command.Exit();
    }

    private static string Shown(LineSource lines, CommandOptions options)
    {
        var text = lines.Line;
        if (options.Has('T') || options.Has('A') || options.Has('t'))
        {
            text = text.Replace("\t", "^I");
        }

        var showsEnds = options.Has('E') || options.Has('A') || options.Has('e');
        return text + (lines.IsWhole ? showsEnds ? "$\n" : "\n" : "");
    }
}
