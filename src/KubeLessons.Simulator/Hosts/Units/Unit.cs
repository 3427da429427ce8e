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

/// <summary>One unit of a host with its state.</summary>
public sealed class Unit
{
    private readonly Host _host;

    internal Unit(Host host, UnitFile file)
    {
        (_host, File, IsEnabled) = (host, file, file.IsEnabled);
        Changed = new Signal(host.World);
    }

    public UnitFile File { get; internal set; }

    public string Name => File.Name;

    public bool IsEnabled { get; set; }

    /// <summary>A masked unit cannot be started (systemctl mask).</summary>
    public bool IsMasked { get; set; }

    public UnitState State { get; private set; } = UnitState.Inactive;

    /// <summary>systemd's SubState: running, exited, dead, auto-restart, stop-sigterm, failed.</summary>
    public string SubState { get; private set; } = "dead";

    /// <summary>How it ended last: success, exit-code, signal, start-limit-hit, timeout.</summary>
    public string Result { get; internal set; } = "success";

    /// <summary>Since when it is in this state; null: it has never been in another.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>When it became active last.</summary>
    public DateTimeOffset? ActiveSince { get; private set; }

    public Process? MainProcess { get; internal set; }

    /// <summary>The main process that ended last; null: none has.</summary>
    public Process? LastProcess { get; internal set; }

    public int Restarts { get; internal set; }

    /// <summary>Raised after the state changed.</summary>
    public Signal Changed { get; }

    internal bool StopRequested { get; set; }

    internal Turn? PlannedStart { get; set; }

    /// <summary>When it was started within the interval of its start limit.</summary>
    internal Queue<TimeSpan> Starts { get; } = new();

    internal void Enter(UnitState state, string subState)
    {
        if (State == state && SubState == subState)
        {
            return;
        }

        var isNews = State != state;
        (State, SubState) = (state, subState);
        if (isNews)
        {
            Since = _host.World.UtcNow;
            ActiveSince = state == UnitState.Active ? Since : ActiveSince;
            _host.World.Trace.RecordFact(_host.Name, "unit", Name, state.ToString().ToLowerInvariant());
        }

        Changed.Raise();
    }
}
