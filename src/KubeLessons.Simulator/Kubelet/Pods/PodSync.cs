using KubeLessons.Simulator.Api.Pipeline;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Node;
using KubeLessons.Simulator.Kubelet.Probes;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Kubelet.Status;
using KubeLessons.Simulator.Kubelet.Volumes;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>
/// Brings a pod from what it is to what it should be (pkg/kubelet: SyncPod, kuberuntime: SyncPod): status, network, volumes, sandbox,
/// init containers, containers.
/// </summary>
internal sealed class PodSync(
    RuntimeConnection runtime, Relist relist, PodStatusBuilder builder, PodStatuses statuses, PodEvents events, RuntimeHealth health,
    PodActionPlanner planner, SandboxConfigs sandboxes, ContainerStarter starter, ContainerStopper stopper, ContainerProbes probes,
    PodVolumes volumes)
{
    public IEnumerable<Wait> Run(PodObject pod, SyncOutcome outcome)
    {
        var seen = relist.Get(pod.Uid);
        var status = builder.Build(pod, seen, statuses.Get(pod));
        if (IsOverdue(pod, status, outcome))
        {
            const string Message = "Pod was active on the node longer than the specified deadline";
            events.OfPod(pod, "Normal", "DeadlineExceeded", Message);
            statuses.Set(pod, builder.Fail(pod, seen, status, "DeadlineExceeded", Message));
            outcome.IsTerminal = true;
            yield break;
        }

        statuses.Set(pod, status);
        if (status.Text("phase") is "Succeeded" or "Failed")
        {
            outcome.IsTerminal = true;
            yield break;
        }

        if (!pod.IsHostNetwork && health.NetworkError is { } networkError)
        {
            events.OfPod(pod, "Warning", "NetworkNotReady", $"network is not ready: {networkError}");
            outcome.Fail(isTransient: true);
            yield break;
        }

        probes.Add(pod);
        probes.Stir(pod.Uid);
        var mounted = new MountOutcome();
        yield return Wait.Call(volumes.Mount(pod, mounted));
        if (mounted.Error is { } notMounted)
        {
            events.OfPod(pod, "Warning", "FailedMount", notMounted);
            outcome.Fail();
            yield break;
        }

        yield return Wait.Call(Act(pod, seen, planner.Plan(pod, seen), outcome));
    }

    // spec.activeDeadlineSeconds counts from the pod's start on the node.
    private static bool IsOverdue(PodObject pod, Doc status, SyncOutcome outcome)
    {
        if (pod.Doc.Int("spec", "activeDeadlineSeconds") is not { } seconds || status.Text("phase") is "Succeeded" or "Failed"
            || ObjectMeta.ParseTime(status.Text("startTime")) is not { } startedAt)
        {
            return false;
        }

        outcome.Deadline = startedAt + TimeSpan.FromSeconds(seconds);
        return outcome.Now >= outcome.Deadline;
    }

    private IEnumerable<Wait> Act(PodObject pod, PodSeen seen, PodActions actions, SyncOutcome outcome)
    {
        var sandbox = actions.Sandbox;
        if (actions.KillsPod)
        {
            if (actions.CreatesSandbox && !seen.Sandboxes.IsEmpty)
            {
                events.OfPod(pod, "Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
            }

            var stopped = new StopOutcome();
            yield return Wait.Call(stopper.StopPod(pod, seen, pod.GracePeriod, stopped));
            if (stopped.Error is not null)
            {
                outcome.Fail();
                yield break;
            }
        }

        foreach (var kill in actions.Kills)
        {
            var stopped = new StopOutcome();
            yield return Wait.Call(stopper.Stop(pod, kill.Container, kill.Message, kill.Grace ?? pod.GracePeriod, stopped));
            probes.Forget(kill.Container);
            if (stopped.Error is not null)
            {
                outcome.Fail();
                yield break;
            }
        }

        if (actions.CreatesSandbox)
        {
            var made = new CriResult<PodSandbox>();
            yield return Wait.Call(MakeSandbox(pod, actions.Attempt, made, outcome));
            sandbox = made.Value;
        }

        if (sandbox is null)
        {
            yield break;
        }

        foreach (var container in actions.Starts)
        {
            RemoveOldAttempts(seen, container);
            yield return Wait.Call(starter.Start(pod, container, sandbox, seen, outcome));
        }
    }

    private IEnumerable<Wait> MakeSandbox(PodObject pod, int attempt, CriResult<PodSandbox> made, SyncOutcome outcome)
    {
        if (runtime.Connect(out var error) is not { } cri)
        {
            Refuse(error);
            yield break;
        }

        yield return Wait.Call(cri.RunPodSandbox(sandboxes.Make(pod, attempt), made));
        if (made.Error is { } notMade)
        {
            Refuse(notMade);
        }

        void Refuse(string why)
        {
            events.OfPod(pod, "Warning", "FailedCreatePodSandBox", $"Failed to create pod sandbox: {why}");
            outcome.Fail();
        }
    }

    // One dead container of a name is kept, for its logs and its last state (kubelet --maximum-dead-containers-per-container=1).
    private void RemoveOldAttempts(PodSeen seen, ContainerSpec container)
    {
        if (runtime.Connect(out _) is not { } cri)
        {
            return;
        }

        var dead = seen.Containers.Where(each => each.Name == container.Name && each.State == ContainerState.Exited).Skip(1);
        foreach (var old in dead)
        {
            probes.Forget(old.Container);
            cri.RemoveContainer(old.Container);
            LogFiles.Remove(runtime.Host, old.Container);
        }
    }
}
