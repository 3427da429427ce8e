using System.Collections.Immutable;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts;

/// <summary>The signals that the simulated programs know; the numbers are Linux' (signal(7)).</summary>
public enum ProcessSignal
{
    Hangup = 1,
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Pipe = 13,
    Terminate = 15,
}

/// <summary>
/// A program: it reads and writes its process' streams, yields what it waits for, and ends with <see cref="Process.Exit"/>
/// (or by returning: exit code 0). A daemon waits forever and reacts in turns that it asked for with <see cref="Process.After"/>;
/// its <c>finally</c> runs however it ends.
/// </summary>
public delegate IEnumerable<Wait> ProgramMain(Process self);

/// <summary>What a process is started with. Streams that are not given are empty (input) and dropped (output).</summary>
public sealed record ProcessStart(ImmutableArray<string> Arguments, ProgramMain Main)
{
    public Process? Parent { get; init; }

    public string User { get; init; } = "root";

    public string WorkingDirectory { get; init; } = "/";

    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    public TextStream? Input { get; init; }

    public TextStream? Output { get; init; }

    public TextStream? Error { get; init; }

    /// <summary>The root file system that it sees; null: the host's.</summary>
    public FileSystem? Files { get; init; }

    /// <summary>The network namespace it lives in; null: the host's.</summary>
    public NetworkAttachment? Network { get; init; }

    /// <summary>The container it belongs to; null: its parent's, if any. Its ID names the cgroup.</summary>
    public string? ContainerId { get; init; }

    /// <summary>
    /// Whose processes it sees: those with the same name here. Null: its container's alone; "" the whole machine's.
    /// </summary>
    public string? PidNamespace { get; init; }

    /// <summary>How much rather (1000) or less rather (-1000) it is killed when memory runs out; null: as its parent.</summary>
    public int? OomScoreAdjustment { get; init; }

    /// <summary>The commands that it finds on its path; null: its parent's, else the host's.</summary>
    public ProgramTable? Programs { get; init; }

    /// <summary>
    /// It is process 1 of a PID namespace: a signal that it does not handle is dropped (pid_namespaces(7)), which is why
    /// <c>sleep</c> as a container's only process outlives TERM.
    /// </summary>
    public bool IsInit { get; init; }
}

/// <summary>A running program on a simulated host.</summary>
public sealed class Process
{
    private const int SegmentationFault = 11;

    // Units that say OOMScoreAdjust=-999, or programs that set it of themselves, such as the kubelet.
    private const int ProtectedAdjustment = -999;

    private readonly Stack<Action> _leftovers = new();
    private List<Connection>? _connections;
    private Coroutine? _coroutine;

    internal Process(Host host, int pid, int innerPid, ProcessStart start)
    {
        Host = host;
        Id = pid;
        OwnId = innerPid;
        Start = start;
        Environment = start.Environment;
        WorkingDirectory = start.WorkingDirectory;
        Input = start.Input ?? TextStream.Empty(host.World);
        Output = start.Output ?? new TextStream(host.World, _ => { });
        Error = start.Error ?? new TextStream(host.World, _ => { });
        Files = start.Files ?? start.Parent?.Files ?? host.Files;
        Network = start.Network ?? start.Parent?.Network ?? host.Network;
        Programs = start.Programs ?? start.Parent?.Programs ?? host.Programs;
        ContainerId = start.ContainerId ?? start.Parent?.ContainerId;
        PidNamespace = start.PidNamespace ?? start.ContainerId ?? start.Parent?.PidNamespace ?? "";
        OomScoreAdjustment = start.OomScoreAdjustment ?? start.Parent?.OomScoreAdjustment ?? (start.Arguments is [var program, ..] && IsProtected(program) ? ProtectedAdjustment : 0);
        CommandLine = start.Arguments;
        Name = NameOf(CommandLine);
        Exited = new Signal(host.World);
        StartedAt = host.World.Now;
    }

    public Host Host { get; }

    public World World => Host.World;

    /// <summary>Its PID as the host sees it.</summary>
    public int Id { get; }

    /// <summary>Its PID as it sees it itself: in a container, that of the container's PID namespace, whose first process is 1.</summary>
    public int OwnId { get; }

    public ProcessStart Start { get; }

    /// <summary>The name of the program: the last part of its first argument.</summary>
    public string Name { get; private set; }

    /// <summary>The program's name and arguments: what it was started with, until it became another program.</summary>
    public ImmutableArray<string> CommandLine { get; private set; }

    /// <summary>The arguments after the program's name.</summary>
    public ReadOnlySpan<string> Arguments => CommandLine.AsSpan()[1..];

    public ImmutableDictionary<string, string> Environment { get; set; }

    public string WorkingDirectory { get; set; }

    public TextStream Input { get; private set; }

    public TextStream Output { get; private set; }

    public TextStream Error { get; private set; }

    public FileSystem Files { get; }

    public NetworkAttachment Network { get; }

    /// <summary>The commands that it finds on its path.</summary>
    public ProgramTable Programs { get; }

    /// <summary>The container that it runs in; null: none.</summary>
    public string? ContainerId { get; }

    /// <summary>The processes that it sees are those with the same one; "" is the machine's, which sees all.</summary>
    public string PidNamespace { get; }

    /// <summary>/proc/PID/oom_score_adj.</summary>
    public int OomScoreAdjustment { get; }

    public TimeSpan StartedAt { get; }

    /// <summary>Memory in bytes that it has taken beside what a program of its kind needs.</summary>
    public long AllocatedBytes { get; private set; }

    public bool HasExited { get; private set; }

    /// <summary>0 to 255; 128 + n when signal n ended it. Meaningful once it has exited.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Raised when it has exited.</summary>
    public Signal Exited { get; }

    /// <summary>Asked before a signal's default action (to end the process). True: it was dealt with. KILL is never asked.</summary>
    public Func<ProcessSignal, bool>? SignalHandler { get; set; }

    /// <summary>Runs an action later, in a turn of its own, unless the process has exited by then.</summary>
    public Turn After(TimeSpan delay, Action action) =>
        World.After(delay, () =>
        {
            if (!HasExited)
            {
                action();
            }
        });

    /// <summary>
    /// Listens on an address of the process' network; <paramref name="service"/> is what a caller finds there. The port is free
    /// again when the process exits. Null: somebody else has it ("Address already in use").
    /// </summary>
    public Listener? Listen(int port, object service, Protocol protocol = Protocol.Tcp, string address = "0.0.0.0")
    {
        var listener = Network.Stack.Sockets.Listen(protocol, Ipv4Address.Parse(address), port, service, Name, Id);
        if (listener is not null)
        {
            OnExit(listener.Close);
        }

        return listener;
    }

    /// <summary>The process holds a connection open; when it exits, the connection is closed.</summary>
    public void Keep(Connection connection)
    {
        if (_connections is null)
        {
            _connections = [];
            OnExit(() =>
            {
                foreach (var open in _connections.ToList())
                {
                    Release(open);
                }
            });
        }

        _connections.Add(connection);
    }

    /// <summary>Closes a connection.</summary>
    public void Release(Connection connection)
    {
        _connections?.Remove(connection);
        if (connection.IsOpen)
        {
            Network.Fabric.Close(connection, World.Now);
        }
    }

    /// <summary>Something that the kernel cleans up behind the process, however it ends; the newest first.</summary>
    public void OnExit(Action cleanUp) => _leftovers.Push(cleanUp);

    /// <summary>Takes so much memory from now on, in place of what it took before. Whoever watches over memory may kill it for that.</summary>
    public void Allocate(long bytes)
    {
        AllocatedBytes = bytes;
        Host.TellMemoryChanged(this);
    }

    /// <summary>Ends the process with this code. A program calls it and then returns (or yields, and is not resumed).</summary>
    public void Exit(int code)
    {
        if (HasExited)
        {
            return;
        }

        HasExited = true;
        ExitCode = code & 0xFF;
        SayWhatWasNotWritten();
        _coroutine?.Kill();
        while (_leftovers.TryPop(out var cleanUp))
        {
            cleanUp();
        }

        Host.Processes.Remove(this);
        Exited.Raise();
    }

    // A shell's builtins have said it already, and who was killed says nothing.
    private void SayWhatWasNotWritten()
    {
        if (Output.Refusal is not null && ExitCode < 128 && Output.TakeRefusal() is { } reason)
        {
            (var words, ExitCode) = WriteFailure.Of(Name, reason);
            Error.Write(words);
        }
    }

    /// <summary>Sends a signal: the handler is asked first, the default action ends the process with 128 + the signal's number.</summary>
    public void Send(ProcessSignal signal)
    {
        if (HasExited || (signal != ProcessSignal.Kill && (SignalHandler?.Invoke(signal) == true || Start.IsInit)))
        {
            return;
        }

        Exit(128 + (int)signal);
    }

    /// <summary>The PID by which another process knows this one.</summary>
    public int IdSeenBy(Process viewer) => viewer.PidNamespace.Length == 0 ? Id : OwnId;

    /// <summary>Whether another process knows of this one: in a container, only of the container's.</summary>
    public bool IsSeenBy(Process viewer) => viewer.PidNamespace.Length == 0 || viewer.PidNamespace == PidNamespace;

    /// <summary>A signal from another process. KILL does nothing to process 1 of the sender's own PID namespace (pid_namespaces(7)).</summary>
    public void Send(ProcessSignal signal, Process sender)
    {
        if (signal != ProcessSignal.Kill || OwnId != 1 || sender.PidNamespace.Length == 0 || sender.PidNamespace != PidNamespace)
        {
            Send(signal);
        }
    }

    /// <summary>
    /// Takes another program's name, arguments and streams under the same PID, as execve(2) does. The caller then runs that
    /// program's main as its own.
    /// </summary>
    internal void Become(ImmutableArray<string> commandLine, TextStream input, TextStream output, TextStream error)
    {
        (CommandLine, Name, Input, Output, Error) = (commandLine, NameOf(commandLine), input, output, error);
        SignalHandler = null;
    }

    private static string NameOf(ImmutableArray<string> commandLine) =>
        commandLine is [var first, ..] ? first[(first.LastIndexOf('/') + 1)..] : "";

    /// <summary>Whether a shell is among those that started it, or it is one: what a person or a script typed.</summary>
    private bool IsCommand => Name is "bash" or "sh" or "ash" || Start.Parent is { IsCommand: true };

    private static bool IsProtected(string program) =>
        program is "/usr/bin/kubelet" or "/usr/bin/containerd" || program.EndsWith("containerd-shim-runc-v2", StringComparison.Ordinal);

    internal void Run() => _coroutine = Coroutine.Start(World, Start.Main(this), OnEnded);

    /// <summary>
    /// A routine that throws is a bug of ours. A daemon's ends the world loudly, with the seed that repeats it; a command that
    /// somebody typed ends as a crashed program does (128 + SIGSEGV), says so, and leaves the rest of the world alone.
    /// </summary>
    private void OnEnded(Exception? fault)
    {
        if (fault is null)
        {
            Exit(0);
            return;
        }

        var what = $"The program {Name} on {Host.Name} failed at {World.Now} (seed {World.Seed}): {fault.Message}";
        if (!IsCommand)
        {
            throw new InvalidOperationException(what, fault);
        }

        World.Trace.RecordAction(Host.Name, Name, what);
        Error.WriteLine($"{Name}: internal fault of the simulator, please report: {fault.Message}");
        Exit(128 + SegmentationFault);
    }
}
