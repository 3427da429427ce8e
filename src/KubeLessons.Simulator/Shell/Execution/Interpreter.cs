using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Expansion;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>What a command may do to the commands around it.</summary>
internal enum Flow
{
    None,
    Break,
    Continue,
    Return,

    /// <summary>The shell ends.</summary>
    Exit,

    /// <summary>A fault: the whole line is given up; a shell that reads a script ends.</summary>
    Abort,
}

/// <summary>
/// Runs the commands of one shell process. Every command takes <see cref="CommandCost"/> of virtual time, so that no loop
/// holds a turn forever. A routine that runs a command leaves its exit code in <see cref="ShellState.Status"/> and what the
/// surrounding commands must do in <see cref="Flow"/>.
/// </summary>
internal sealed partial class Interpreter
{
    /// <summary>Functions, eval and source may call each other this deep.</summary>
    public const int MaxCallDepth = 500;

    /// <summary>Commands must not have more running processes than this on one host (RLIMIT_NPROC of a small machine).</summary>
    public const int MaxProcesses = 512;

    /// <summary>Subshells may start subshells this deep: what dies out a fork bomb.</summary>
    public const int MaxForkDepth = 100;

    /// <summary>What one command costs.</summary>
    public static readonly TimeSpan CommandCost = TimeSpan.FromMilliseconds(1);

    public Interpreter(Process self, ShellState state, ShellIo io)
    {
        (Self, State, Io) = (self, state, io);
        Expander = new Expander(this);
        Woken = new Signal(self.World);
    }

    public Process Self { get; }

    public World World => Self.World;

    public ShellState State { get; }

    /// <summary>The descriptors that commands get now.</summary>
    public ShellIo Io { get; set; }

    public Expander Expander { get; }

    public JobTable Jobs { get; } = new();

    public Flow Flow { get; set; }

    /// <summary>How many loops a break or continue concerns.</summary>
    public int FlowCount { get; set; }

    /// <summary>The line of the command that runs now.</summary>
    public int Line { get; set; } = 1;

    /// <summary>What an unset parameter that must be set ends the shell with: 127 after -c, 1 in a script.</summary>
    public int FatalStatus => State.Source == ShellSource.Argument && !IsFork ? 127 : 1;

    public bool IsInteractive => State.Source == ShellSource.Interactive;

    /// <summary>True in a subshell, which ends where a shell at a terminal would go on.</summary>
    public bool IsFork { get; init; }

    /// <summary>Raised when a job has ended or a trapped signal has come.</summary>
    public Signal Woken { get; }

    /// <summary>Writes a message to the standard error stream, with the shell's name and the line as its dialect has them.</summary>
    public void Complain(string message) => Io.Err.Write(Prefix() + message + "\n");

    /// <summary>Complains and gives up the line.</summary>
    public void Abort(string message, int status)
    {
        Complain(message);
        State.Status = status;
        Flow = Flow.Abort;
    }

    /// <summary>Runs a text line by line: what stands before a syntax error has run when it is found.</summary>
    /// <param name="text">The commands.</param>
    /// <param name="label">How a syntax error names the text: <c>-c</c>, <c>eval</c>; null: not at all.</param>
    /// <param name="firstLine">The number of its first line.</param>
    /// <param name="isMain">Whether a syntax error ends the shell.</param>
    public IEnumerable<Wait> RunText(string text, string? label, int firstLine = 1, bool isMain = true)
    {
        var lexer = ShellLexer.OfScript(text, firstLine);
        var parser = new ScriptParser(lexer, Alias);
        while (Flow == Flow.None)
        {
            var line = parser.ParseLine();
            if (parser.Fault is { } fault)
            {
                ReportSyntax(fault, label);
                State.Status = 2;
                Flow = isMain && !IsInteractive ? Flow.Exit : Flow;
                yield break;
            }

            if (line is null)
            {
                yield break;
            }

            if (lexer.UnendedHereDocument is { } unended)
            {
                Line = lexer.LastLine;
                Complain($"warning: here-document at line {unended.Line} delimited by end-of-file (wanted `{unended.Delimiter}')");
            }

            if (!State.Options.NoExecution)
            {
                yield return Wait.Call(RunList(line));
            }
        }
    }

    /// <summary>The value of a parameter, special ones included; null: unset.</summary>
    public string? Parameter(string name)
    {
        if (name.Length > 0 && char.IsAsciiDigit(name[0]))
        {
            return !int.TryParse(name, out var number) ? null
                : number == 0 ? State.Name
                : number <= State.Positional.Length ? State.Positional[number - 1] : null;
        }

        return name switch
        {
            "?" => State.Status.ToString(),
            "#" => State.Positional.Length.ToString(),
            "$" => State.ShellId.ToString(),
            "!" => State.LastBackground?.ToString(),
            "-" => State.Options.Letters(IsInteractive, State.Source == ShellSource.Argument),
            "@" or "*" => State.Positional.Length == 0 ? null : string.Join(' ', State.Positional),
            "LINENO" => Line.ToString(),
            "RANDOM" => Self.Host.Random.Next(32_768).ToString(),
            "SECONDS" => ((long)(World.Now - State.StartedAt).TotalSeconds).ToString(),
            "BASHPID" => Self.OwnId.ToString(),
            "PPID" => (Self.Start.Parent is { } parent && parent.IsSeenBy(Self) ? parent.IdSeenBy(Self) : Self.PidNamespace.Length == 0 ? 1 : 0).ToString(),
            "EPOCHSECONDS" => World.UtcNow.ToUnixTimeSeconds().ToString(),
            "PIPESTATUS" => State.PipeStatus[0].ToString(),
            "FUNCNAME" => State.Calls.IsEmpty ? null : State.Calls.Peek(),
            _ => State.Variables.Value(name),
        };
    }

    /// <summary>Sets a variable or an array's element. False, after complaining, when it may not be set.</summary>
    public bool Assign(string name, string? key, string value, bool appends)
    {
        var variable = State.Variables.Find(name) ?? new ShellVariable((string?)null);
        if (variable.IsReadOnly)
        {
            Abort($"{name}: readonly variable", 1);
            return false;
        }

        if (variable.IsInteger && !EvaluateInteger(ref value))
        {
            return false;
        }

        var scope = new ArithmeticScope(this);
        if (appends)
        {
            var before = (key is null ? variable.Scalar : scope.Read(name, key)) ?? "";
            value = variable.IsInteger && long.TryParse(before, out var left) ? (left + long.Parse(value)).ToString() : before + value;
        }

        if (value.Length > VariableTable.MaxLength)
        {
            Abort($"{name}: cannot allocate more than {VariableTable.MaxLength} characters", 2);
            return false;
        }

        if (WithElement(variable, name, key, value, scope) is not { } changed)
        {
            return false;
        }

        State.Variables.Put(name, State.Options.ExportsAll ? changed with { IsExported = true } : changed);
        return true;
    }

    private ShellVariable? WithElement(ShellVariable variable, string name, string? key, string value, ArithmeticScope scope)
    {
        if (key is null)
        {
            return variable.With(value);
        }

        if (variable.Keyed is { } keyed)
        {
            return variable with { Keyed = keyed.SetItem(key, value) };
        }

        var indexed = variable.AsIndexed();
        if (scope.Index(indexed, key) is not { } index || index < 0)
        {
            Abort($"{name}[{key}]: bad array subscript", 1);
            return null;
        }

        return indexed with { Indexed = indexed.Indexed!.SetItem(index, value) };
    }

    private bool EvaluateInteger(ref string value)
    {
        if (!Arithmetic.TryEvaluate(value, new ArithmeticScope(this), out var number, out var fault))
        {
            Abort(fault!, 1);
            return false;
        }

        value = number.ToString();
        return true;
    }

    // The line is named, but for what was typed.
    private string Prefix() => IsInteractive && State.SourceFile is null ? ShortName + ": " : $"{State.SourceFile ?? ShortName}: line {Line}: ";

    private string ShortName => State.Name.StartsWith('-') ? State.Name[1..] : State.Name;

    private void ReportSyntax(SyntaxFault fault, string? label)
    {
        var isNumbered = State.SourceFile is not null || !IsInteractive;
        var prefix = (State.SourceFile ?? ShortName) + ": " + (label is null || !isNumbered ? "" : label + ": ")
            + (isNumbered ? $"line {fault.At.Line}: " : "");
        Io.Err.Write(prefix + fault.Message + "\n");
        if (fault.SourceLine is { } source && (isNumbered || !IsInteractive))
        {
            Io.Err.Write($"{prefix}`{source}'\n");
        }
    }

    private string? Alias(string name) => IsInteractive || State.Options.ExpandsAliases ? State.Aliases.GetValueOrDefault(name) : null;
}
