namespace KubeLessons.Simulator.Hosts;

/// <summary>systemd's ActiveState of a unit.</summary>
public enum UnitState
{
    Inactive,
    Activating,
    Active,
    Deactivating,
    Failed,
}

/// <summary>
/// What a unit file says. <see cref="RestartDelay"/> null: the unit is not restarted when its process ends (Restart=no);
/// kubelet, containerd and sshd are (Restart=always or on-failure).
/// </summary>
public sealed record UnitFile(string Name, string Description, ProgramMain Main, string ExecStart)
{
    public TimeSpan? RestartDelay { get; init; }

    /// <summary>A oneshot unit runs its program to the end and stays active (RemainAfterExit=yes).</summary>
    public bool IsOneShot { get; init; }

    public bool IsEnabled { get; init; } = true;

    /// <summary>Other names that the unit answers to, such as sshd for ssh.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}

/// <summary>One unit of a host with its state.</summary>
public sealed class Unit(Host host, UnitFile file)
{
    public UnitFile File { get; } = file;

    public string Name => File.Name;

    public bool IsEnabled { get; set; } = file.IsEnabled;

    public UnitState State { get; private set; } = UnitState.Inactive;

    /// <summary>Since when it is in this state.</summary>
    public DateTimeOffset Since { get; private set; } = host.World.UtcNow;

    public Process? MainProcess { get; internal set; }

    public int Restarts { get; internal set; }

    /// <summary>Raised after the state changed.</summary>
    public Signal Changed { get; } = new(host.World);

    internal bool StopRequested { get; set; }

    internal void Enter(UnitState state)
    {
        State = state;
        Since = host.World.UtcNow;
        host.World.Trace.RecordFact(host.Name, "unit", Name, state.ToString().ToLowerInvariant());
        Changed.Raise();
    }
}

/// <summary>
/// A host's systemd as far as units go: start, stop, restart after the process ended by itself, and the journal's lines about it.
/// </summary>
public sealed class UnitTable(Host host)
{
    private readonly SortedDictionary<string, Unit> _units = new(StringComparer.Ordinal);

    public IEnumerable<Unit> All => _units.Values;

    public Unit Add(UnitFile file)
    {
        var unit = new Unit(host, file);
        _units[file.Name] = unit;
        return unit;
    }

    /// <summary>A unit by its name or alias, with or without <c>.service</c>; null when there is none.</summary>
    public Unit? Find(string name)
    {
        var plain = name.EndsWith(".service", StringComparison.Ordinal) ? name[..^".service".Length] : name;
        return _units.GetValueOrDefault(plain) ?? _units.Values.FirstOrDefault(unit => unit.File.Aliases.Contains(plain));
    }

    public void Start(Unit unit)
    {
        if (unit.State is UnitState.Active or UnitState.Activating)
        {
            return;
        }

        unit.StopRequested = false;
        unit.Restarts = 0;
        Log($"Starting {unit.Name}.service - {unit.File.Description}...");
        Run(unit);
    }

    /// <summary>Sends TERM to the unit's process; the unit is inactive when it has exited (see <see cref="Unit.Changed"/>).</summary>
    public void Stop(Unit unit)
    {
        unit.StopRequested = true;
        if (unit.MainProcess is { HasExited: false } process)
        {
            Log($"Stopping {unit.Name}.service - {unit.File.Description}...");
            unit.Enter(UnitState.Deactivating);
            process.Send(ProcessSignal.Terminate);
        }
        else if (unit.State != UnitState.Inactive)
        {
            unit.Enter(UnitState.Inactive);
        }
    }

    /// <summary>Starts every enabled unit, as the boot does.</summary>
    internal void Boot()
    {
        foreach (var unit in _units.Values.Where(unit => unit.IsEnabled).ToList())
        {
            Start(unit);
        }
    }

    /// <summary>The power is gone: no unit is anything any more.</summary>
    internal void Forget()
    {
        foreach (var unit in _units.Values)
        {
            unit.StopRequested = true;
            unit.MainProcess = null;
            unit.Enter(UnitState.Inactive);
        }
    }

    private void Run(Unit unit)
    {
        var start = new ProcessStart([.. unit.File.ExecStart.Split(' ')], unit.File.Main);
        var process = host.Processes.Start(start);
        unit.MainProcess = process;
        unit.Enter(UnitState.Active);
        Log($"Started {unit.Name}.service - {unit.File.Description}.");
        Coroutine.Start(host.World, Supervise(unit, process), _ => { });
    }

    private IEnumerable<Wait> Supervise(Unit unit, Process process)
    {
        while (!process.HasExited)
        {
            yield return Wait.On(process.Exited);
        }

        if (!host.IsPoweredOn || unit.MainProcess != process)
        {
            yield break;
        }

        if (unit.StopRequested)
        {
            unit.Enter(UnitState.Inactive);
            Log($"Stopped {unit.Name}.service - {unit.File.Description}.");
        }
        else if (unit.File.IsOneShot && process.ExitCode == 0)
        {
            yield break;
        }
        else if (unit.File.RestartDelay is { } delay)
        {
            Log($"{unit.Name}.service: Main process exited, code={Ending(process)}");
            unit.Enter(UnitState.Activating);
            yield return Wait.For(delay);
            if (!unit.StopRequested && host.IsPoweredOn)
            {
                unit.Restarts++;
                Log($"{unit.Name}.service: Scheduled restart job, restart counter is at {unit.Restarts}.");
                Run(unit);
            }
        }
        else
        {
            unit.Enter(process.ExitCode == 0 ? UnitState.Inactive : UnitState.Failed);
        }
    }

    private static string Ending(Process process) =>
        process.ExitCode > 128 ? $"killed, status={process.ExitCode - 128}" : $"exited, status={process.ExitCode}";

    private void Log(string message) => host.Journal.Add("init.scope", "systemd", 1, message);
}
