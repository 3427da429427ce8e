using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Images.Programs;

namespace KubeLessons.Simulator.Kubelet.Runtime;

public sealed partial class CriService
{
    /// <summary>Makes a sandbox with its network, and starts its pause process.</summary>
    public IEnumerable<Wait> RunPodSandbox(SandboxConfig config, CriResult<PodSandbox> result)
    {
        yield return Wait.For(_sandboxLatencyAtLeast + (_sandboxLatencySpread * _state.Random.NextDouble()));
        if (IsLost(result))
        {
            yield break;
        }

        var sandbox = new PodSandbox(_state.Random.NextHex(64), config, World.UtcNow);
        if (ConnectNetwork(sandbox) is { } fault)
        {
            result.Fail($"failed to setup network for sandbox \"{sandbox.Id}\": {fault}");
            yield break;
        }

        sandbox.Shim = _self.Host.Processes.Start(new ProcessStart(
            ["/usr/bin/containerd-shim-runc-v2", "-namespace", "k8s.io", "-id", sandbox.Id, "-address", Containerd.Socket], ShimMain));
        sandbox.Pause = _self.Host.Processes.Start(new ProcessStart(["/pause"], SmallPrograms.Pause)
        {
            Parent = sandbox.Shim,
            User = "65535",
            Network = sandbox.Network,
            ContainerId = sandbox.Id,
            OomScoreAdjustment = PauseAdjustment,
            IsInit = true,
        });
        Coroutine.Start(World, WatchPause(sandbox, sandbox.Pause), RethrowFault);
        Act($"RunPodSandbox {config.Namespace}/{config.Name}");
        _state.Add(sandbox);
        result.Succeed(sandbox);
    }

    /// <summary>Ends all that runs in a sandbox, at once, and takes its network down. A sandbox that is not there is stopped already.</summary>
    public void StopPodSandbox(string id)
    {
        if (_state.Sandbox(id) is not { } sandbox)
        {
            return;
        }

        foreach (var container in sandbox.Containers)
        {
            container.Process?.Send(ProcessSignal.Kill);
            if (container.State == ContainerState.Running)
            {
                _state.MarkExited(container, 128 + (int)ProcessSignal.Kill);
            }
        }

        if (sandbox.HasNetwork)
        {
            sandbox.HasNetwork = false;
            _cni.Detach(sandbox);
        }

        var wasReady = sandbox.State == SandboxState.Ready;
        sandbox.State = SandboxState.NotReady;
        sandbox.Pause?.Send(ProcessSignal.Kill);
        sandbox.Shim?.Send(ProcessSignal.Kill);
        if (wasReady)
        {
            Act($"StopPodSandbox {sandbox.Config.Namespace}/{sandbox.Config.Name}");
            _state.Tell(sandbox);
        }
    }

    /// <summary>Forgets a sandbox and its containers, stopping it first if need be.</summary>
    public void RemovePodSandbox(string id)
    {
        StopPodSandbox(id);
        if (_state.Sandbox(id) is { } sandbox)
        {
            foreach (var container in sandbox.Containers.ToList())
            {
                _state.Remove(container);
            }

            _state.Remove(sandbox);
        }
    }

    /// <summary>The sandbox goes last (containerd: defaultSandboxOOMAdj).</summary>
    private const int PauseAdjustment = -998;

    private string? ConnectNetwork(PodSandbox sandbox)
    {
        if (sandbox.Config.HostNetwork)
        {
            sandbox.Network = _self.Host.Network;
            return null;
        }

        if (_cni.Fault() is { } fault)
        {
            return fault;
        }

        var (address, network, error) = _cni.Attach(sandbox);
        if (error is null)
        {
            (sandbox.Address, sandbox.Network, sandbox.HasNetwork) = (address ?? "", network, true);
        }

        return error;
    }

    private IEnumerable<Wait> WatchPause(PodSandbox sandbox, Process pause)
    {
        while (!pause.HasExited)
        {
            yield return Wait.On(pause.Exited);
        }

        if (sandbox.State == SandboxState.Ready)
        {
            sandbox.State = SandboxState.NotReady;
            _state.Tell(sandbox);
        }
    }

    private static IEnumerable<Wait> ShimMain(Process self)
    {
        yield return Wait.Forever;
    }

    private static void RethrowFault(Exception? fault)
    {
        if (fault is not null)
        {
            throw new InvalidOperationException($"A routine of the container runtime failed: {fault.Message}", fault);
        }
    }
}
