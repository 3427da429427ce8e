using System.Collections.Immutable;
using KubeLessons.Simulator.Kubelet.Probes;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Kubelet.Status;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>A container that is to be killed so that it can be started anew, and what the event says about it.</summary>
/// <param name="Spec">The container as the pod describes it.</param>
/// <param name="Container">What runs.</param>
/// <param name="Message">What the event says.</param>
/// <param name="Grace">The time between TERM and KILL, when it is not the pod's.</param>
internal sealed record ContainerToKill(ContainerSpec Spec, Container Container, string Message, TimeSpan? Grace = null);

/// <summary>What a sync has to do for a pod (pkg/kubelet/kuberuntime: podActions).</summary>
internal sealed record PodActions
{
    /// <summary>The sandbox is gone: everything of the pod is stopped first.</summary>
    public bool KillsPod { get; init; }

    public bool CreatesSandbox { get; init; }

    /// <summary>The number of the sandbox to be made.</summary>
    public int Attempt { get; init; }

    public PodSandbox? Sandbox { get; init; }

    public ImmutableArray<ContainerToKill> Kills { get; init; } = [];

    /// <summary>In the order of their start.</summary>
    public ImmutableArray<ContainerSpec> Starts { get; init; } = [];
}

/// <summary>Compares what a pod wants with what the runtime has.</summary>
internal sealed class PodActionPlanner(IContainerReadiness readiness, Func<PodObject, ContainerSpec, Container, ProbeFault?> unhealthy)
{
    public PodActions Plan(PodObject pod, PodSeen seen)
    {
        var sandbox = seen.ReadySandbox;
        if (sandbox is null)
        {
            return PlanNewSandbox(pod, seen);
        }

        var kills = ImmutableArray.CreateBuilder<ContainerToKill>();
        var starts = ImmutableArray.CreateBuilder<ContainerSpec>();
        foreach (var ephemeral in pod.EphemeralContainers)
        {
            // Each is started once, whether or not the pod has got through its init containers.
            if (seen.Newest(ephemeral.Name) is null)
            {
                starts.Add(ephemeral);
            }
        }

        var initsAreDone = PlanInits(pod, seen, sandbox, kills, starts);
        if (initsAreDone is null)
        {
            return new PodActions { KillsPod = true, Sandbox = sandbox };
        }

        if (initsAreDone.Value)
        {
            foreach (var container in pod.Containers)
            {
                PlanContainer(pod, container, seen, kills, starts);
            }

            if (starts.All(start => start.IsEphemeral) && !pod.Containers.Any(container => IsWanted(container, seen)))
            {
                return new PodActions { KillsPod = true, Sandbox = sandbox };
            }
        }

        return new PodActions { Sandbox = sandbox, Kills = kills.ToImmutable(), Starts = starts.ToImmutable() };
    }

    private static PodActions PlanNewSandbox(PodObject pod, PodSeen seen)
    {
        var attempt = seen.Sandboxes is [var newest, ..] ? newest.Sandbox.Config.Attempt + 1 : 0;
        if (pod.RestartPolicy == "Never" && attempt > 0 && !seen.Containers.IsEmpty)
        {
            return new PodActions { KillsPod = true };
        }

        var wanted = pod.Containers.Where(container =>
            container.RestartPolicy != "OnFailure" || seen.Newest(container.Name) is not { State: ContainerState.Exited, Container.ExitCode: 0 });
        if (!wanted.Any())
        {
            return new PodActions { KillsPod = true };
        }

        ImmutableArray<ContainerSpec> starts = pod.InitContainers.IsEmpty ? [.. wanted] : FirstInits(pod);
        return new PodActions { KillsPod = !seen.IsEmpty, CreatesSandbox = true, Attempt = attempt, Starts = starts };
    }

    private static ImmutableArray<ContainerSpec> FirstInits(PodObject pod) => [pod.InitContainers[0]];

    // True: the containers proper may run. False: an init container is at work or about to. Null: one has failed for good.
    private bool? PlanInits(
        PodObject pod, PodSeen seen, PodSandbox sandbox,
        ImmutableArray<ContainerToKill>.Builder kills, ImmutableArray<ContainerSpec>.Builder starts)
    {
        var mainsHaveBegun = pod.Containers.Any(container => seen.Newest(container.Name) is { } newest && newest.Container.Sandbox == sandbox);
        foreach (var init in pod.InitContainers)
        {
            var newest = seen.Newest(init.Name) is { } found && found.Container.Sandbox == sandbox ? found : null;
            if (!init.IsSidecar)
            {
                if (mainsHaveBegun || newest is { State: ContainerState.Exited, Container.ExitCode: 0 })
                {
                    continue;
                }

                if (newest is { State: ContainerState.Exited } && init.RestartPolicy == "Never")
                {
                    return null;
                }

                if (newest is not { State: ContainerState.Running })
                {
                    starts.Add(init);
                }

                return false;
            }

            if (newest is { State: ContainerState.Running })
            {
                if (unhealthy(pod, init, newest.Container) is { } fault)
                {
                    kills.Add(new ContainerToKill(init, newest.Container, fault.Message, fault.Grace));
                    starts.Add(init);
                }
                else if (!mainsHaveBegun && !readiness.HasStarted(pod, init, newest.Container))
                {
                    return false;
                }

                continue;
            }

            starts.Add(init);
            if (!mainsHaveBegun)
            {
                return false;
            }
        }

        return true;
    }

    private void PlanContainer(
        PodObject pod, ContainerSpec container, PodSeen seen,
        ImmutableArray<ContainerToKill>.Builder kills, ImmutableArray<ContainerSpec>.Builder starts)
    {
        if (seen.Newest(container.Name) is { State: ContainerState.Running } running)
        {
            var isOtherImage = running.Container.Config.Image != container.Image;
            var fault = isOtherImage ? new ProbeFault($"Container {container.Name} definition changed", null) : unhealthy(pod, container, running.Container);
            if (fault is null)
            {
                return;
            }

            if (container.RestartPolicy == "Never" && !isOtherImage)
            {
                kills.Add(new ContainerToKill(container, running.Container, fault.Message, fault.Grace));
                return;
            }

            kills.Add(new ContainerToKill(container, running.Container, fault.Message + ", will be restarted", fault.Grace));
            starts.Add(container);
        }
        else if (ContainerStatuses.ShouldBeRestarted(container, seen))
        {
            starts.Add(container);
        }
    }

    private static bool IsWanted(ContainerSpec container, PodSeen seen) =>
        seen.Newest(container.Name) is { State: ContainerState.Running } || ContainerStatuses.ShouldBeRestarted(container, seen);
}
