using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>The lists of systemctl: units, unit files, and the machine as a whole.</summary>
internal static class SystemctlLists
{
    private static readonly string[] _types =
        ["service", "mount", "swap", "socket", "target", "device", "automount", "timer", "path", "slice", "scope"];

    /// <summary>Whether there is such a type of units (or, as -t takes it too, such a load state).</summary>
    public static bool IsType(string text) => text.Split(',').All(type => _types.Contains(type) || type is "loaded" or "not-found" or "masked" or "error" or "stub" or "merged" or "bad-setting");

    public static string Units(Host host, CommandOptions options)
    {
        string[] states = options.Has('F') ? ["failed"] : [.. options.Values('S').SelectMany(text => text.Split(','))];
        var units = Chosen(host, options)
            .Where(unit => options.Has('a') || states.Length > 0 || unit.State != UnitState.Inactive)
            .Where(unit => states.Length == 0 || states.Any(state => state == Systemctl.Words.Of(unit.State) || state == unit.SubState || state == Load(unit)))
            .ToList();
        var rows = units.Select(unit => new[] { IsBad(unit) ? "●" : " ", unit.Name + ".service", Load(unit), Systemctl.Words.Of(unit.State), unit.SubState, unit.IsMasked ? unit.Name + ".service" : unit.File.Description }).ToList();
        if (rows.Count > 0 && !options.Has('L'))
        {
            rows.Insert(0, [" ", "UNIT", "LOAD", "ACTIVE", "SUB", "DESCRIPTION"]);
        }

        var text = new StringBuilder(Layout(rows));
        if (options.Has('L'))
        {
            return text.ToString();
        }

        text.Append(units.Count == 0
            ? ""
            : "\nLOAD   = Reflects whether the unit definition was properly loaded.\nACTIVE = The high-level unit activation state, i.e. generalization of SUB.\nSUB    = The low-level unit activation state, values depend on unit type.\n");
        text.Append(CultureInfo.InvariantCulture, $"{units.Count} loaded units listed.");
        text.Append(options.Has('a') || states.Contains("inactive") ? "\nTo show all installed unit files use 'systemctl list-unit-files'.\n"
            : states.Length == 0 ? " Pass --all to see loaded but inactive units, too.\nTo show all installed unit files use 'systemctl list-unit-files'.\n" : "\n");
        return text.ToString();
    }

    public static string UnitFiles(Host host, CommandOptions options)
    {
        string[] states = [.. options.Values('S').SelectMany(text => text.Split(','))];
        var rows = Chosen(host, options)
            .SelectMany(unit => unit.File.Aliases.Select(alias => (Name: alias, State: "alias")).Append((unit.Name, State: Systemctl.Words.FileState(unit, unit.Name))))
            .Where(row => states.Length == 0 || states.Contains(row.State))
            .OrderBy(row => row.Name, StringComparer.Ordinal)
            .Select(row => new[] { row.Name + ".service", row.State, row.State is "alias" or "static" ? "-" : "enabled" })
            .ToList();
        var count = rows.Count;
        if (options.Has('L'))
        {
            return Layout(rows);
        }

        rows.Insert(0, ["UNIT FILE", "STATE", "PRESET"]);
        return Layout(rows) + string.Create(CultureInfo.InvariantCulture, $"\n{count} unit files listed.\n");
    }

    // There are services alone; the patterns are the words after the verb.
    private static IEnumerable<Unit> Chosen(Host host, CommandOptions options)
    {
        var patterns = options.Operands.Skip(1).ToList();
        var types = options.Values('t').SelectMany(text => text.Split(',')).ToList();
        return host.Units.All
            .Where(unit => types.Count == 0 || types.Contains("service") || types.Contains(Load(unit)))
            .Where(unit => patterns.Count == 0 || patterns.Exists(pattern => Matches(unit, pattern)));
    }

    private static bool IsBad(Unit unit) => unit.State == UnitState.Failed || unit.IsMasked;

    private static string Load(Unit unit) => unit.IsMasked ? "masked" : "loaded";

    // Each column as wide as its widest cell, the last as it is.
    private static string Layout(List<string[]> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                text.Append(i == row.Length - 1 ? row[i] : row[i].PadRight(rows.Max(other => other[i].Length)) + " ");
            }

            text.Append('\n');
        }

        return text.ToString();
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
            ? name == pattern || unit.Name == pattern || unit.File.Aliases.Any(alias => alias == pattern || alias + ".service" == pattern)
            : name.StartsWith(pattern[..star], StringComparison.Ordinal) && name.EndsWith(pattern[(pattern.LastIndexOf('*') + 1)..], StringComparison.Ordinal);
    }
}
