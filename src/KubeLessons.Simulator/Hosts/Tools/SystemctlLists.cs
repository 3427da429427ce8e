using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>The lists of systemctl: units, unit files, and the machine as a whole.</summary>
internal static class SystemctlLists
{
    public static string Units(Host host, CommandOptions options)
    {
        var state = options.Has('F') ? "failed" : options.Value('s');
        var patterns = options.Operands.Skip(1).ToList();
        var units = host.Units.All
            .Where(unit => options.Has('a') || state is not null || unit.State != UnitState.Inactive)
            .Where(unit => state is null || Systemctl.Words.Of(unit.State) == state || unit.SubState == state)
            .Where(unit => patterns.Count == 0 || patterns.Exists(pattern => Matches(unit, pattern)))
            .ToList();
        var text = new StringBuilder();
        var width = units.Count == 0 ? 4 : Math.Max(4, units.Max(unit => unit.Name.Length) + ".service".Length);
        if (units.Count > 0 && !options.Has('L'))
        {
            text.Append($"  {"UNIT".PadRight(width)} LOAD   ACTIVE     SUB          DESCRIPTION\n");
        }

        foreach (var unit in units)
        {
            text.Append($"{(unit.State == UnitState.Failed ? "●" : " ")} {(unit.Name + ".service").PadRight(width)} loaded {Systemctl.Words.Of(unit.State),-10} {unit.SubState,-12} {unit.File.Description}\n");
        }

        if (!options.Has('L'))
        {
            text.Append(units.Count == 0
                ? "0 loaded units listed."
                : "\nLOAD   = Reflects whether the unit definition was properly loaded.\nACTIVE = The high-level unit activation state, i.e. generalization of SUB.\nSUB    = The low-level unit activation state, values depend on unit type.\n"
                    + $"{units.Count} loaded units listed.");
            text.Append(options.Has('a') || state is not null ? "\n" : " Pass --all to see loaded but inactive units, too.\n");
            text.Append(units.Count == 0 ? "" : "To show all installed unit files use 'systemctl list-unit-files'.\n");
        }

        return text.ToString();
    }

    public static string UnitFiles(Host host, ImmutableArray<string> patterns)
    {
        var rows = host.Units.All
            .SelectMany(unit => unit.File.Aliases.Select(alias => (Name: alias, Unit: unit, State: "alias"))
                .Append((unit.Name, Unit: unit, State: Systemctl.Words.FileState(unit, unit.Name))))
            .Where(row => patterns.IsEmpty || patterns.Any(pattern => Matches(row.Unit, pattern) || row.Name + ".service" == pattern))
            .OrderBy(row => row.Name, StringComparer.Ordinal)
            .ToList();
        var width = rows.Count == 0 ? 9 : rows.Max(row => row.Name.Length) + ".service".Length;
        var text = new StringBuilder($"{"UNIT FILE".PadRight(width)} STATE    PRESET\n");
        foreach (var row in rows)
        {
            text.Append($"{(row.Name + ".service").PadRight(width)} {row.State,-8} {(row.State is "alias" or "static" ? "-" : "enabled")}\n");
        }

        return text.Append($"\n{rows.Count} unit files listed.\n").ToString();
    }

    /// <summary>systemctl status without a unit.</summary>
    public static string Machine(Host host)
    {
        var failed = host.Units.All.Count(unit => unit.State == UnitState.Failed);
        var boot = host.World.Epoch + host.Machine.BootedAt;
        return $"● {host.Name}\n    State: {(failed > 0 ? "degraded" : "running")}\n    Units: {host.Units.All.Count()} loaded (incl. loaded aliases)\n"
            + $"     Jobs: 0 queued\n   Failed: {failed} units\n    Since: {TimeWords.Stamp(boot)}; {TimeWords.Ago(host.World.UtcNow - boot)}\n  systemd: 252.36-1~deb12u1\n";
    }

    private static bool Matches(Unit unit, string pattern)
    {
        var name = unit.Name + ".service";
        var star = pattern.IndexOf('*');
        return star < 0
            ? name == pattern || unit.Name == pattern
            : name.StartsWith(pattern[..star], StringComparison.Ordinal) && name.EndsWith(pattern[(pattern.LastIndexOf('*') + 1)..], StringComparison.Ordinal);
    }
}
