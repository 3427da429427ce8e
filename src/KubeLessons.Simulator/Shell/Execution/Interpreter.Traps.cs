using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Execution;

internal sealed partial class Interpreter
{
    private readonly List<Process> _foreground = [];
    private readonly Queue<string> _pendingTraps = new();
    private bool _isInterrupted;
    private bool _isInTrap;

    /// <summary>A trapped signal has come whose commands have not run yet.</summary>
    public bool HasPendingTraps => _pendingTraps.Count > 0 && !_isInTrap;

    /// <summary>The processes that the shell waits for, with all that they have started.</summary>
    public IEnumerable<Process> Foreground =>
        _foreground.SelectMany(process => Self.Host.Processes.Descendants(process).Prepend(process)).ToList();

    /// <summary>The name that <c>trap</c> and <c>kill -l</c> use, without SIG.</summary>
    public static string NameOf(ProcessSignal signal) => SignalNames.Of((int)signal) ?? ((int)signal).ToString();

    /// <summary>
    /// Ctrl-C at the terminal: every process in the foreground gets SIGINT; the line ends with 130 once they are gone. False
    /// when nothing was in the foreground, so that the caller must end the line itself.
    /// </summary>
    public bool Interrupt()
    {
        var targets = Foreground;
        if (!targets.Any())
        {
            return false;
        }

        _isInterrupted = !State.Traps.ContainsKey("INT");
        if (!_isInterrupted)
        {
            Pend("INT");
        }

        foreach (var process in targets)
        {
            process.Send(ProcessSignal.Interrupt);
        }

        return true;
    }

    /// <summary>A shell's answer to a signal: its trap, later; an interactive one ignores what would end it by accident.</summary>
    public bool OnSignal(ProcessSignal signal)
    {
        if (State.Traps.TryGetValue(NameOf(signal), out var command))
        {
            if (command.Length > 0)
            {
                Pend(NameOf(signal));
            }

            return true;
        }

        return IsInteractive && !IsFork && (signal is ProcessSignal.Interrupt or ProcessSignal.Terminate);
    }

    /// <summary>Runs the commands of a trap, if there are any; the exit code stays as it was.</summary>
    public IEnumerable<Wait> RunTrap(string name)
    {
        if (_isInTrap || !State.Traps.TryGetValue(name, out var command) || command.Length == 0)
        {
            yield break;
        }

        var (status, flow, count) = (State.Status, Flow, FlowCount);
        Flow = Flow.None;
        _isInTrap = true;
        yield return Wait.Call(RunText(command, null, Line, isMain: false));
        _isInTrap = false;
        if (Flow is Flow.None)
        {
            (State.Status, Flow, FlowCount) = (status, flow, count);
        }
    }

    /// <summary>The EXIT trap: runs once, and its own <c>exit</c> gives another exit code.</summary>
    public IEnumerable<Wait> RunExitTrap()
    {
        if (State.Traps.ContainsKey("EXIT"))
        {
            yield return Wait.Call(RunTrap("EXIT"));
            State.Traps = State.Traps.Remove("EXIT");
        }
    }

    private void Pend(string name)
    {
        _pendingTraps.Enqueue(name);
        Woken.Raise();
    }

    private IEnumerable<Wait> RunPendingTraps()
    {
        while (_pendingTraps.TryDequeue(out var name) && Flow is Flow.None)
        {
            yield return Wait.Call(RunTrap(name));
        }
    }
}
