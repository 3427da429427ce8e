using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>
/// The pod lifecycle event generator: it lists the runtime's containers every second, counted from the kubelet's start, and tells
/// what is different. A second in which nothing changed and nobody waits costs no turn.
/// </summary>
internal sealed class Relist
{
    /// <summary>The generator counts as unhealthy when its last relist is older (pkg/kubelet/pleg: relistThreshold).</summary>
    public static readonly TimeSpan Threshold = TimeSpan.FromMinutes(3);

    private readonly Process _self;
    private readonly RuntimeConnection _runtime;
    private readonly Dictionary<string, PodSeen> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _dirty = new(StringComparer.Ordinal);
    private readonly TimeSpan _from;
    private RuntimeState? _watched;
    private TimeSpan? _lostAt;
    private bool _turnPlanned;
    private bool _mustSeeAll = true;

    public Relist(Process self, RuntimeConnection runtime)
    {
        (_self, _runtime, _from) = (self, runtime, self.World.Now);
        Done = new Signal(self.World);
        runtime.Changed += OnRuntimeChanged;
        self.OnExit(StopWatching);
    }

    /// <summary>Called with a pod's UID when the runtime's picture of it changed.</summary>
    public event Action<string>? Changed;

    /// <summary>Raised after every relist that took a turn.</summary>
    public Signal Done { get; }

    /// <summary>True once the runtime was listed for the first time.</summary>
    public bool HasListed => LastAt is not null;

    /// <summary>When the runtime was last listed; null: never.</summary>
    public TimeSpan? LastAt { get; private set; }

    /// <summary>The last time at which it must have been listed: while the runtime answers, the second that passed last.</summary>
    public TimeSpan? LastActive => LastAt is null ? null : _lostAt is { } lost ? TickAtOrBefore(lost) : TickAtOrBefore(_self.World.Now);

    /// <summary>The pods of which the runtime has something.</summary>
    public IEnumerable<string> Pods => _seen.Keys;

    public PodSeen Get(string uid) => _seen.GetValueOrDefault(uid, PodSeen.Nothing);

    /// <summary>The kubelet itself has removed all that the runtime had of a pod.</summary>
    public void Forget(string uid) => _seen.Remove(uid);

    /// <summary>Lists at once, and from then on when something has changed.</summary>
    public void Start() => Plan(TimeSpan.Zero);

    /// <summary>Waits until the runtime was listed after a moment. While the runtime is away that takes as long as it is.</summary>
    public IEnumerable<Wait> WaitForNewerThan(TimeSpan moment)
    {
        while (LastAt is not { } last || last <= moment)
        {
            PlanNextTick();
            yield return Wait.On(Done);
        }
    }

    /// <summary>Waits until what is known of the runtime is younger than a moment: a second that passed without a change counts.</summary>
    public IEnumerable<Wait> WaitForKnowledgeSince(TimeSpan moment)
    {
        if (_mustSeeAll || LastActive is not { } active || active <= moment)
        {
            yield return Wait.Call(WaitForNewerThan(moment));
        }
    }

    private void PlanNextTick() => Plan(TickAtOrBefore(_self.World.Now) + KubernetesConstants.PlegRelistPeriod - _self.World.Now);

    private void Plan(TimeSpan delay)
    {
        if (!_turnPlanned && _runtime.IsUp)
        {
            _turnPlanned = true;
            _self.After(delay, List);
        }
    }

    private TimeSpan TickAtOrBefore(TimeSpan time) =>
        _from + (KubernetesConstants.PlegRelistPeriod * ((time - _from).Ticks / KubernetesConstants.PlegRelistPeriod.Ticks));

    private void List()
    {
        _turnPlanned = false;
        if (_runtime.Connect(out _) is not { } cri)
        {
            return;
        }

        Watch(cri.State);
        LastAt = _self.World.Now;
        var changed = _mustSeeAll ? SeeAll(cri.State) : See(cri.State, [.. _dirty]);
        _dirty.Clear();
        _mustSeeAll = false;
        foreach (var uid in changed)
        {
            Changed?.Invoke(uid);
        }

        Done.Raise();
    }

    private List<string> SeeAll(RuntimeState state)
    {
        var uids = state.Sandboxes.Select(sandbox => sandbox.Config.Uid).Concat(_seen.Keys).Distinct(StringComparer.Ordinal).ToList();
        return See(state, uids);
    }

    private List<string> See(RuntimeState state, List<string> uids)
    {
        uids.Sort(StringComparer.Ordinal);
        var changed = new List<string>();
        foreach (var uid in uids)
        {
            var now = Look(state, uid);
            if (now.Equals(Get(uid)))
            {
                continue;
            }

            if (now.IsEmpty)
            {
                _seen.Remove(uid);
            }
            else
            {
                _seen[uid] = now;
            }

            changed.Add(uid);
        }

        return changed;
    }

    private static PodSeen Look(RuntimeState state, string uid)
    {
        var sandboxes = ImmutableArray.CreateBuilder<SandboxSeen>();
        var containers = new List<ContainerSeen>();
        foreach (var sandbox in state.SandboxesOf(uid))
        {
            sandboxes.Add(new SandboxSeen(sandbox, sandbox.State));
            foreach (var container in sandbox.Containers)
            {
                containers.Add(new ContainerSeen(container, container.State));
            }
        }

        sandboxes.Reverse();
        containers.Reverse();
        return new PodSeen(sandboxes.ToImmutable(), [.. containers]);
    }

    private void OnRuntimeChanged()
    {
        if (_runtime.IsUp)
        {
            _lostAt = null;
            _mustSeeAll = true;
            PlanNextTick();
        }
        else
        {
            _lostAt ??= _self.World.Now;
            StopWatching();
        }
    }

    private void Watch(RuntimeState state)
    {
        if (_watched != state)
        {
            StopWatching();
            _watched = state;
            state.Changed += OnSandboxChanged;
        }
    }

    private void StopWatching()
    {
        if (_watched is { } state)
        {
            state.Changed -= OnSandboxChanged;
            _watched = null;
        }
    }

    private void OnSandboxChanged(PodSandbox sandbox)
    {
        _dirty.Add(sandbox.Config.Uid);
        PlanNextTick();
    }
}
