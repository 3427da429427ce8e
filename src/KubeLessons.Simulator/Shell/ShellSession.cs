using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell;

/// <summary>What a <see cref="ShellSession"/> begins with. Not given: a login of root on the host, in its home.</summary>
public sealed record ShellSessionStart(Host Host)
{
    public string User { get; init; } = "root";

    /// <summary>Null: the user's home.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Added to what a login sets.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Null: the host's.</summary>
    public FileSystem? Files { get; init; }

    /// <summary>Null: the host's.</summary>
    public NetworkAttachment? Network { get; init; }

    /// <summary>Null: the host's.</summary>
    public ProgramTable? Programs { get; init; }

    /// <summary>The container that it is in; null: none.</summary>
    public string? ContainerId { get; init; }
}

/// <summary>
/// A shell that somebody types into: one bash process that keeps its variables, functions, working directory and jobs from
/// line to line. It works on the virtual clock: <see cref="Run"/> returns at once, and whoever drives the world lets the line
/// run. One line at a time.
/// </summary>
public sealed class ShellSession
{
    private readonly Interpreter _shell;
    private readonly LineRunner _runner;
    private ShellRun? _current;

    /// <summary>Starts the shell's process.</summary>
    /// <exception cref="InvalidOperationException">The host has no power.</exception>
    public ShellSession(ShellSessionStart start)
    {
        var home = ShellStart.HomeOf(start.User);
        var directory = start.WorkingDirectory ?? ((start.Files ?? start.Host.Files).IsDirectory(home) ? home : "/");
        Process = start.Host.Processes.Start(new ProcessStart(["bash"], Main)
        {
            User = start.User,
            WorkingDirectory = directory,
            Environment = ShellStart.LoginEnvironment(start.User, "/bin/bash").SetItems(start.Environment),
            Files = start.Files,
            Network = start.Network,
            Programs = start.Programs,
            ContainerId = start.ContainerId,
        });
        _shell = ShellStart.Interpreter(Process, ShellDialect.Bash, ShellSource.Interactive, "bash", []);
        _runner = new LineRunner(_shell);
        _runner.Ended += OnLineEnded;
        Process.SignalHandler = _shell.OnSignal;
        Coroutine.Start(Process.World, AfterExit(), _ => { });
    }

    /// <summary>The shell's process; <c>$$</c> is its ID.</summary>
    public Process Process { get; }

    public Host Host => Process.Host;

    /// <summary>True after <c>exit</c>, or when the process was killed or its host lost power.</summary>
    public bool HasEnded => Process.HasExited;

    /// <summary><c>$?</c>: the exit code of the last command.</summary>
    public int ExitCode => _shell.State.Status;

    public string WorkingDirectory => Process.WorkingDirectory;

    /// <summary>What stands before a line, such as <c>[root@w1-k8s ~]# </c>.</summary>
    public string Prompt => PromptText.Of(_shell, _shell.State.Variables.Value("PS1") ?? "");

    /// <summary>What stands before a line that continues one.</summary>
    public string ContinuationPrompt => PromptText.Of(_shell, _shell.State.Variables.Value("PS2") ?? "");

    /// <summary>Whether a text can run as it is, or an open quote, loop or here-document needs more lines.</summary>
    public static bool IsComplete(string text) => ShellProgram.IsComplete(text);

    /// <summary>A variable's value; null: unset.</summary>
    public string? Variable(string name) => _shell.Parameter(name);

    public void SetVariable(string name, string value) => _shell.State.Variables.Set(name, value);

    /// <summary>Starts one or more command lines. They write to the given streams, and read from an empty one unless told otherwise.</summary>
    /// <exception cref="InvalidOperationException">The line before is still running.</exception>
    public ShellRun Run(string text, TextStream output, TextStream error, TextStream? input = null)
    {
        if (_runner.IsRunning)
        {
            throw new InvalidOperationException("A line is still running in this session.");
        }

        var run = new ShellRun(Process.World, _runner);
        if (HasEnded)
        {
            run.Finish(Process.ExitCode);
            return run;
        }

        _current = run;
        _shell.Io = ShellIo.Of(input ?? TextStream.Empty(Process.World), output, error, TextStream.Empty(Process.World));
        _shell.Line = 1;
        _runner.Start(text);
        return run;
    }

    /// <summary>Ends the session as a closed terminal does: SIGHUP to the shell's jobs, and the shell is gone.</summary>
    public void Close()
    {
        foreach (var process in Host.Processes.Descendants(Process).ToList())
        {
            process.Send(ProcessSignal.Hangup);
        }

        Process.Exit(128 + (int)ProcessSignal.Hangup);
    }

    private static IEnumerable<Wait> Main(Process self)
    {
        yield return Wait.Forever;
    }

    // However the shell's process ends, its line ends with it.
    private IEnumerable<Wait> AfterExit()
    {
        while (!Process.HasExited)
        {
            yield return Wait.On(Process.Exited);
        }

        _runner.Kill(Process.ExitCode);
    }

    private void OnLineEnded()
    {
        _current?.Finish(_shell.State.Status);
        _current = null;
    }
}

/// <summary>A command line that runs, or has run, in a <see cref="ShellSession"/>.</summary>
public sealed class ShellRun
{
    private readonly LineRunner _runner;

    internal ShellRun(World world, LineRunner runner) => (Finished, _runner) = (new Signal(world), runner);

    public bool IsFinished { get; private set; }

    /// <summary>0 to 255; meaningful once it is finished.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Raised when it is finished.</summary>
    public Signal Finished { get; }

    /// <summary>Ctrl-C: SIGINT to what runs in the foreground, and the line ends with 130 (unless a trap takes it).</summary>
    public void Interrupt()
    {
        if (!IsFinished)
        {
            _runner.Interrupt();
        }
    }

    internal void Finish(int exitCode)
    {
        (IsFinished, ExitCode) = (true, exitCode);
        Finished.Raise();
    }
}
