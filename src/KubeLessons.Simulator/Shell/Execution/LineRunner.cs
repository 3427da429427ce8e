
namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>
/// Runs what was typed at a terminal, one text at a time, in a routine of its own: Ctrl-C ends the text and leaves the shell.
/// </summary>
internal sealed class LineRunner(Interpreter shell)
{
    private Coroutine? _coroutine;
    private ShellIo _before = shell.Io;

    public bool IsRunning { get; private set; }

    /// <summary>Raised when a text has run, or was ended.</summary>
    public Signal Finished { get; } = new(shell.World);

    public Interpreter Shell => shell;

    public void Start(string text)
    {
        IsRunning = true;
        _before = shell.Io;
        _coroutine = Coroutine.Start(shell.World, Run(text), OnEnded);
    }

    /// <summary>Ctrl-C: see <see cref="Interpreter.Interrupt"/>. A line without a running program ends at once, with 130.</summary>
    public void Interrupt()
    {
        if (!IsRunning || shell.Interrupt() || shell.OnTrappedInterrupt())
        {
            return;
        }

        Kill(130);
    }

    /// <summary>Ends the line where it stands, whatever it is doing.</summary>
    public void Kill(int status)
    {
        if (!IsRunning)
        {
            return;
        }

        // No longer running, so that the routine's end is not taken for the line's own.
        IsRunning = false;
        _coroutine?.Kill();
        shell.Reset(_before, status);
        Finish();
    }

    private IEnumerable<Wait> Run(string text)
    {
        yield return Wait.Call(shell.RunText(text, null));
        if (shell.Flow == Flow.Exit)
        {
            yield return Wait.Call(shell.RunExitTrap());
            yield break;
        }

        shell.Flow = Flow.None;
        shell.ReportJobs();
    }

    private void OnEnded(Exception? fault)
    {
        if (fault is not null)
        {
            throw new InvalidOperationException(
                $"The shell on {shell.Self.Host.Name} failed at {shell.World.Now} (seed {shell.World.Seed}): {fault.Message}", fault);
        }

        if (!IsRunning)
        {
            return;
        }

        Finish();
        if (shell.Flow == Flow.Exit)
        {
            shell.Self.Exit(shell.State.Status);
        }
    }

    private void Finish()
    {
        IsRunning = false;
        Finished.Raise();
        Ended?.Invoke();
    }

    /// <summary>Called, once a line is over, in the turn in which it ended.</summary>
    public event Action? Ended;
}
