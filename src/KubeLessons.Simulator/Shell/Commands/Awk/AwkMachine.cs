using System.Text.RegularExpressions;

namespace KubeLessons.Simulator.Shell.Commands.Awk;

/// <summary>Where a routine leaves a value.</summary>
internal sealed class AwkResult
{
    public AwkValue Value { get; set; }
}

/// <summary>
/// Runs an awk program. It is a routine, for it waits for its input and for commands that it starts; after every
/// <see cref="StepsPerTurn"/> steps a little time passes, so that no loop holds a turn.
/// </summary>
internal sealed partial class AwkMachine
{
    /// <summary>A text may have this many characters.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    private const int StepsPerTurn = 20_000;
    private const int MaxDepth = 300;
    private const int MaxElements = 500_000;

    private readonly CommandContext _command;
    private readonly AwkScript _script;
    private readonly Dictionary<string, AwkValue> _globals = [];
    private readonly Dictionary<string, Dictionary<string, AwkValue>> _arrays = [];
    private readonly Dictionary<string, Regex?> _regexes = [];
    private readonly bool[] _isInRange;
    private readonly AwkRecord _record;
    private readonly AwkStreams _streams;
    private Frame? _frame;
    private SeededRandom _random = new(0);
    private double _seed;
    private AwkFlow _flow;
    private AwkValue _returned;
    private int _steps;
    private int _depth;

    public AwkMachine(CommandContext command, AwkScript script, IReadOnlyList<string> operands)
    {
        (_command, _script) = (command, script);
        _record = new AwkRecord { Compile = Regex };
        _streams = new AwkStreams(command, operands, AssignOperand);
        _isInRange = new bool[script.Rules.Length];
        Set("NR", AwkValue.Of(0));
        Set("FNR", AwkValue.Of(0));
        Set("FS", AwkValue.Of(" "));
        Set("OFS", AwkValue.Of(" "));
        Set("ORS", AwkValue.Of("\n"));
        Set("RS", AwkValue.Of("\n"));
        Set("SUBSEP", AwkValue.Of("\u001c"));
        Set("CONVFMT", AwkValue.Of("%.6g"));
        Set("OFMT", AwkValue.Of("%.6g"));
        Set("RSTART", AwkValue.Of(0));
        Set("RLENGTH", AwkValue.Of(-1));
        Set("ARGC", AwkValue.Of(operands.Count + 1));
        Array("ARGV")["0"] = AwkValue.Of("awk");
        for (var i = 0; i < operands.Count; i++)
        {
            Array("ARGV")[(i + 1).ToString()] = AwkValue.FromInput(operands[i]);
        }

        foreach (var (name, value) in command.Self.Environment)
        {
            Array("ENVIRON")[name] = AwkValue.FromInput(value);
        }
    }

    public int ExitCode { get; private set; }

    // A function's own variables; an array that was passed goes by its name outside.
    private sealed class Frame
    {
        public Dictionary<string, AwkValue> Values { get; } = [];

        public Dictionary<string, Dictionary<string, AwkValue>> Arrays { get; } = [];

        public required HashSet<string> Names { get; init; }
    }

    /// <summary><c>-v name=value</c>, and an operand of that form.</summary>
    public void AssignOperand(string name, string value) =>
        Set(name, AwkValue.FromInput(Syntax.Escapes.Decode(value, Syntax.EscapeStyle.PrintfFormat)));

    public IEnumerable<Wait> Run()
    {
        yield return Wait.Call(RunRules(AwkPatternKind.Begin));
        var readsInput = _script.Rules.Any(rule => rule.Kind != AwkPatternKind.Begin);
        if (readsInput && _flow is AwkFlow.None)
        {
            yield return Wait.Call(RunInput());
        }

        if (_flow is AwkFlow.None or AwkFlow.Exit)
        {
            _flow = AwkFlow.None;
            yield return Wait.Call(RunRules(AwkPatternKind.End));
        }

        yield return Wait.Call(_streams.CloseAll());
    }

    private IEnumerable<Wait> RunRules(AwkPatternKind kind)
    {
        foreach (var rule in _script.Rules)
        {
            if (rule.Kind == kind && _flow == AwkFlow.None)
            {
                yield return Wait.Call(Execute(rule.Action!));
            }
        }
    }

    private IEnumerable<Wait> RunInput()
    {
        while (true)
        {
            var read = new ReadResult();
            yield return Wait.Call(_streams.ReadRecord(Get("RS").ToText(), read));
            if (read.Text is null)
            {
                yield break;
            }

            Accept(read);
            for (var i = 0; i < _script.Rules.Length && _flow == AwkFlow.None; i++)
            {
                var selected = new AwkResult();
                yield return Wait.Call(Selects(i, selected));
                if (selected.Value.IsTrue && _flow == AwkFlow.None)
                {
                    yield return Wait.Call(_script.Rules[i].Action is { } action ? Execute(action) : PrintRecord());
                }
            }

            if (_flow == AwkFlow.NextFile)
            {
                _streams.SkipFile();
            }

            if (_flow is AwkFlow.Exit or AwkFlow.Fault)
            {
                yield break;
            }

            _flow = AwkFlow.None;
        }
    }

    private void Accept(ReadResult read)
    {
        _record.SetText(read.Text!);
        Count(read);
    }

    private void Count(ReadResult read)
    {
        Set("NR", AwkValue.Of(Get("NR").Number + 1));
        Set("FNR", AwkValue.Of(read.IsFirstOfFile ? 1 : Get("FNR").Number + 1));
        Set("FILENAME", AwkValue.Of(read.FileName == "-" ? "" : read.FileName));
    }

    private IEnumerable<Wait> Selects(int index, AwkResult result)
    {
        var rule = _script.Rules[index];
        result.Value = AwkValue.Of(rule.Kind == AwkPatternKind.Always);
        if (rule.Kind == AwkPatternKind.Expression)
        {
            yield return Wait.Call(Evaluate(rule.Pattern!, result));
        }
        else if (rule.Kind == AwkPatternKind.Range)
        {
            if (!_isInRange[index])
            {
                yield return Wait.Call(Evaluate(rule.Pattern!, result));
                _isInRange[index] = result.Value.IsTrue;
            }

            if (_isInRange[index])
            {
                yield return Wait.Call(Evaluate(rule.RangeEnd!, result));
                _isInRange[index] = !result.Value.IsTrue;
                result.Value = AwkValue.Of(true);
            }
        }
    }

    private IEnumerable<Wait> PrintRecord()
    {
        _command.Write(_record.Text + Get("ORS").ToText());
        return _command.CanWrite ? [] : _command.Room();
    }

    private void Fault(string message)
    {
        if (_flow != AwkFlow.Fault)
        {
            _command.Self.Error.Write($"awk: {message}\n");
            (_flow, ExitCode) = (AwkFlow.Fault, 2);
        }
    }

    private AwkValue Get(string name)
    {
        if (_frame is { } frame && frame.Names.Contains(name))
        {
            return frame.Values.GetValueOrDefault(name);
        }

        return name == "NF" ? AwkValue.Of(_record.Count) : _globals.GetValueOrDefault(name);
    }

    private void Set(string name, AwkValue value)
    {
        if (_frame is { } frame && frame.Names.Contains(name))
        {
            frame.Values[name] = value;
            return;
        }

        switch (name)
        {
            case "NF":
                if (value.Number is < 0 or > AwkRecord.MaxFields)
                {
                    Fault($"cmd. line:1: NF set to {value.ToText()}");
                    return;
                }

                _record.SetCount((int)value.Number);
                return;
            case "FS":
                _ = _record.Count;
                _record.Separator = value.ToText();
                break;
            case "OFS":
                _record.OutputSeparator = value.ToText();
                break;
        }

        _globals[name] = value;
    }

    private Dictionary<string, AwkValue> Array(string name)
    {
        var arrays = _frame is { } frame && frame.Names.Contains(name) ? frame.Arrays : _arrays;
        if (!arrays.TryGetValue(name, out var array))
        {
            arrays[name] = array = [];
        }

        return array;
    }

    private string Text(AwkValue value) => value.ToText(_globals.GetValueOrDefault("CONVFMT").ToText());

    private Regex? Regex(string pattern)
    {
        if (_regexes.TryGetValue(pattern, out var known))
        {
            return known;
        }

        var regex = PosixRegex.Compile(pattern, extended: true, ignoresCase: false, out var fault);
        if (regex is null)
        {
            Fault($"cmd. line:1: fatal: invalid regexp: {fault}: /{pattern}/");
        }

        return _regexes.Count < 1000 ? _regexes[pattern] = regex : regex;
    }
}
