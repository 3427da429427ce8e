using System.Collections.Immutable;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>What a shell remembers between commands; a subshell begins with a copy.</summary>
internal sealed class ShellState
{
    public VariableTable Variables { get; private init; } = new();

    public ImmutableDictionary<string, FunctionDefinition> Functions { get; set; } =
        ImmutableDictionary<string, FunctionDefinition>.Empty;

    public ImmutableSortedDictionary<string, string> Aliases { get; set; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<string> Positional { get; set; } = [];

    public ShellOptions Options { get; set; } = new();

    /// <summary>What <c>trap</c> was told, by the signal's name without SIG; an empty text ignores the signal.</summary>
    public ImmutableSortedDictionary<string, string> Traps { get; set; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary><c>$?</c></summary>
    public int Status { get; set; }

    public ImmutableArray<int> PipeStatus { get; set; } = [0];

    /// <summary><c>$!</c>; null: nothing was started in the background.</summary>
    public int? LastBackground { get; set; }

    /// <summary><c>$$</c>: the first shell's, in subshells too.</summary>
    public int ShellId { get; init; }

    /// <summary><c>$0</c></summary>
    public string Name { get; set; } = "bash";

    /// <summary>The file that the commands come from; null: they were typed, piped in or given with -c.</summary>
    public string? SourceFile { get; set; }

    public ShellSource Source { get; init; }

    public ShellDialect Dialect { get; init; }

    /// <summary>The names of the running functions, innermost first.</summary>
    public ImmutableStack<string> Calls { get; set; } = ImmutableStack<string>.Empty;

    public int CallDepth { get; set; }

    /// <summary>Within a condition a failing command does not end the shell (set -e).</summary>
    public int ConditionDepth { get; set; }

    /// <summary>How many subshells this one is within.</summary>
    public int ForkDepth { get; private init; }

    public int LoopDepth { get; set; }

    /// <summary>How many command substitutions this shell is within.</summary>
    public int CaptureDepth { get; set; }

    public int Umask { get; set; } = 0b000_010_010;

    public TimeSpan StartedAt { get; init; }

    public ShellState Fork() => new()
    {
        Variables = Variables.Fork(),
        Functions = Functions,
        Aliases = Aliases,
        Positional = Positional,
        Options = Options,

        // A subshell forgets the traps but for the signals that are ignored (POSIX, trap).
        Traps = Traps.RemoveRange(Traps.Where(trap => trap.Value.Length > 0).Select(trap => trap.Key)),
        Status = Status,
        PipeStatus = PipeStatus,
        LastBackground = LastBackground,
        ShellId = ShellId,
        Name = Name,
        SourceFile = SourceFile,
        Source = Source,
        Dialect = Dialect,
        Calls = Calls,
        CallDepth = CallDepth,
        ConditionDepth = ConditionDepth,
        ForkDepth = ForkDepth + 1,
        LoopDepth = LoopDepth,
        CaptureDepth = CaptureDepth,
        Umask = Umask,
        StartedAt = StartedAt,
    };
}
