using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>The page that <c>systemctl status</c> prints, and the properties of <c>systemctl show</c>.</summary>
internal static class SystemctlStatus
{
    public static string Of(Host host, Unit unit, int journalLines)
    {
        var text = new StringBuilder();
        text.Append($"{Dot(unit)} {unit.Name}.service - {unit.File.Description}\n");
        text.Append($"     Loaded: {Loaded(unit)}\n");
        DropIns(text, unit);
        text.Append($"     Active: {Active(host, unit)}\n");
        if (unit is { State: UnitState.Inactive or UnitState.Failed, ActiveSince: { } began, Since: { } ended })
        {
            text.Append($"   Duration: {TimeWords.Span(ended - began)}\n");
        }

        for (var i = 0; i < unit.File.Documentation.Length; i++)
        {
            text.Append(i == 0 ? "       Docs: " : "             ").Append(unit.File.Documentation[i]).Append('\n');
        }

        if (unit.MainProcess is { HasExited: false } process)
        {
            Running(text, host, unit, process);
        }
        else if (unit.LastProcess is { } last)
        {
            text.Append($"    Process: {last.Id} ExecStart={unit.File.ExecStart} ({ExitStatus.Describe(last.ExitCode)})\n");
            text.Append($"   Main PID: {last.Id} ({ExitStatus.Describe(last.ExitCode)})\n");
            text.Append($"        CPU: {TimeWords.Cpu(ProcessUsage.CpuTime(last))}\n");
        }

        Journal(text, host, unit, journalLines);
        return text.ToString();
    }

    public static IEnumerable<(string Key, string Value)> Properties(Host host, Unit? unit, string askedAs)
    {
        yield return ("Type", unit?.File.IsOneShot == true ? "oneshot" : unit?.File.IsNotify == true ? "notify" : "simple");
        yield return ("Restart", Restart(unit?.File.EffectiveRestart ?? RestartPolicy.No));
        yield return ("MainPID", (unit?.MainProcess is { HasExited: false } process ? process.Id : 0).ToString(CultureInfo.InvariantCulture));
        yield return ("NRestarts", (unit?.Restarts ?? 0).ToString(CultureInfo.InvariantCulture));
        yield return ("Result", unit?.Result ?? "success");
        yield return ("ExecMainStatus", (unit?.LastProcess?.ExitCode ?? 0).ToString(CultureInfo.InvariantCulture));
        yield return ("Id", unit is null ? askedAs : unit.Name + ".service");
        yield return ("Description", unit?.File.Description ?? askedAs);
        yield return ("LoadState", unit is null ? "not-found" : unit.IsMasked ? "masked" : "loaded");
        yield return ("ActiveState", unit is null ? "inactive" : Systemctl.Words.Of(unit.State));
        yield return ("SubState", unit?.SubState ?? "dead");
        yield return ("FragmentPath", unit?.File.Sources is [var first, ..] ? first : "");
        yield return ("UnitFileState", unit is null ? "" : Systemctl.Words.FileState(unit, unit.Name));
        yield return ("NeedDaemonReload", unit is not null && host.Units.NeedsReload(unit) ? "yes" : "no");
        yield return ("ExecStart", unit is null ? "" : $"{{ path={unit.File.ExecStart.Split(' ')[0]} ; argv[]={unit.File.ExecStart} ; ignore_errors=no }}");
        yield return ("ActiveEnterTimestamp", unit?.ActiveSince is { } since ? TimeWords.Stamp(since) : "");
    }

    private static string Restart(RestartPolicy policy) => policy switch
    {
        RestartPolicy.Always => "always",
        RestartPolicy.OnFailure => "on-failure",
        RestartPolicy.OnSuccess => "on-success",
        RestartPolicy.OnAbnormal => "on-abnormal",
        _ => "no",
    };

    private static string Dot(Unit unit) => unit.State switch
    {
        UnitState.Failed => "×",
        UnitState.Inactive => "○",
        _ => "●",
    };

    private static string Loaded(Unit unit)
    {
        if (unit.IsMasked)
        {
            return "masked (Reason: Unit " + unit.Name + ".service is masked.)";
        }

        var path = unit.File.Sources is [var first, ..] ? first : $"/lib/systemd/system/{unit.Name}.service";
        return unit.File.IsStatic ? $"loaded ({path}; static)" : $"loaded ({path}; {(unit.IsEnabled ? "enabled" : "disabled")}; preset: enabled)";
    }

    private static void DropIns(StringBuilder text, Unit unit)
    {
        var dropIns = unit.File.Sources.Length > 1 ? unit.File.Sources.RemoveAt(0) : [];
        foreach (var directory in dropIns.GroupBy(FileSystem.Parent))
        {
            text.Append($"    Drop-In: {directory.Key}\n");
            text.Append($"             └─{string.Join(", ", directory.Select(path => path[(path.LastIndexOf('/') + 1)..]))}\n");
        }
    }

    private static string Active(Host host, Unit unit)
    {
        var state = Systemctl.Words.Of(unit.State);
        var detail = unit.State == UnitState.Failed || (unit.State == UnitState.Activating && unit.Result != "success")
            ? $"{(unit.State == UnitState.Failed ? "" : unit.SubState + ") (")}Result: {unit.Result}"
            : unit.SubState;
        return unit.Since is { } since
            ? $"{state} ({detail}) since {TimeWords.Stamp(since)}; {TimeWords.Ago(host.World.UtcNow - since)}"
            : $"{state} ({detail})";
    }

    private static void Running(StringBuilder text, Host host, Unit unit, Process process)
    {
        var family = host.Processes.Descendants(process).Where(child => child.ContainerId is null).Prepend(process).ToList();
        text.Append($"   Main PID: {process.Id} ({process.Name})\n");
        text.Append($"      Tasks: {family.Sum(ProcessUsage.Threads)} (limit: 4652)\n");
        text.Append($"     Memory: {SizeWords.Short(family.Sum(ProcessUsage.ResidentBytes))}\n");
        text.Append($"        CPU: {TimeWords.Cpu(family.Aggregate(TimeSpan.Zero, (sum, each) => sum + ProcessUsage.CpuTime(each)))}\n");
        text.Append($"     CGroup: /system.slice/{unit.Name}.service\n");
        for (var i = 0; i < family.Count; i++)
        {
            text.Append($"             {(i == family.Count - 1 ? "└" : "├")}─{family[i].Id} {ProcessUsage.CommandLine(family[i])}\n");
        }
    }

    private static void Journal(StringBuilder text, Host host, Unit unit, int count)
    {
        var entries = host.Journal.Entries.Where(entry => entry.Unit == unit.Name).TakeLast(count).ToList();
        if (entries.Count > 0)
        {
            text.Append('\n');
        }

        foreach (var entry in entries)
        {
            text.Append(Journalctl.Line(host, entry)).Append('\n');
        }
    }
}
