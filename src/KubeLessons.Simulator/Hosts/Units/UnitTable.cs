namespace KubeLessons.Simulator.Hosts;

/// <summary>A host's systemd as far as units go: which there are, starting, stopping, and what a boot brings up.</summary>
public sealed class UnitTable
{
    private readonly Host _host;
    private readonly SortedDictionary<string, Unit> _units = new(StringComparer.Ordinal);
    private readonly UnitSupervisor _supervisor;

    internal UnitTable(Host host)
    {
        _host = host;
        _supervisor = new UnitSupervisor(host);
    }

    private DateTimeOffset _loadedAt;

    public IEnumerable<Unit> All => _units.Values;

    /// <summary>Whether a unit's files are not any more what they were when systemd read them (NeedDaemonReload=).</summary>
    public bool NeedsReload(Unit unit)
    {
        if (unit.File.Sources.IsEmpty || unit.IsMasked)
        {
            return false;
        }

        var now = UnitFileReader.ReadAll(_host.Files).FirstOrDefault(file => file.Name == unit.Name);
        return now is null || !now.Sources.AsSpan().SequenceEqual(unit.File.Sources.AsSpan())
            || now.Sources.Any(path => _host.Files.Find(path) is { } file && file.Modified > _loadedAt);
    }

    public Unit Add(UnitFile file)
    {
        var unit = new Unit(_host, file);
        _units[file.Name] = unit;
        return unit;
    }

    /// <summary>
    /// Reads the unit files on the disk (systemctl daemon-reload): new ones appear, changed ones take effect at their next start,
    /// and those whose file is gone disappear unless they run.
    /// </summary>
    public void Reload()
    {
        _loadedAt = _host.World.UtcNow;
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in UnitFileReader.ReadAll(_host.Files))
        {
            found.Add(file.Name);
            var unit = _units.GetValueOrDefault(file.Name) ?? Add(file);
            unit.File = file;
            unit.IsEnabled = file.IsEnabled;
            unit.IsMasked = _host.Files.FindNoFollow($"/etc/systemd/system/{file.Name}.service") is { Kind: FileKind.Link, Content: "/dev/null" };
        }

        foreach (var unit in _units.Values.Where(unit => !unit.File.Sources.IsEmpty && !found.Contains(unit.Name)).ToList())
        {
            if (unit.State is UnitState.Inactive or UnitState.Failed)
            {
                _units.Remove(unit.Name);
            }
        }
    }

    /// <summary>A unit by its name or alias, with or without <c>.service</c>; null when there is none.</summary>
    public Unit? Find(string name)
    {
        var plain = name.EndsWith(".service", StringComparison.Ordinal) ? name[..^".service".Length] : name;
        return _units.GetValueOrDefault(plain) ?? _units.Values.FirstOrDefault(unit => unit.File.Aliases.Contains(plain));
    }

    /// <summary>Starts a unit. It is active, or failed, at once; nothing when it runs already.</summary>
    public void Start(Unit unit) => _supervisor.Start(unit);

    /// <summary>Sends TERM to the unit's processes; the unit is inactive when they have exited (see <see cref="Unit.Changed"/>).</summary>
    public void Stop(Unit unit) => _supervisor.Stop(unit);

    /// <summary>Forgets that a unit failed, and how often it was started (systemctl reset-failed).</summary>
    public void ResetFailed(Unit unit)
    {
        unit.Starts.Clear();
        if (unit.State == UnitState.Failed)
        {
            unit.Enter(UnitState.Inactive, "dead");
        }
    }

    /// <summary>Starts every enabled unit, those first that others want to come after.</summary>
    internal void Boot()
    {
        // systemd reads what is on the disk now, reloaded or not.
        Reload();
        var started = new HashSet<string>(StringComparer.Ordinal);
        foreach (var unit in _units.Values.Where(IsWanted).ToList())
        {
            StartInOrder(unit, started);
        }
    }

    /// <summary>The power is gone: no unit is anything any more.</summary>
    internal void Forget()
    {
        foreach (var unit in _units.Values)
        {
            UnitSupervisor.Forget(unit);
        }
    }

    private static bool IsWanted(Unit unit) => unit is { IsEnabled: true, IsMasked: false };

    private void StartInOrder(Unit unit, HashSet<string> started)
    {
        if (!started.Add(unit.Name))
        {
            return;
        }

        foreach (var earlier in unit.File.After)
        {
            if (Find(earlier) is { } other && IsWanted(other))
            {
                StartInOrder(other, started);
            }
        }

        Start(unit);
    }
}
