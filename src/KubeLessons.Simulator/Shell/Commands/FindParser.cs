using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Expansion;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>Reads find's expression into a test.</summary>
internal sealed class FindParser(CommandContext command, ImmutableArray<string> words)
{
    private const int MaxNesting = 50;

    private readonly List<(ImmutableArray<string> Words, List<string> Paths)> _batches = [];
    private int _at;
    private int _nesting;
    private bool _hasAction;

    public string? Fault { get; private set; }

    public int MaxDepth { get; private set; } = int.MaxValue;

    public int MinDepth { get; private set; }

    public FindTest Parse()
    {
        var test = words.IsEmpty ? Of(_ => true) : Or();
        if (Fault is null && _at < words.Length)
        {
            Fault = words[_at] == ")" ? "you have too many ')'" : $"paths must precede expression: `{words[_at]}'";
        }

        return _hasAction ? test : And(test, Of(Print("\n")));
    }

    /// <summary>Runs what <c>-exec … +</c> has gathered.</summary>
    public IEnumerable<Wait> RunBatches()
    {
        foreach (var (batch, paths) in _batches)
        {
            if (paths.Count > 0)
            {
                var entry = new FindEntry("", "", new FileNode(FileKind.File, "", 0, "", default), 0);
                yield return Wait.Call(Execute([.. batch.SelectMany(word => word == "{}" ? (IEnumerable<string>)paths : [word])], entry));
            }
        }
    }

    private static FindTest Of(Func<FindEntry, bool> test) => entry =>
    {
        entry.Holds = test(entry);
        return [];
    };

    private static FindTest And(FindTest left, FindTest right)
    {
        return Both;

        IEnumerable<Wait> Both(FindEntry entry)
        {
            yield return Wait.Call(left(entry));
            if (entry.Holds)
            {
                yield return Wait.Call(right(entry));
            }
        }
    }

    private FindTest Or()
    {
        var left = Conjunction();
        while (Fault is null && _at < words.Length && words[_at] is "-o" or "-or")
        {
            _at++;
            var (first, second) = (left, Conjunction());
            left = entry => Either(first, second, entry);
        }

        return left;
    }

    private static IEnumerable<Wait> Either(FindTest first, FindTest second, FindEntry entry)
    {
        yield return Wait.Call(first(entry));
        if (!entry.Holds)
        {
            yield return Wait.Call(second(entry));
        }
    }

    private FindTest Conjunction()
    {
        var left = Primary();
        while (Fault is null && _at < words.Length && words[_at] is not ("-o" or "-or" or ")" or ","))
        {
            _at += words[_at] is "-a" or "-and" ? 1 : 0;
            left = And(left, Primary());
        }

        return left;
    }

    private FindTest Primary()
    {
        if (_at >= words.Length || ++_nesting > MaxNesting)
        {
            Fault ??= $"expected an expression after '{(words.IsEmpty ? "" : words[^1])}'";
            return Of(_ => false);
        }

        var word = words[_at++];
        FindTest test;
        if (word is "!" or "-not")
        {
            var inner = Primary();
            test = entry => Negated(inner, entry);
        }
        else if (word == "(")
        {
            test = Or();
            if (_at >= words.Length || words[_at++] != ")")
            {
                Fault ??= "invalid expression; I was expecting to find a ')' somewhere but did not see one.";
            }
        }
        else
        {
            test = word is "-exec" or "-execdir" or "-ok" ? Exec(word) : Of(Test(word));
        }

        _nesting--;
        return test;
    }

    private static IEnumerable<Wait> Negated(FindTest inner, FindEntry entry)
    {
        yield return Wait.Call(inner(entry));
        entry.Holds = !entry.Holds;
    }

    private string Value(string option)
    {
        if (_at < words.Length)
        {
            return words[_at++];
        }

        Fault ??= $"missing argument to `{option}'";
        return "";
    }

    private Func<FindEntry, bool> Test(string option)
    {
        switch (option)
        {
            case "-name" or "-iname":
                var name = GlobPattern.Parse(Value(option), option == "-iname");
                return entry => name.IsMatch(entry.Name);
            case "-path" or "-wholename" or "-ipath":
                var path = GlobPattern.Parse(Value(option), option == "-ipath");
                return entry => path.IsMatch(entry.Shown);
            case "-regex":
                var regex = PosixRegex.Compile("^(" + Value(option) + ")$", extended: true);
                return entry => regex is not null && PosixRegex.MatchAt(regex, entry.Shown, 0).Success;
            case "-type":
                return Type(Value(option));
            case "-maxdepth" or "-mindepth":
                return Depth(option, Value(option));
            case "-size":
                return Size(Value(option));
            case "-mtime" or "-mmin" or "-atime" or "-ctime" or "-amin" or "-cmin":
                var unit = option.EndsWith("min", StringComparison.Ordinal) ? TimeSpan.FromMinutes(1) : TimeSpan.FromDays(1);
                return Number(option, Value(option), entry => (long)Math.Floor((command.World.UtcNow - entry.Node.Modified) / unit));
            case "-newer":
                var reference = command.Self.Files.Find(command.Resolve(Value(option)))?.Modified ?? default;
                return entry => entry.Node.Modified > reference;
            case "-user" or "-group":
                var user = Value(option);
                return entry => entry.Node.Owner == user;
            case "-perm":
                return Permission(Value(option));
            case "-empty":
                return entry => entry.Node.Kind == FileKind.Directory
                    ? command.Self.Files.List(entry.Path).Length == 0 : entry.Node is { Kind: FileKind.File, Content.Length: 0 };
            case "-executable" or "-readable" or "-writable":
                var bit = option switch { "-executable" => 1, "-writable" => 2, _ => 4 };
                return entry => Execution.PathAccess.Allows(command.Self, entry.Node, bit);
            case "-true" or "-xdev" or "-mount" or "-depth" or "-follow" or "-noleaf":
                return _ => true;
            case "-false":
                return _ => false;
            default:
                return Action(option);
        }
    }

    private Func<FindEntry, bool> Action(string option)
    {
        _hasAction |= option is "-print" or "-print0" or "-printf" or "-delete" or "-quit" or "-ls";
        switch (option)
        {
            case "-print":
                return Print("\n");
            case "-print0":
                return Print("\0");
            case "-printf":
                var format = Syntax.Escapes.Decode(Value(option), Syntax.EscapeStyle.PrintfFormat);
                return entry => Written(FindFormat.Format(format, entry));
            case "-ls":
                return entry => Written($"{FileInodes.Of(entry.Path),9} {4,6} {EntryText.Mode(entry.Node)} {1,3} {entry.Node.Owner,-8} {entry.Node.Owner,-8} "
                    + $"{EntryText.Size(entry.Node),8} {EntryText.Time(entry.Node.Modified, command.World.UtcNow)} {entry.Shown}\n");
            case "-delete":
                return entry => entry.IsDeleted = true;
            case "-prune":
                return entry => entry.IsPruned = true;
            case "-quit":
                return entry => entry.Quits = true;
            default:
                Fault ??= option.StartsWith('-') ? $"unknown predicate `{option}'" : $"paths must precede expression: `{option}'";
                return _ => false;
        }
    }

    private Func<FindEntry, bool> Print(string end) => entry => Written(entry.Shown + end);

    private bool Written(string text)
    {
        command.Write(text);
        return true;
    }

    private Func<FindEntry, bool> Type(string letters)
    {
        if (letters.Length == 0 || letters.Split(',').FirstOrDefault(letter => letter is not ("f" or "d" or "l" or "b" or "c" or "p" or "s")) is { } unknown)
        {
            Fault ??= $"Unknown argument to -type: {letters}";
            return _ => false;
        }

        return entry => letters.Contains(entry.Node.Kind switch { FileKind.Directory => 'd', FileKind.Link => 'l', _ => 'f' });
    }

    private Func<FindEntry, bool> Depth(string option, string text)
    {
        if (!int.TryParse(text, out var depth) || depth < 0)
        {
            Fault ??= $"Expected a positive decimal integer argument to {option}, but got ‘{text}’";
        }
        else if (option == "-maxdepth")
        {
            MaxDepth = depth;
        }
        else
        {
            MinDepth = depth;
        }

        return _ => true;
    }

    private Func<FindEntry, bool> Size(string text)
    {
        var unit = text.Length == 0 ? 512 : text[^1] switch { 'c' => 1, 'w' => 2, 'k' => 1024, 'M' => 1024 * 1024, 'G' => 1024 * 1024 * 1024, _ => 512 };
        var digits = text.TrimEnd('c', 'w', 'k', 'M', 'G', 'b');
        return Number("-size", digits, entry => (EntryText.Size(entry.Node) + unit - 1) / unit);
    }

    private Func<FindEntry, bool> Permission(string text)
    {
        var digits = text.TrimStart('-', '/');
        if (ModeText.Apply(digits, 0, isDirectory: false) is not { } mode)
        {
            Fault ??= $"invalid mode ‘{text}’";
            return _ => false;
        }

        return text[0] switch
        {
            '-' => entry => (entry.Node.Mode & mode) == mode,
            '/' => entry => mode == 0 || (entry.Node.Mode & mode) != 0,
            _ => entry => entry.Node.Mode == mode,
        };
    }

    // +n: more than n, -n: less, n: exactly.
    private Func<FindEntry, bool> Number(string option, string text, Func<FindEntry, long> measure)
    {
        if (!long.TryParse(text.TrimStart('+', '-'), out var number))
        {
            Fault ??= $"invalid argument `{text}' to `{option}'";
            return _ => false;
        }

        return text[0] switch
        {
            '+' => entry => measure(entry) > number,
            '-' => entry => measure(entry) < number,
            _ => entry => measure(entry) == number,
        };
    }

    private FindTest Exec(string option)
    {
        _hasAction = true;
        var start = _at;
        while (_at < words.Length && words[_at] != ";" && !(words[_at] == "+" && _at > start && words[_at - 1] == "{}"))
        {
            _at++;
        }

        if (_at >= words.Length || _at == start)
        {
            Fault ??= $"missing argument to `{option}'";
            return Of(_ => false);
        }

        var template = words[start.._at];
        if (words[_at++] == "+")
        {
            var batch = (template, new List<string>());
            _batches.Add(batch);
            return Of(entry =>
            {
                batch.Item2.Add(entry.Shown);
                return true;
            });
        }

        return entry => Execute([.. template.Select(word => word.Replace("{}", entry.Shown))], entry);
    }

    private IEnumerable<Wait> Execute(ImmutableArray<string> line, FindEntry entry)
    {
        var result = new ChildResult();
        yield return Wait.For(Execution.Interpreter.CommandCost);
        yield return Wait.Call(Children.Run(command.Self, line, command.Self.Input, command.Self.Output, result));
        if (result.Reason is { } reason)
        {
            command.Complain($"‘{line[0]}’: {reason}");
        }

        entry.Holds = result.ExitCode == 0;
    }
}

/// <summary>The format of <c>-printf</c>.</summary>
internal static class FindFormat
{
    public static string Format(string format, FindEntry entry)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 >= format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            text.Append(format[++i] switch
            {
                'p' => entry.Shown,
                'f' => entry.Name,
                'h' => entry.Shown.LastIndexOf('/') is > 0 and var slash ? entry.Shown[..slash] : ".",
                's' => EntryText.Size(entry.Node).ToString(),
                'm' => Convert.ToString(entry.Node.Mode, 8),
                'M' => EntryText.Mode(entry.Node),
                'u' or 'g' => entry.Node.Owner,
                'y' => entry.Node.Kind switch { FileKind.Directory => "d", FileKind.Link => "l", _ => "f" },
                'l' => entry.Node.Kind == FileKind.Link ? entry.Node.Content : "",
                'd' => entry.Depth.ToString(),
                '%' => "%",
                var other => "%" + other,
            });
        }

        return text.ToString();
    }
}
