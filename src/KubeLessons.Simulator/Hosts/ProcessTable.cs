namespace KubeLessons.Simulator.Hosts;

/// <summary>The processes of a host, by their PIDs.</summary>
public sealed class ProcessTable(Host host)
{
    /// <summary>A host runs at most this many processes (Linux' kernel.pid_max of small machines).</summary>
    public const int MaxProcesses = 32_768;

    private readonly SortedDictionary<int, Process> _running = [];
    private readonly Dictionary<string, int> _lastInnerPids = new(StringComparer.Ordinal);
    private int _lastPid = 300;

    public IEnumerable<Process> Running => _running.Values;

    public Process? Find(int pid) => _running.GetValueOrDefault(pid);

    /// <summary>The process that another one knows by this PID.</summary>
    public Process? FindSeenBy(Process viewer, int pid)
    {
        if (viewer.PidNamespace.Length == 0)
        {
            return Find(pid);
        }

        foreach (var process in _running.Values)
        {
            if (process.OwnId == pid && process.PidNamespace == viewer.PidNamespace)
            {
                return process;
            }
        }

        return null;
    }

    /// <summary>Starts a program in a turn of its own, now.</summary>
    /// <exception cref="InvalidOperationException">The table is full, or the host has no power.</exception>
    public Process Start(ProcessStart start)
    {
        if (!host.IsPoweredOn || _running.Count >= MaxProcesses)
        {
            throw new InvalidOperationException(
                $"{host.Name} cannot start {start.Arguments[0]}: {(host.IsPoweredOn ? "too many processes" : "no power")}.");
        }

        var pid = ++_lastPid;
        var process = new Process(host, pid, InnerPid(start, pid), start);
        _running.Add(process.Id, process);
        process.Run();
        return process;
    }

    /// <summary>The processes that were started by this one and are still running, and theirs.</summary>
    public IEnumerable<Process> Descendants(Process parent) =>
        _running.Values.Where(process => process.Start.Parent == parent)
            .SelectMany(child => Descendants(child).Prepend(child))
            .ToList();

    /// <summary>Ends everything at once, as a power cut does.</summary>
    internal void KillAll()
    {
        foreach (var process in _running.Values.ToList())
        {
            process.Exit(128 + (int)ProcessSignal.Kill);
        }
    }

    // A container has a PID namespace of its own, in which its processes are numbered from 1.
    private int InnerPid(ProcessStart start, int pid)
    {
        var space = start.PidNamespace ?? start.ContainerId ?? start.Parent?.PidNamespace ?? "";
        if (space.Length == 0)
        {
            return pid;
        }

        // Where containers share a namespace, its process 1 is the sandbox' own.
        var inner = start.IsInit && space == start.ContainerId ? 1 : _lastInnerPids.GetValueOrDefault(space, 1) + 1;
        _lastInnerPids[space] = inner;
        return inner;
    }

    internal void Remove(Process process)
    {
        _running.Remove(process.Id);
        if (process.Start.IsInit && process.PidNamespace == process.ContainerId)
        {
            _lastInnerPids.Remove(process.PidNamespace);
        }
    }
}
