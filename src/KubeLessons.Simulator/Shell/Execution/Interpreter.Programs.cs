using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Execution;

internal sealed partial class Interpreter
{
    private IEnumerable<Wait> RunProgram(ImmutableArray<string> words, bool becomesIt)
    {
        var found = CommandLookup.Find(Self, State, words);
        if (found.Program is not { } program)
        {
            Complain(found.Reason!);
            State.Status = found.Status;
            yield break;
        }

        if (words.Sum(word => (long)word.Length + 1) > CommandLookup.MaxArgumentLength)
        {
            Complain($"{words[0]}: Argument list too long");
            State.Status = 126;
            yield break;
        }

        if (becomesIt)
        {
            yield return Wait.Call(Become(program, found.Arguments));
            yield break;
        }

        if (!CanStart())
        {
            yield break;
        }

        var process = Self.Host.Processes.Start(new ProcessStart(found.Arguments, program)
        {
            Parent = Self,
            User = Self.Start.User,
            WorkingDirectory = Self.WorkingDirectory,
            Environment = State.Variables.Environment,
            Input = Io.In,
            Output = Io.Out,
            Error = Io.Err,
        });
        yield return Wait.Call(WaitFor([process]));
        State.Status = Flow == Flow.None ? process.ExitCode : State.Status;
    }

    /// <summary>Runs a program in place of this shell, as <c>exec</c> does; it does not come back.</summary>
    public IEnumerable<Wait> Become(ProgramMain program, ImmutableArray<string> arguments)
    {
        Self.Become(arguments, Io.In, Io.Out, Io.Err);
        Self.Environment = State.Variables.Environment;
        yield return Wait.Call(program(Self));
        Self.Exit(0);
    }
}
