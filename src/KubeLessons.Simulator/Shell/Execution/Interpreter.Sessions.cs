using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Execution;

internal sealed partial class Interpreter
{
    /// <summary>After a line was ended from outside: back to the state between lines.</summary>
    public void Reset(ShellIo io, int status)
    {
        while (State.Variables.IsInFunction)
        {
            State.Variables.LeaveFunction();
        }

        Io = io;
        Flow = Flow.None;
        State.Status = status;
        (State.CallDepth, State.ConditionDepth, State.LoopDepth) = (0, 0, 0);
        State.Calls = ImmutableStack<string>.Empty;
        _foreground.Clear();
        _isInterrupted = false;
        _isInTrap = false;
    }

    /// <summary>Ctrl-C while a builtin runs: true when a trap takes it.</summary>
    public bool OnTrappedInterrupt()
    {
        if (!State.Traps.TryGetValue("INT", out var command))
        {
            return false;
        }

        if (command.Length > 0)
        {
            Pend("INT");
        }

        return true;
    }

    /// <summary>Tells about the background jobs that have ended, once each, as bash does before a prompt.</summary>
    public void ReportJobs()
    {
        foreach (var job in Jobs.All.Where(job => job.Process.HasExited).ToList())
        {
            Io.Err.Write(Jobs.Describe(job) + "\n");
            Jobs.Remove(job);
        }
    }
}
