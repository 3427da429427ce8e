using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary><c>head</c>: the first lines or characters; with a negative count, all but the last.</summary>
internal static class Head
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self);
        var arguments = command.Arguments;
        if (arguments is [['-', >= '0' and <= '9', ..] old, ..])
        {
            // The old form, head -5.
            self.Become(["head", "-n", old[1..], .. arguments[1..]], self.Input, self.Output, self.Error);
        }

        if (command.Parse("n:c:qvz", 1, false, new("lines", 'n'), new("bytes", 'c'), new("quiet", 'q'), new("silent", 'q'), new("verbose", 'v')) is not { } options)
        {
            yield break;
        }

        var counted = options.Value('c') ?? options.Value('n') ?? "10";
        if (CountText.Parse(counted) is not { } count)
        {
            command.Die($"invalid number of {(options.Has('c') ? "bytes" : "lines")}: ‘{counted}’");
            yield break;
        }

        var files = options.Operands.DefaultIfEmpty("-").ToList();
        var isFirst = true;
        foreach (var file in files)
        {
            string? text = null;
            if (file != "-" && (text = PathAccess.Read(self, file, out var reason)) is null)
            {
                command.Complain(reason == PathAccess.IsADirectory ? $"error reading '{file}': {reason}" : $"cannot open '{file}' for reading: {reason}");
                continue;
            }

            if ((files.Count > 1 && !options.Has('q')) || options.Has('v'))
            {
                command.Write($"{(isFirst ? "" : "\n")}==> {(file == "-" ? "standard input" : file)} <==\n");
            }

            isFirst = false;
            yield return Wait.Call(text is null ? FromInput(command, count, options.Has('c')) : FromText(command, text, count, options.Has('c')));
        }

        command.Exit();
    }

    private static IEnumerable<Wait> FromText(CommandContext command, string text, long count, bool characters)
    {
        command.Write(characters ? Characters(text, count) : Lines(text, count));
        yield return Wait.Call(command.Room());
    }

    private static IEnumerable<Wait> FromInput(CommandContext command, long count, bool characters)
    {
        var input = command.Self.Input;
        if (count < 0 || characters)
        {
            var all = new System.Text.StringBuilder();
            while (!input.IsAtEnd && (count < 0 || all.Length < count))
            {
                if (!input.HasText)
                {
                    yield return Wait.On(input.Changed);
                    continue;
                }

                all.Append(input.Read());
            }

            command.Write(characters ? Characters(all.ToString(), count) : Lines(all.ToString(), count));
            yield break;
        }

        // Line by line: what follows stays for the next reader, and an endless writer is not waited for.
        for (var i = 0L; i < count && !input.IsAtEnd;)
        {
            var wasClosed = input.IsClosed;
            if (input.ReadLine() is { } line)
            {
                command.WriteLine(line);
                i++;
                if (!command.CanWrite)
                {
                    yield return Wait.Call(command.Room());
                }
            }
            else if (!wasClosed)
            {
                yield return Wait.On(input.Changed);
            }
        }
    }

    private static string Characters(string text, long count) =>
        count >= 0 ? text[..(int)Math.Min(count, text.Length)] : text[..(int)Math.Max(0, text.Length + count)];

    private static string Lines(string text, long count)
    {
        if (count < 0)
        {
            var total = text.Count(c => c == '\n') + (text.Length > 0 && text[^1] != '\n' ? 1 : 0);
            count = Math.Max(0, total + count);
        }

        var end = 0;
        for (; count > 0 && end < text.Length; count--)
        {
            var next = text.IndexOf('\n', end);
            end = next < 0 ? text.Length : next + 1;
        }

        return text[..end];
    }
}
