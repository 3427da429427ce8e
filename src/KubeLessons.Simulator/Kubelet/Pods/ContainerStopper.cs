using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>How the stopping of a pod's containers went.</summary>
internal sealed class StopOutcome
{
    public string? Error { get; set; }
}

/// <summary>Stops containers, and whole pods: preStop hook, the stop signal, KILL when the grace time is over.</summary>
internal sealed class ContainerStopper(
    Process self, RuntimeConnection runtime, PodEvents events, LifecycleHooks hooks, Routines routines, KubernetesVersion version)
{
    /// <summary>A container gets at least this long after its preStop hook (pkg/kubelet/kuberuntime: minimumGracePeriodInSeconds).</summary>
    public static readonly TimeSpan MinimumGracePeriod = TimeSpan.FromSeconds(2);

    /// <summary>Stops one container. A pod that is not known any more has no hooks and gives no events.</summary>
    public IEnumerable<Wait> Stop(PodObject? pod, Container container, string? message, TimeSpan grace, StopOutcome outcome)
    {
        var spec = pod?.Container(container.Config.Name);
        if (pod is not null && spec is not null)
        {
            events.OfContainer(pod, spec, "Normal", "Killing", message ?? $"Stopping container {spec.Name}");
            var before = self.World.Now;
            yield return Wait.Call(hooks.RunPreStop(pod, spec, container, grace));
            grace -= self.World.Now - before;
            if (self.World.Now > before && grace < MinimumGracePeriod)
            {
                grace = MinimumGracePeriod;
            }
        }

        if (runtime.Connect(out var error) is not { } cri)
        {
            outcome.Error = error;
            yield break;
        }

        var result = new CriResult<Container>();
        yield return Wait.Call(cri.StopContainer(container, grace, result));
        outcome.Error ??= result.Error;
    }

    /// <summary>
    /// Stops all that runs of a pod, then its sandboxes. Sidecars go last, in the reverse order of their start, each when the one
    /// after it has gone (since 1.29).
    /// </summary>
    public IEnumerable<Wait> StopPod(PodObject? pod, PodSeen seen, TimeSpan grace, StopOutcome outcome)
    {
        var deadline = self.World.Now + grace;
        var (first, later) = (new List<Container>(), new List<Container>());
        foreach (var running in seen.Containers)
        {
            if (running.State == ContainerState.Running)
            {
                (version.Minor >= 29 && pod?.Container(running.Name) is { IsSidecar: true } ? later : first).Add(running.Container);
            }
        }

        yield return Wait.Call(routines.RunAll([.. first.Select(container => Stop(pod, container, null, grace, outcome))]));
        foreach (var sidecar in later.OrderByDescending(container => pod!.InitContainers.IndexOf(pod.Container(container.Config.Name)!)))
        {
            var left = deadline - self.World.Now;
            yield return Wait.Call(Stop(pod, sidecar, null, left > TimeSpan.Zero ? left : TimeSpan.Zero, outcome));
        }

        if (outcome.Error is not null)
        {
            yield break;
        }

        if (runtime.Connect(out var error) is not { } cri)
        {
            outcome.Error = seen.Sandboxes.IsEmpty ? null : error;
            yield break;
        }

        foreach (var sandbox in seen.Sandboxes)
        {
            cri.StopPodSandbox(sandbox.Sandbox.Id);
        }
    }
}
