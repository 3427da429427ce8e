using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Pods;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Kubelet.Status;

namespace KubeLessons.Simulator.Kubelet.Probes;

/// <summary>A probe's verdict for which a container is to be killed: the words of the event, and the probe's own grace period, if it has one.</summary>
internal sealed record ProbeFault(string Message, TimeSpan? Grace);

/// <summary>All probes of a kubelet's pods, and what they have found (pkg/kubelet/prober: manager).</summary>
internal sealed class ContainerProbes(
    Process self, Relist relist, RuntimeConnection runtime, HttpProber http, PodEvents events, Routines routines) : IContainerReadiness
{
    private static readonly ProbeKind[] _kinds = [ProbeKind.Startup, ProbeKind.Readiness, ProbeKind.Liveness];

    private readonly Dictionary<string, List<(ContainerProbe Probe, Coroutine Routine)>> _byPod = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ContainerId, ProbeKind Kind), bool> _results = [];

    /// <summary>Called with a pod's UID when a probe's verdict changed.</summary>
    public event Action<string>? Changed;

    /// <summary>How many probes wait for something to change.</summary>
    internal int Resting { get; set; }

    /// <summary>Something may have changed on the network: probes that rested look again.</summary>
    public void WakeAll()
    {
        if (Resting == 0)
        {
            return;
        }

        foreach (var probes in _byPod.Values)
        {
            foreach (var (probe, _) in probes)
            {
                probe.Wake();
            }
        }
    }

    /// <summary>Begins to probe a pod's containers, if that has not begun.</summary>
    public void Add(PodObject pod)
    {
        if (_byPod.ContainsKey(pod.Uid))
        {
            return;
        }

        var probes = new List<(ContainerProbe, Coroutine)>();
        foreach (var container in pod.InitContainers.Where(init => init.IsSidecar).Concat(pod.Containers))
        {
            foreach (var kind in _kinds)
            {
                if (ProbeSpec.Of(container, kind) is { } spec)
                {
                    var probe = new ContainerProbe(self, pod, container, spec, runtime, http, events, this);
                    probes.Add((probe, routines.Start(probe.Run())));
                }
            }
        }

        _byPod.Add(pod.Uid, probes);
    }

    /// <summary>The pod's containers may be others than before.</summary>
    public void Stir(string uid)
    {
        if (_byPod.TryGetValue(uid, out var probes))
        {
            foreach (var (probe, _) in probes)
            {
                probe.Stirred.Raise();
            }
        }
    }

    /// <summary>Stops probing whether a pod is alive: it is about to be stopped. Its readiness is probed to the end.</summary>
    public void Remove(string uid)
    {
        if (_byPod.Remove(uid, out var probes))
        {
            foreach (var (probe, routine) in probes)
            {
                probe.Stop();
                routine.Kill();
            }
        }
    }

    public bool HasStarted(PodObject pod, ContainerSpec container, Container running) =>
        container.Doc["startupProbe"] is null || _results.GetValueOrDefault((running.Id, ProbeKind.Startup));

    public bool IsReady(PodObject pod, ContainerSpec container, Container running) =>
        container.Doc["readinessProbe"] is null || _results.GetValueOrDefault((running.Id, ProbeKind.Readiness));

    /// <summary>Why a container is to be killed, in the words of the event; null: it is not.</summary>
    public ProbeFault? Fault(PodObject pod, ContainerSpec container, Container running)
    {
        foreach (var kind in (ReadOnlySpan<ProbeKind>)[ProbeKind.Liveness, ProbeKind.Startup])
        {
            if (_results.TryGetValue((running.Id, kind), out var isSuccess) && !isSuccess)
            {
                var name = kind == ProbeKind.Liveness ? "liveness" : "startup";
                return new ProbeFault(
                    $"Container {container.Name} failed {name} probe",
                    container.Doc.Int(name + "Probe", "terminationGracePeriodSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            }
        }

        return null;
    }

    public void Forget(Container container)
    {
        foreach (var kind in _kinds)
        {
            _results.Remove((container.Id, kind));
        }
    }

    internal Container? Running(string uid, string container) =>
        relist.Get(uid).Newest(container) is { State: ContainerState.Running, Container: { State: ContainerState.Running } running } ? running : null;

    internal void Set(string uid, Container container, ProbeKind kind, bool isSuccess)
    {
        if (_results.TryGetValue((container.Id, kind), out var before) && before == isSuccess)
        {
            return;
        }

        _results[(container.Id, kind)] = isSuccess;
        Changed?.Invoke(uid);
        if (kind == ProbeKind.Startup)
        {
            Stir(uid);
        }
    }
}
