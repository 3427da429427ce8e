using System.Collections.Immutable;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>systemctl(1) for service units. Words and exit codes are those of systemd 252.</summary>
internal static class Systemctl
{
    private const int NotFound = 5;

    private static readonly ImmutableArray<LongOption> LongOptions =
    [
        new("no-pager", 'N'), new("all", 'a'), new("type", 't'), new("state", 'S'), new("now", 'w'), new("full", 'l'), new("lines", 'n'),
        new("quiet", 'q'), new("force", 'f'), new("no-legend", 'L'), new("failed", 'F'), new("plain", 'P'), new("signal", 's'), new("kill-who", 'K'), new("output", 'o'),
        new("no-block", 'B'), new("property", 'p'), new("value", 'V'),
    ];

    public static IEnumerable<Wait> Main(Process self)
    {
        var options = CommandOptions.Parse([.. self.Arguments], "alqft:s:S:n:o:K:p:NwLFPBV", longOptions: LongOptions.AsSpan());
        if (options.Fault is { } fault)
        {
            self.Error.WriteLine($"systemctl: {fault}");
            self.Exit(1);
            return [];
        }

        if (self.ContainerId is not null)
        {
            self.Error.WriteLine("System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down");
            self.Exit(1);
            return [];
        }

        if (options.Value('t') is { } type && !SystemctlLists.IsType(type))
        {
            return Fail(self, $"Unknown unit type or load state '{type}'.\nUse -t help to see a list of allowed values.", 1);
        }

        var names = options.Operands.Skip(1).ToImmutableArray();
        if (names.IsEmpty && options.Operands.FirstOrDefault() is "is-active" or "is-failed" or "is-enabled" or "enable" or "disable" or "mask" or "unmask" or "cat" or "kill")
        {
            return Fail(self, "Too few arguments.", 1);
        }

        return options.Operands.FirstOrDefault() switch
        {
            null or "list-units" => Print(self, SystemctlLists.Units(self.Host, options)),
            "list-unit-files" => Print(self, SystemctlLists.UnitFiles(self.Host, options)),
            "start" => Each(self, names, "start", unit => Start(self, unit)),
            "stop" => Each(self, names, "stop", unit => Stop(self, unit)),
            "restart" or "reload-or-restart" or "force-reload" => Each(self, names, "restart", unit => Restart(self, unit)),
            "try-restart" or "condrestart" => Each(self, names, "try-restart", unit => unit.State == UnitState.Active ? Restart(self, unit) : []),
            "reload" => Each(self, names, "reload", unit => Reload(self, unit)),
            "kill" => SignalWords.Parse(options.Value('s') ?? "TERM") is { } signal
                ? Each(self, names, "kill unit", unit => Kill(unit, signal)) : Fail(self, $"Failed to parse signal string \"{options.Value('s')}\".", 1),
            "status" => names.IsEmpty ? Print(self, SystemctlLists.Machine(self.Host)) : Status(self, names, options),
            "is-active" => Is(self, names, options, unit => (Words.Of(unit.State), unit.State == UnitState.Active)),
            "is-failed" => Is(self, names, options, unit => (Words.Of(unit.State), unit.State == UnitState.Failed)),
            "is-enabled" => IsEnabled(self, names, options),
            "enable" => Enable(self, names, options.Has('w')),
            "disable" => Disable(self, names, options.Has('w')),
            "mask" => Mask(self, names, isMasked: true),
            "unmask" => Mask(self, names, isMasked: false),
            "cat" => Cat(self, names),
            "show" => Show(self, names, options),
            "daemon-reload" or "daemon-reexec" => DaemonReload(self),
            "reset-failed" => ResetFailed(self, names),
            "reboot" => PowerTools.Reboot(self),
            "poweroff" or "halt" => PowerTools.PowerOff(self),
            "get-default" => Print(self, "multi-user.target\n"),
            "is-system-running" => Print(self, AnyFailed(self.Host) ? "degraded\n" : "running\n", AnyFailed(self.Host) ? 1 : 0),
            "--version" => Print(self, "systemd 252 (252.36-1~deb12u1)\n"),
            var verb => Fail(self, $"Unknown command verb {verb}.", 1),
        };
    }

    private static bool AnyFailed(Host host) => host.Units.All.Any(unit => unit.State == UnitState.Failed);

    private static IEnumerable<Wait> Print(Process self, string text, int code = 0)
    {
        self.Output.Write(text);
        self.Exit(code);
        return [];
    }

    private static IEnumerable<Wait> Fail(Process self, string text, int code)
    {
        self.Error.WriteLine(text);
        self.Exit(code);
        return [];
    }

    private static string Full(string name) => name.Contains('.', StringComparison.Ordinal) ? name : name + ".service";

    // Runs one action a unit, one after the other, and remembers the worst exit code.
    private static IEnumerable<Wait> Each(Process self, ImmutableArray<string> names, string verb, Func<Unit, IEnumerable<Wait>> action)
    {
        if (names.IsEmpty)
        {
            self.Error.WriteLine("Too few arguments.");
            self.Exit(1);
            yield break;
        }

        var code = 0;
        foreach (var name in names)
        {
            if (self.Host.Units.Find(name) is not { } unit)
            {
                self.Error.WriteLine($"Failed to {verb} {Full(name)}: Unit {Full(name)} not {(verb is "stop" or "kill unit" ? "loaded" : "found")}.");
                code = NotFound;
                continue;
            }

            if (unit.IsMasked && (verb is "start" or "restart"))
            {
                self.Error.WriteLine($"Failed to {verb} {unit.Name}.service: Unit {unit.Name}.service is masked.");
                code = 1;
                continue;
            }

            WarnOfReload(self, unit);
            yield return Wait.Call(action(unit));
            if ((verb is "start" or "restart") && unit.State == UnitState.Failed)
            {
                self.Error.WriteLine(StartFailure(unit));
                code = 1;
            }
        }

        self.Exit(code);
    }

    private static string StartFailure(Unit unit) =>
        unit.Result == "start-limit-hit" || unit.LastProcess is null
            ? $"Job for {unit.Name}.service failed.\nSee \"systemctl status {unit.Name}.service\" and \"journalctl -xeu {unit.Name}.service\" for details."
            : $"Job for {unit.Name}.service failed because the control process exited with error code.\nSee \"systemctl status {unit.Name}.service\" and \"journalctl -xeu {unit.Name}.service\" for details.";

    private static IEnumerable<Wait> Start(Process self, Unit unit)
    {
        self.Host.Units.Start(unit);
        while (unit.State == UnitState.Activating && unit.SubState == "start")
        {
            yield return Wait.On(unit.Changed);
        }
    }

    private static IEnumerable<Wait> Stop(Process self, Unit unit)
    {
        self.Host.Units.Stop(unit);
        while (unit.State == UnitState.Deactivating)
        {
            yield return Wait.On(unit.Changed);
        }
    }

    private static IEnumerable<Wait> Restart(Process self, Unit unit)
    {
        yield return Wait.Call(Stop(self, unit));
        yield return Wait.Call(Start(self, unit));
    }

    private static IEnumerable<Wait> Reload(Process self, Unit unit)
    {
        if (unit.State != UnitState.Active || unit.Name is not ("ssh" or "firewalld" or "chronyd"))
        {
            self.Error.WriteLine(unit.State == UnitState.Active
                ? $"Failed to reload {unit.Name}.service: Job type reload is not applicable for unit {unit.Name}.service."
                : $"{unit.Name}.service is not active, cannot reload.");
            self.Exit(1);
            yield break;
        }

        unit.MainProcess?.Send(ProcessSignal.Hangup);
    }

    private static IEnumerable<Wait> Kill(Unit unit, ProcessSignal signal)
    {
        unit.MainProcess?.Send(signal);
        yield break;
    }

    private static void WarnOfReload(Process self, Unit unit)
    {
        if (self.Host.Units.NeedsReload(unit))
        {
            self.Error.WriteLine($"Warning: The unit file, source configuration file or drop-ins of {unit.Name}.service changed on disk. Run 'systemctl daemon-reload' to reload units.");
        }
    }

    private static IEnumerable<Wait> Status(Process self, ImmutableArray<string> names, CommandOptions options)
    {
        var lines = int.TryParse(options.Value('n'), out var asked) ? asked : 10;
        var code = 0;
        var isFirst = true;
        foreach (var name in names)
        {
            if (self.Host.Units.Find(name) is not { } unit)
            {
                self.Error.WriteLine($"Unit {Full(name)} could not be found.");
                code = 4;
                continue;
            }

            WarnOfReload(self, unit);
            self.Output.Write((isFirst ? "" : "\n") + SystemctlStatus.Of(self.Host, unit, lines));
            isFirst = false;
            code = unit.State is UnitState.Active ? code : 3;
        }

        self.Exit(code);
        yield break;
    }

    private static IEnumerable<Wait> Is(
        Process self, ImmutableArray<string> names, CommandOptions options, Func<Unit, (string Word, bool Holds)> question)
    {
        var any = false;
        foreach (var name in names)
        {
            var (word, holds) = self.Host.Units.Find(name) is { } unit ? question(unit) : ("inactive", false);
            any |= holds;
            if (!options.Has('q'))
            {
                self.Output.WriteLine(word);
            }
        }

        self.Exit(any ? 0 : self.Arguments.Contains("is-failed") ? 1 : 3);
        yield break;
    }

    private static IEnumerable<Wait> IsEnabled(Process self, ImmutableArray<string> names, CommandOptions options)
    {
        var any = false;
        foreach (var name in names)
        {
            if (self.Host.Units.Find(name) is not { } unit)
            {
                self.Error.WriteLine($"Failed to get unit file state for {Full(name)}: No such file or directory");
                continue;
            }

            var word = Words.FileState(unit, name);
            any |= word is "enabled" or "static" or "alias";
            if (!options.Has('q'))
            {
                self.Output.WriteLine(word);
            }
        }

        self.Exit(any ? 0 : 1);
        yield break;
    }

    private static IEnumerable<Wait> Enable(Process self, ImmutableArray<string> names, bool startsNow)
    {
        foreach (var name in names)
        {
            if (self.Host.Units.Find(name) is not { } unit)
            {
                self.Error.WriteLine($"Failed to enable unit: Unit file {Full(name)} does not exist.");
                self.Exit(1);
                yield break;
            }

            if (unit.IsMasked)
            {
                self.Error.WriteLine($"Failed to enable unit: Unit file /etc/systemd/system/{unit.Name}.service is masked.");
                self.Exit(1);
                yield break;
            }

            if (unit.File.IsStatic)
            {
                self.Error.Write(NoInstallSection);
                continue;
            }

            foreach (var link in Links(unit).Where(link => self.Host.Files.FindNoFollow(link) is null))
            {
                self.Host.Files.Link(link, Source(unit));
                self.Error.WriteLine($"Created symlink {link} → {Source(unit)}.");
            }

            unit.IsEnabled = true;
            self.Host.Units.Reload();
            if (startsNow)
            {
                yield return Wait.Call(Start(self, unit));
            }
        }
    }

    private static IEnumerable<Wait> Disable(Process self, ImmutableArray<string> names, bool stopsNow)
    {
        foreach (var name in names)
        {
            if (self.Host.Units.Find(name) is not { } unit)
            {
                self.Error.WriteLine($"Failed to disable unit: Unit file {Full(name)} does not exist.");
                self.Exit(1);
                yield break;
            }

            foreach (var link in Links(unit).Where(link => self.Host.Files.FindNoFollow(link) is not null))
            {
                self.Host.Files.Remove(link);
                self.Error.WriteLine($"Removed \"{link}\".");
            }

            unit.IsEnabled = false;
            self.Host.Units.Reload();
            if (stopsNow)
            {
                yield return Wait.Call(Stop(self, unit));
            }
        }
    }

    private const string NoInstallSection = """
        The unit files have no installation config (WantedBy=, RequiredBy=, Also=,
        Alias= settings in the [Install] section, and DefaultInstance= for template
        units). This means they are not meant to be enabled using systemctl.
         
        Possible reasons for having this kind of units are:
        • A unit may be statically enabled by being symlinked from another unit's
          .wants/ or .requires/ directory.
        • A unit's purpose may be to act as a helper for some other unit which has
          a requirement dependency on it.
        • A unit may be started when needed via activation (socket, path, timer,
          D-Bus, udev, scripted systemctl call, ...).
        • In case of template units, the unit is meant to be enabled with some
          instance name specified.

        """;

    private static IEnumerable<string> Links(Unit unit) =>
        unit.File.Aliases.Select(alias => $"/etc/systemd/system/{alias}.service")
            .Concat(unit.File.WantedBy.Select(target => $"/etc/systemd/system/{target}.wants/{unit.Name}.service"));

    private static string Source(Unit unit) => unit.File.Sources is [var first, ..] ? first : $"/lib/systemd/system/{unit.Name}.service";

    private static IEnumerable<Wait> Mask(Process self, ImmutableArray<string> names, bool isMasked)
    {
        foreach (var name in names)
        {
            var link = $"/etc/systemd/system/{(self.Host.Units.Find(name)?.Name is { } known ? known + ".service" : Full(name))}";
            if (isMasked)
            {
                self.Host.Files.Link(link, "/dev/null");
                self.Error.WriteLine($"Created symlink {link} → /dev/null.");
            }
            else if (self.Host.Files.FindNoFollow(link) is { Content: "/dev/null" })
            {
                self.Host.Files.Remove(link);
                self.Error.WriteLine($"Removed \"{link}\".");
            }

            if (self.Host.Units.Find(name) is { } unit)
            {
                unit.IsMasked = isMasked;
            }
        }

        yield break;
    }

    private static IEnumerable<Wait> Cat(Process self, ImmutableArray<string> names)
    {
        foreach (var name in names)
        {
            if (self.Host.Units.Find(name) is not { } unit)
            {
                self.Error.WriteLine($"No files found for {Full(name)}.");
                self.Exit(1);
                yield break;
            }

            if (self.Host.Units.NeedsReload(unit))
            {
                self.Error.WriteLine($"# Warning: {unit.Name}.service changed on disk, the version systemd has loaded is outdated.\n# This output shows the current version of the unit's original fragment and drop-in files.\n"
                    + "# If fragments or drop-ins were added or removed, they are not properly reflected in this output.\n# Run 'systemctl daemon-reload' to reload units.");
            }

            var parts = unit.File.Sources.Select(path => $"# {path}\n{(self.Host.Files.Read(path) ?? "").TrimEnd('\n')}\n");
            self.Output.Write(string.Join('\n', parts));
        }
    }

    private static IEnumerable<Wait> Show(Process self, ImmutableArray<string> names, CommandOptions options)
    {
        var wanted = options.Values('p').SelectMany(list => list.Split(',')).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names)
        {
            foreach (var (key, value) in SystemctlStatus.Properties(self.Host, self.Host.Units.Find(name), name))
            {
                if (wanted.Count == 0 || wanted.Contains(key))
                {
                    self.Output.WriteLine(options.Has('V') ? value : $"{key}={value}");
                }
            }
        }

        yield break;
    }

    private static IEnumerable<Wait> DaemonReload(Process self)
    {
        self.Host.Units.Reload();
        yield break;
    }

    private static IEnumerable<Wait> ResetFailed(Process self, ImmutableArray<string> names)
    {
        foreach (var name in names.Where(name => self.Host.Units.Find(name) is null))
        {
            self.Error.WriteLine($"Failed to reset failed state of unit {Full(name)}: Unit {Full(name)} not loaded.");
            self.Exit(1);
            yield break;
        }

        foreach (var unit in self.Host.Units.All.Where(unit => names.IsEmpty || names.Any(name => self.Host.Units.Find(name) == unit)))
        {
            self.Host.Units.ResetFailed(unit);
        }

        yield break;
    }

    /// <summary>systemd's words for states.</summary>
    internal static class Words
    {
        public static string Of(UnitState state) => state.ToString().ToLowerInvariant();

        public static string FileState(Unit unit, string askedAs) =>
            unit.IsMasked ? "masked"
            : unit.File.Aliases.Contains(askedAs.Replace(".service", "", StringComparison.Ordinal)) ? "alias"
            : unit.File.IsStatic ? "static"
            : unit.IsEnabled ? "enabled" : "disabled";
    }
}
