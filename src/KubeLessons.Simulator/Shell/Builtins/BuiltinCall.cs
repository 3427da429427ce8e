using System.Collections.Immutable;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Builtins;

/// <summary>A command that runs inside the shell's own process.</summary>
internal delegate IEnumerable<Wait> Builtin(BuiltinCall call);

/// <summary>One call of a builtin: its words, and the exit code that it leaves.</summary>
internal sealed class BuiltinCall(Interpreter shell, ImmutableArray<string> words)
{
    private int _status;

    public Interpreter Shell { get; } = shell;

    public ShellState State => Shell.State;

    /// <summary>The builtin's own name.</summary>
    public string Name => Words[0];

    public ImmutableArray<string> Words { get; } = words;

    public ImmutableArray<string> Arguments => Words[1..];

    public int Status
    {
        get => _status;
        set => (_status, SetsStatus) = (value, true);
    }

    /// <summary>Whether it has said what its exit code is.</summary>
    public bool SetsStatus { get; private set; }

    public bool HasWritten { get; private set; }

    public void Write(string text)
    {
        HasWritten = true;
        Shell.Io.Out.Write(text);
        if (Shell.Io.Out.TakeRefusal() is not { } refusal)
        {
            return;
        }

        if (State.Dialect == ShellDialect.Bash)
        {
            Fail("write error: " + refusal);
            return;
        }

        // busybox names the shell alone, and printf says nothing.
        Status = 1;
        if (Name != "printf")
        {
            Shell.Io.Err.Write($"{State.Name}: write error: {refusal}\n");
        }
    }

    public void WriteLine(string line) => Write(line + "\n");

    /// <summary>Says what is wrong, with the builtin's name, and leaves this exit code.</summary>
    public void Fail(string message, int status = 1)
    {
        Shell.Complain($"{Name}: {message}");
        Status = status;
    }

    /// <summary>An option that the builtin does not have.</summary>
    public void FailOption(string option)
    {
        Shell.Complain($"{Name}: {option}: invalid option");
        FailUsage();
    }

    /// <summary>Too few words: only the usage line.</summary>
    public void FailUsage()
    {
        Shell.Io.Err.Write($"{Name}: usage: {Name} {BuiltinUsage.Of(Name)?.Synopsis}\n");
        Status = 2;
    }
}
