using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Builtins;

/// <summary><c>read</c>: one line into variables.</summary>
internal static class ReadBuiltin
{
    private sealed record Settings
    {
        public bool IsRaw { get; init; }

        public string? Prompt { get; init; }

        public string? Array { get; init; }

        public int? Count { get; init; }

        public char Delimiter { get; init; } = '\n';

        public TimeSpan? Timeout { get; init; }

        public int Descriptor { get; init; }
    }

    public static IEnumerable<Wait> Run(BuiltinCall call)
    {
        if (Parse(call, out var names) is not { } settings)
        {
            yield break;
        }

        var shell = call.Shell;
        if (!shell.Io.Descriptors.TryGetValue(settings.Descriptor, out var input))
        {
            call.Fail($"{settings.Descriptor}: invalid file descriptor: Bad file descriptor");
            yield break;
        }

        if (settings.Prompt is { } prompt && input.IsTerminal)
        {
            shell.Io.Err.Write(prompt);
        }

        var text = new StringBuilder();
        var deadline = settings.Timeout is { } timeout ? shell.World.Now + timeout : (TimeSpan?)null;
        var ended = ReadEnd.Pending;
        while ((ended = Take(input, settings, text)) == ReadEnd.Pending)
        {
            if (deadline <= shell.World.Now)
            {
                call.Status = 142;
                break;
            }

            yield return deadline is { } due ? Simulator.Wait.On(input.Changed, due - shell.World.Now) : Simulator.Wait.On(input.Changed);
        }

        Store(shell, settings, names, text.ToString());
        if (ended == ReadEnd.EndOfFile)
        {
            call.Status = 1;
        }
    }

    private enum ReadEnd
    {
        Pending,
        Delimiter,
        EndOfFile,
    }

    // Takes what there is, up to the delimiter; in a line that is not raw a backslash takes the next character's meaning away.
    private static ReadEnd Take(TextStream input, Settings settings, StringBuilder into)
    {
        if (settings.Count is { } count && into.Length >= count)
        {
            return ReadEnd.Delimiter;
        }

        while (input.ReadChar() is { } c)
        {
            if (c == '\\' && !settings.IsRaw)
            {
                if (input.ReadChar() is { } escaped && escaped != '\n')
                {
                    // Marked, so that splitting leaves it alone.
                    into.Append('\0').Append(escaped);
                }
            }
            else if (c == settings.Delimiter)
            {
                return ReadEnd.Delimiter;
            }
            else
            {
                into.Append(c);
            }

            if (into.Length >= (settings.Count ?? VariableTable.MaxLength))
            {
                return ReadEnd.Delimiter;
            }
        }

        return input.IsAtEnd ? ReadEnd.EndOfFile : ReadEnd.Pending;
    }

    private static void Store(Interpreter shell, Settings settings, ImmutableArray<string> names, string text)
    {
        var ifs = shell.State.Variables.Value("IFS") ?? " \t\n";
        if (settings.Array is { } array)
        {
            var fields = Split(text, ifs, int.MaxValue);
            var elements = fields.Select((field, i) => KeyValuePair.Create((long)i, field)).ToImmutableSortedDictionary();
            shell.State.Variables.Put(array, new ShellVariable((string?)null) { Indexed = elements });
            return;
        }

        if (names.IsEmpty)
        {
            shell.Assign("REPLY", null, text.Replace("\0", ""), appends: false);
            return;
        }

        var values = Split(text, ifs, names.Length);
        for (var i = 0; i < names.Length; i++)
        {
            shell.Assign(names[i], null, i < values.Count ? values[i] : "", appends: false);
        }
    }

    // The last name gets the rest of the line, separators and all.
    private static List<string> Split(string text, string ifs, int count)
    {
        var fields = new List<string>();
        var at = 0;
        SkipSpaces(text, ifs, ref at);
        while (at < text.Length && fields.Count < count - 1)
        {
            var field = new StringBuilder();
            while (at < text.Length && !ifs.Contains(text[at]))
            {
                at += text[at] == '\0' ? 1 : 0;
                if (at < text.Length)
                {
                    field.Append(text[at++]);
                }
            }

            fields.Add(field.ToString());
            SkipSpaces(text, ifs, ref at);
            if (at < text.Length && ifs.Contains(text[at]) && !IsSpace(text[at]) && at > 0)
            {
                at++;
                SkipSpaces(text, ifs, ref at);
            }
        }

        if (at < text.Length)
        {
            fields.Add(Rest(text[at..], ifs));
        }

        return fields;
    }

    private static string Rest(string text, string ifs)
    {
        var end = text.Length;
        while (end > 0 && ifs.Contains(text[end - 1]) && IsSpace(text[end - 1]) && (end < 2 || text[end - 2] != '\0'))
        {
            end--;
        }

        // One separator at the very end belongs to the last field only if there are others in it.
        var rest = text[..end];
        if (rest.Length > 0 && ifs.Contains(rest[^1]) && rest.AsSpan(0, rest.Length - 1).IndexOfAny(ifs) < 0)
        {
            rest = rest[..^1];
        }

        return rest.Replace("\0", "");
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n';

    private static void SkipSpaces(string text, string ifs, ref int at)
    {
        while (at < text.Length && IsSpace(text[at]) && ifs.Contains(text[at]))
        {
            at++;
        }
    }

    private static Settings? Parse(BuiltinCall call, out ImmutableArray<string> names)
    {
        var options = Commands.CommandOptions.Parse(call.Arguments, "rsea:d:i:n:N:p:t:u:", stopsAtOperand: true);
        names = [.. options.Operands];
        if (options.Unknown is { } unknown)
        {
            call.FailOption("-" + unknown);
            return null;
        }

        foreach (var name in names)
        {
            if (!ShellLexer.IsName(name) && !name.EndsWith(']'))
            {
                call.Fail($"`{name}': not a valid identifier");
                return null;
            }
        }

        var seconds = options.Value('t');
        var timeout = 0.0;
        if (seconds is not null && (!double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out timeout) || timeout is < 0 or > 1e8))
        {
            call.Fail($"{seconds}: invalid timeout specification");
            return null;
        }

        var count = options.Value('n') ?? options.Value('N');
        var number = 0;
        if (count is not null && (!int.TryParse(count, out number) || number < 0))
        {
            call.Fail($"{count}: invalid number");
            return null;
        }

        return new Settings
        {
            IsRaw = options.Has('r'),
            Prompt = options.Value('p'),
            Array = options.Value('a'),
            Count = count is null ? null : number,
            Delimiter = options.Value('d') is { } d ? d.Length == 0 ? '\0' : d[0] : '\n',
            Timeout = seconds is null ? null : TimeSpan.FromSeconds(timeout),
            Descriptor = int.TryParse(options.Value('u'), out var descriptor) ? descriptor : 0,
        };
    }
}
