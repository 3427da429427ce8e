using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Pods;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Node;

/// <summary>
/// What the kubelet knows of its container runtime (pkg/kubelet: runtimeState): asked every 5 s, counted from the kubelet's start;
/// a runtime that has not answered for 30 s is down. Worked out when it is asked for, since nothing happens while all is well.
/// </summary>
internal sealed class RuntimeHealth
{
    /// <summary>pkg/kubelet: updateRuntimeUp runs this often.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>pkg/kubelet: maxWaitForContainerRuntime.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly World _world;
    private readonly RuntimeConnection _runtime;
    private readonly Relist _relist;
    private readonly KubernetesVersion _version;
    private readonly TimeSpan _from;
    private TimeSpan? _lostAt;

    public RuntimeHealth(Process self, RuntimeConnection runtime, Relist relist, KubernetesVersion version)
    {
        (_world, _runtime, _relist, _version, _from) = (self.World, runtime, relist, version, self.World.Now);
        _lostAt = runtime.IsUp ? null : _from - Patience - Period;
        runtime.Changed += OnRuntimeChanged;
    }

    /// <summary>When the runtime answered last.</summary>
    private TimeSpan LastAnswer => _lostAt is { } lost && lost < _world.Now ? TickAtOrBefore(lost) : TickAtOrBefore(_world.Now);

    /// <summary>Why there is no pod network, as the node's Ready condition has it; null: there is one, or nobody can say.</summary>
    public string? NetworkError => _runtime.Connect(out _)?.NetworkFault is { } fault
        ? (_version.Minor >= 21 ? "container runtime network not ready: " : "runtime network not ready: ")
            + $"NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: {fault}"
        : null;

    /// <summary>Why pods cannot be run here, as the node's Ready condition has it; empty: they can.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            var errors = new List<string>();
            if (_world.Now - LastAnswer > Patience)
            {
                errors.Add("container runtime is down");
            }

            if (_relist.LastActive is not { } active)
            {
                errors.Add("PLEG is not healthy: pleg has yet to be successful");
            }
            else if (_world.Now - active > Relist.Threshold)
            {
                errors.Add($"PLEG is not healthy: pleg was last seen active {GoDuration.Format(_world.Now - active)} ago; threshold is {GoDuration.Format(Relist.Threshold)}");
            }

            if (NetworkError is { } network)
            {
                errors.Add(network);
            }

            return errors;
        }
    }

    /// <summary>Whether the runtime is known to be down, or is listed no more: then no pod is looked at.</summary>
    public bool HaltsPods => _world.Now - LastAnswer > Patience || (_relist.LastActive is { } active && _world.Now - active > Relist.Threshold);

    /// <summary>True while the runtime does not answer: what <see cref="Errors"/> says then changes with time.</summary>
    public bool IsLost => _lostAt is not null;

    private TimeSpan TickAtOrBefore(TimeSpan time) => time < _from ? time : _from + (Period * ((time - _from).Ticks / Period.Ticks));

    private void OnRuntimeChanged() => _lostAt = _runtime.IsUp ? null : _lostAt ?? _world.Now;
}
