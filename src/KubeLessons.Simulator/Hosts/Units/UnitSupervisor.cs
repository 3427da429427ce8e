using System.Collections.Immutable;

namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// What systemd does with one service: it forks the process, watches it, starts it again as its file says (systemd.service(5),
/// Restart=, RestartSec=, StartLimitBurst=), and writes into the journal what happened.
/// </summary>
internal sealed class UnitSupervisor(Host host)
{
    /// <summary>RestartSec= unless the file says otherwise (DefaultRestartSec).</summary>
    private static readonly TimeSpan DefaultRestartDelay = TimeSpan.FromMilliseconds(100);

    // syslog's levels, as systemd gives them to its own lines.
    private const int Error = 3;
    private const int Warning = 4;
    private const int Notice = 5;
    private const int Info = 6;

    public static void Forget(Unit unit)
    {
        unit.StopRequested = true;
        unit.PlannedStart?.Cancel();
        unit.PlannedStart = null;
        unit.MainProcess = null;
        unit.LastProcess = null;
        unit.Result = "success";
        unit.Restarts = 0;
        unit.Starts.Clear();
        unit.Enter(UnitState.Inactive, "dead");
    }

    public void Start(Unit unit)
    {
        if (unit.State is UnitState.Active || unit.MainProcess is { HasExited: false })
        {
            return;
        }

        unit.PlannedStart?.Cancel();
        unit.PlannedStart = null;
        unit.StopRequested = false;
        unit.Restarts = 0;
        if (IsStartAllowed(unit))
        {
            Run(unit);
        }
    }

    public void Stop(Unit unit)
    {
        unit.StopRequested = true;
        unit.PlannedStart?.Cancel();
        unit.PlannedStart = null;
        if (unit.MainProcess is not { HasExited: false } process)
        {
            StopWithoutProcess(unit);
            return;
        }

        Log(unit, $"Stopping {Title(unit)}...");
        unit.Enter(UnitState.Deactivating, "stop-sigterm");
        SendToAll(unit, process, ProcessSignal.Terminate);
        host.World.After(unit.File.StopTimeout, () =>
        {
            if (!process.HasExited)
            {
                Log(unit, $"{unit.Name}.service: State 'stop-sigterm' timed out. Killing.", Warning);
                Log(unit, $"{unit.Name}.service: Killing process {process.Id} ({process.Name}) with signal SIGKILL.", Notice);
                SendToAll(unit, process, ProcessSignal.Kill);
            }
        });
    }

    private void StopWithoutProcess(Unit unit)
    {
        if (unit.State is UnitState.Inactive or UnitState.Failed)
        {
            return;
        }

        var words = UnitFileReader.Words(unit.File.ExecStop ?? "", unit.File.Environment);
        if (unit.State == UnitState.Active && Program(words) is { } main)
        {
            Log(unit, $"Stopping {Title(unit)}...");
            unit.Enter(UnitState.Deactivating, "stop");
            unit.MainProcess = host.Processes.Start(new ProcessStart(words, main));
            Coroutine.Start(host.World, Supervise(unit, unit.MainProcess), _ => { });
            return;
        }

        unit.Enter(UnitState.Inactive, "dead");
        Log(unit, $"Stopped {Title(unit)}.");
    }

    private void SendToAll(Unit unit, Process main, ProcessSignal signal)
    {
        // The processes of containers live in other control groups than the unit's own.
        var others = unit.File.KillsMainOnly ? [] : host.Processes.Descendants(main).Where(process => process.ContainerId is null).ToList();
        main.Send(signal);
        foreach (var process in others)
        {
            process.Send(signal);
        }
    }

    private bool IsStartAllowed(Unit unit)
    {
        var now = host.World.Now;
        while (unit.Starts.TryPeek(out var oldest) && now - oldest >= unit.File.StartLimitInterval)
        {
            unit.Starts.Dequeue();
        }

        if (unit.File.StartLimitInterval > TimeSpan.Zero && unit.Starts.Count >= unit.File.StartLimitBurst)
        {
            Log(unit, $"{unit.Name}.service: Start request repeated too quickly.", Warning);
            unit.Result = unit.Result == "success" ? "start-limit-hit" : unit.Result;
            Fail(unit);
            Log(unit, $"Failed to start {Title(unit)}.", Error);
            return false;
        }

        unit.Starts.Enqueue(now);
        return true;
    }

    private void Run(Unit unit)
    {
        var file = unit.File;
        if (file.IsNotify || file.IsOneShot)
        {
            Log(unit, $"Starting {Title(unit)}...");
        }

        var words = UnitFileReader.Words(file.ExecStart, file.Environment);
        var main = file.Main ?? Program(words, file.Sources is [var source, ..] && source.StartsWith("/etc/", StringComparison.Ordinal));
        if (main is null)
        {
            Log(unit, $"{unit.Name}.service: Failed at step EXEC spawning {words.FirstOrDefault()}: No such file or directory", Error);
            main = self => Missing(self);
        }

        var process = host.Processes.Start(new ProcessStart(words, main)
        {
            User = file.User,
            Environment = file.Environment,
            Output = JournalStream(unit),
            Error = JournalStream(unit),
        });
        unit.MainProcess = process;
        unit.Result = "success";
        if (file.IsOneShot)
        {
            unit.Enter(UnitState.Activating, "start");
        }
        else
        {
            unit.Enter(UnitState.Active, "running");
            Log(unit, $"Started {Title(unit)}.");
        }

        Coroutine.Start(host.World, Supervise(unit, process), _ => { });
    }

    private ProgramMain? Program(ImmutableArray<string> words, bool isOwn = false)
    {
        if (words is not [var path, ..])
        {
            return null;
        }

        // The daemons' programs are files, and gone with them; the everyday commands, of which a unit of one's own may consist, are
        // always there. A host without any binaries on its disk is one that a test made.
        var isThere = host.Files.Exists(path) || !host.Files.Exists(FileSystem.Parent(path)) || isOwn;
        return isThere ? host.Programs.Find(path) : null;
    }

    private static IEnumerable<Wait> Missing(Process self)
    {
        self.Exit(203);
        yield break;
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

        (unit.MainProcess, unit.LastProcess) = (null, process);
        var isClean = ExitStatus.IsClean(process.ExitCode);
        if (!isClean)
        {
            Log(unit, $"{unit.Name}.service: Main process exited, {ExitStatus.Describe(process.ExitCode)}", ExitStatus.IsSignal(process.ExitCode) ? Warning : Notice);
        }

        unit.Result = isClean ? "success" : ExitStatus.IsSignal(process.ExitCode) ? "signal" : "exit-code";
        if (unit.File.IsOneShot && isClean && !unit.StopRequested)
        {
            unit.Enter(UnitState.Active, "exited");
            Log(unit, $"Finished {Title(unit)}.");
            yield break;
        }

        if (unit.StopRequested || !Restarts(unit.File.EffectiveRestart, process.ExitCode))
        {
            End(unit, isClean);
            yield break;
        }

        Log(unit, isClean ? $"{unit.Name}.service: Deactivated successfully." : $"{unit.Name}.service: Failed with result '{unit.Result}'.", isClean ? Info : Warning);
        unit.Enter(UnitState.Activating, "auto-restart");
        unit.PlannedStart = host.World.After(unit.File.RestartDelay ?? DefaultRestartDelay, () => Restart(unit));
    }

    private void End(Unit unit, bool isClean)
    {
        if (isClean)
        {
            Log(unit, $"{unit.Name}.service: Deactivated successfully.");
            unit.Enter(UnitState.Inactive, "dead");
        }
        else
        {
            Fail(unit);
        }

        if (unit.StopRequested)
        {
            Log(unit, $"Stopped {Title(unit)}.");
        }
    }

    private void Fail(Unit unit)
    {
        Log(unit, $"{unit.Name}.service: Failed with result '{unit.Result}'.", Warning);
        unit.Enter(UnitState.Failed, "failed");
    }

    private void Restart(Unit unit)
    {
        unit.PlannedStart = null;
        if (!host.IsPoweredOn || unit.StopRequested)
        {
            return;
        }

        unit.Restarts++;
        Log(unit, $"{unit.Name}.service: Scheduled restart job, restart counter is at {unit.Restarts}.");
        Log(unit, $"Stopped {Title(unit)}.");
        if (IsStartAllowed(unit))
        {
            Run(unit);
        }
    }

    private static bool Restarts(RestartPolicy policy, int exitCode) => policy switch
    {
        RestartPolicy.Always => true,
        RestartPolicy.OnSuccess => ExitStatus.IsClean(exitCode),
        RestartPolicy.OnFailure => !ExitStatus.IsClean(exitCode),
        RestartPolicy.OnAbnormal => !ExitStatus.IsClean(exitCode) && ExitStatus.IsSignal(exitCode),
        _ => false,
    };

    private TextStream JournalStream(Unit unit)
    {
        var rest = "";
        return new TextStream(host.World, text =>
        {
            var lines = (rest + text).Split('\n');
            rest = lines[^1];
            foreach (var line in lines.AsSpan(0, lines.Length - 1))
            {
                var process = unit.MainProcess;
                host.Journal.Add(unit.Name, process?.Name ?? unit.Name, process?.Id ?? 0, line);
            }
        });
    }

    private static string Title(Unit unit) => $"{unit.Name}.service - {unit.File.Description}";

    // systemd writes about a unit with the unit's own name in the entry, which is why journalctl -u shows these lines.
    private void Log(Unit unit, string message, int priority = Info) => host.Journal.Add(unit.Name, "systemd", 1, message, priority);
}

/// <summary>How systemd words the end of a process (systemd.exec(5), "Process Exit Codes").</summary>
public static class ExitStatus
{
    public static bool IsSignal(int exitCode) => exitCode > 128 && exitCode < 160;

    /// <summary>Exit code 0, and the signals HUP, INT, PIPE and TERM (systemd.service(5), SuccessExitStatus=).</summary>
    public static bool IsClean(int exitCode) => exitCode is 0 or 129 or 130 or 141 or 143;

    /// <summary>Such as <c>code=exited, status=1/FAILURE</c> and <c>code=killed, status=9/KILL</c>.</summary>
    public static string Describe(int exitCode) => IsSignal(exitCode)
        ? $"code=killed, status={exitCode - 128}/{SignalName(exitCode - 128)}"
        : $"code=exited, status={exitCode}{ExitName(exitCode)}";

    private static string SignalName(int signal) => signal switch
    {
        1 => "HUP",
        2 => "INT",
        3 => "QUIT",
        6 => "ABRT",
        9 => "KILL",
        11 => "SEGV",
        13 => "PIPE",
        15 => "TERM",
        _ => signal.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string ExitName(int exitCode) => exitCode switch
    {
        0 => "/SUCCESS",
        1 => "/FAILURE",
        2 => "/INVALIDARGUMENT",
        203 => "/EXEC",
        255 => "/EXCEPTION",
        _ => "/n/a",
    };
}
