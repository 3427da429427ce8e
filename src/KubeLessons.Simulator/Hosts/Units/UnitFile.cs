using System.Collections.Immutable;

namespace KubeLessons.Simulator.Hosts;

/// <summary>When a unit's process is started again after it ended by itself (systemd.service(5), Restart=).</summary>
public enum RestartPolicy
{
    No,
    OnSuccess,
    OnFailure,
    OnAbnormal,
    Always,
}

/// <summary>What a unit file says. A unit that comes from files on the disk is read by <see cref="UnitFileReader"/>.</summary>
/// <param name="Name">Without <c>.service</c>.</param>
/// <param name="Description">Shown beside its name.</param>
/// <param name="Main">Its program; null: whatever the host has under the name of <paramref name="ExecStart"/>'s first word.</param>
/// <param name="ExecStart">The command line; <c>$NAME</c> stands for the words of an environment variable.</param>
public sealed record UnitFile(string Name, string Description, ProgramMain? Main, string ExecStart)
{
    /// <summary>Whoever comes from nowhere is restarted when <see cref="RestartDelay"/> is set.</summary>
    public RestartPolicy? Restart { get; init; }

    /// <summary>RestartSec=; null means 100 ms for a unit that is restarted.</summary>
    public TimeSpan? RestartDelay { get; init; }

    /// <summary>So many starts within <see cref="StartLimitInterval"/> are allowed (StartLimitBurst=, default 5).</summary>
    public int StartLimitBurst { get; init; } = 5;

    /// <summary>StartLimitIntervalSec=, default 10 s; zero: no limit.</summary>
    public TimeSpan StartLimitInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>TimeoutStopSec=: after TERM, KILL.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>ExecStop=: run when the unit is stopped, before its processes are told to end; null: none.</summary>
    public string? ExecStop { get; init; }

    /// <summary>A oneshot unit runs its program to the end and stays active (RemainAfterExit=yes).</summary>
    public bool IsOneShot { get; init; }

    /// <summary>Type=notify: its start is announced before it is there.</summary>
    public bool IsNotify { get; init; }

    /// <summary>KillMode=process: a stop ends the main process alone (containerd's shims and open SSH sessions go on).</summary>
    public bool KillsMainOnly { get; init; }

    public bool IsEnabled { get; init; } = true;

    /// <summary>No [Install] section: it can be neither enabled nor disabled.</summary>
    public bool IsStatic { get; init; }

    /// <summary>The targets that want it once it is enabled.</summary>
    public ImmutableArray<string> WantedBy { get; init; } = ["multi-user.target"];

    /// <summary>Other names that the unit answers to, such as sshd for ssh.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Units that are started before it at boot, without <c>.service</c>.</summary>
    public ImmutableArray<string> After { get; init; } = [];

    public ImmutableArray<string> Documentation { get; init; } = [];

    public string User { get; init; } = "root";

    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The files it was read from: its own first, then its drop-ins. None for a unit that was made without files.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    internal RestartPolicy EffectiveRestart => Restart ?? (RestartDelay is null ? RestartPolicy.No : RestartPolicy.Always);
}
