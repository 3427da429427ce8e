namespace KubeLessons.Simulator.Hosts;

/// <summary>A host's kernel state: modules and sysctls. Both are gone after a reboot, but for what the boot files bring back.</summary>
public sealed class Kernel(Host host)
{
    private readonly SortedDictionary<string, string> _modules = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _sysctls = new(StringComparer.Ordinal);

    /// <summary>Called after a module or sysctl changed.</summary>
    public event Action? Changed;

    /// <summary>The loaded modules, by name.</summary>
    public IEnumerable<string> Modules => _modules.Keys;

    public IEnumerable<KeyValuePair<string, string>> Sysctls => _sysctls;

    public bool IsLoaded(string module) => _modules.ContainsKey(module);

    public void Load(string module)
    {
        if (_modules.TryAdd(module, ""))
        {
            host.World.Trace.RecordFact(host.Name, "module", module, "loaded");
            Changed?.Invoke();
        }
    }

    public void Unload(string module)
    {
        if (_modules.Remove(module))
        {
            host.World.Trace.RecordFact(host.Name, "module", module, null);
            Changed?.Invoke();
        }
    }

    /// <summary>A sysctl by its dotted key; null when the kernel does not know it.</summary>
    public string? Sysctl(string key) => _sysctls.GetValueOrDefault(key);

    /// <summary>Sets a sysctl; null removes it (its module is gone).</summary>
    public void SetSysctl(string key, string? value)
    {
        if (Sysctl(key) == value)
        {
            return;
        }

        if (value is null)
        {
            _sysctls.Remove(key);
        }
        else
        {
            _sysctls[key] = value;
        }

        host.World.Trace.RecordFact(host.Name, "sysctl", key, value);
        Changed?.Invoke();
    }

    internal void Reset()
    {
        _modules.Clear();
        _sysctls.Clear();
    }
}
