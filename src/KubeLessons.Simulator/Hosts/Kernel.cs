namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// A host's kernel state: modules and sysctls. Both are gone after a reboot, but for what the boot files bring back. The net.* keys
/// are those of the host's network, which obeys them.
/// </summary>
public sealed class Kernel
{
    private readonly Host _host;
    private readonly SortedDictionary<string, string> _modules = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _sysctls = new(StringComparer.Ordinal);

    internal Kernel(Host host)
    {
        _host = host;
        Reset();
    }

    /// <summary>What the kernel said until then, dmesg does not show any more (dmesg -C); the journal does.</summary>
    public DateTimeOffset LogClearedAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Called after a module or sysctl changed.</summary>
    public event Action? Changed;

    /// <summary>The loaded modules, by name.</summary>
    public IEnumerable<string> Modules => _modules.Keys;

    /// <summary>All sysctls that exist now, by key.</summary>
    public IEnumerable<KeyValuePair<string, string>> Sysctls => _sysctls
        .Concat(Net.Names.Select(key => KeyValuePair.Create(key, Net.Get(key)!)))
        .OrderBy(entry => entry.Key, StringComparer.Ordinal);

    private Network.NetworkSysctls Net => _host.Network.Stack.Sysctls;

    public bool IsLoaded(string module) => _modules.ContainsKey(module);

    public void Load(string module)
    {
        if (!_modules.TryAdd(module, ""))
        {
            return;
        }

        _host.World.Trace.RecordFact(_host.Name, "module", module, "loaded");
        KernelLog.Loaded(_host, module);
        if (module == BridgeNetfilter)
        {
            Net.ResetBridge();
            RecordBridge(isLoaded: true);
        }

        Changed?.Invoke();
    }

    public void Unload(string module)
    {
        if (!_modules.Remove(module))
        {
            return;
        }

        _host.World.Trace.RecordFact(_host.Name, "module", module, null);
        KernelLog.Unloaded(_host, module);
        if (module == BridgeNetfilter)
        {
            RecordBridge(isLoaded: false);
        }

        Changed?.Invoke();
    }

    /// <summary>A sysctl by its dotted key; null when the kernel does not know it.</summary>
    public string? Sysctl(string key) => IsNet(key) ? Net.Get(key) : _sysctls.GetValueOrDefault(key);

    /// <summary>Whether there is such a sysctl and this is a value for it.</summary>
    public bool Takes(string key, string value) =>
        IsNet(key) ? Net.Takes(key, value) : Sysctl(key) is { } now && KernelDefaults.Takes(key, now, value);

    /// <summary>Sets a sysctl. False when there is no such key, or the value is none for it.</summary>
    public bool SetSysctl(string key, string value)
    {
        if (!Takes(key, value))
        {
            return false;
        }

        var before = Sysctl(key);
        if (IsNet(key))
        {
            Net.TrySet(key, value);
        }
        else
        {
            _sysctls[key] = value;
        }

        if (before != value)
        {
            _host.World.Trace.RecordFact(_host.Name, "sysctl", key, value);
            Changed?.Invoke();
        }

        return true;
    }

    /// <summary>The power is gone, and with it all that was loaded and set.</summary>
    internal void PowerOff()
    {
        foreach (var module in _modules.Keys)
        {
            _host.World.Trace.RecordFact(_host.Name, "module", module, null);
        }

        _modules.Clear();
        Reset();
    }

    private void Reset()
    {
        _sysctls.Clear();
        foreach (var (key, value) in KernelDefaults.Sysctls)
        {
            _sysctls[key] = value;
        }
    }

    private const string BridgeNetfilter = "br_netfilter";

    private static bool IsNet(string key) => key.StartsWith("net.", StringComparison.Ordinal);

    // Its keys come and go with the module: whoever watches one of them must see that.
    private void RecordBridge(bool isLoaded)
    {
        foreach (var key in (ReadOnlySpan<string>)["net.bridge.bridge-nf-call-ip6tables", Network.NetworkSysctls.BridgeCallsIptables])
        {
            _host.World.Trace.RecordFact(_host.Name, "sysctl", key, isLoaded ? "1" : null);
        }
    }
}
