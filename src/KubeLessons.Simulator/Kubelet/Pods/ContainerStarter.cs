using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Images;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>Starts one container of a pod: back-off, image, configuration, create, start, postStart; with the events of each.</summary>
internal sealed class ContainerStarter(
    Process self, RuntimeConnection runtime, PodEvents events, ImagePuller images, WaitingReasons reasons, ContainerConfigs configs, KubernetesVersion version)
{
    private readonly BackOff _backOff = new(self.World);

    /// <summary>The hooks of containers, once they are there; the kubelet sets it.</summary>
    public required LifecycleHooks Hooks { get; init; }

    /// <summary>
    /// Tries to start a container. When it cannot, the waiting reason says why, and <paramref name="outcome"/> that the pod wants
    /// another try.
    /// </summary>
    public IEnumerable<Wait> Start(PodObject pod, ContainerSpec spec, PodSandbox sandbox, PodSeen seen, SyncOutcome outcome)
    {
        if (IsBackingOff(pod, spec, seen))
        {
            outcome.Fail();
            yield break;
        }

        var image = new ImageOutcome();
        yield return Wait.Call(images.Ensure(pod, spec, image));
        if (image.Failure is { } noImage)
        {
            Refuse(pod, spec, noImage, noImage.Reason, outcome);
            yield break;
        }

        if (runtime.Connect(out var error) is not { } cri)
        {
            Refuse(pod, spec, new WaitingReason("CreateContainerError", error), error, outcome);
            yield break;
        }

        yield return Wait.Call(configs.Prepare(pod, spec));
        var imageUser = ImageReference.TryParse(spec.Image, out var reference, out _) ? cri.State.Image(reference)?.Image.Repository.User ?? "" : "";
        var (config, fault) = configs.Make(pod, spec, sandbox, Attempt(spec, seen), imageUser);
        if (config is null)
        {
            Refuse(pod, spec, new WaitingReason("CreateContainerConfigError", fault!), fault!, outcome);
            yield break;
        }

        var created = new CriResult<Container>();
        yield return Wait.Call(cri.CreateContainer(sandbox, config, created));
        if (created.Error is { } notCreated)
        {
            Refuse(pod, spec, new WaitingReason("CreateContainerError", Grpc.Message(notCreated)), Grpc.Message(notCreated), outcome);
            yield break;
        }

        var started = version.Minor >= 32 ? "container: " : "container ";
        events.OfContainer(pod, spec, "Normal", "Created", $"Created {started}{spec.Name}");
        var result = new CriResult<Container>();
        yield return Wait.Call(cri.StartContainer(created.Value!, result));
        if (result.Error is { } notStarted)
        {
            Refuse(pod, spec, new WaitingReason("RunContainerError", Grpc.Message(notStarted)), Grpc.Message(notStarted), outcome);
            yield break;
        }

        var container = result.Value!;
        self.Host.Files.Link(KubeletPaths.LogLink(pod.Namespace, pod.Name, spec.Name, container.Id), container.LogPath);
        events.OfContainer(pod, spec, "Normal", "Started", $"Started container {spec.Name}");
        reasons.Clear(pod.Uid, spec.Name);
        var hook = new HookResult();
        yield return Wait.Call(Hooks.RunPostStart(pod, spec, container, hook));
        if (hook.Error is { } failed)
        {
            reasons.Set(pod.Uid, spec.Name, new WaitingReason("PostStartHookError", failed));
            outcome.Fail();
        }
    }

    public void Forget(PodObject pod)
    {
        reasons.Forget(pod);
        foreach (var container in pod.InitContainers.Concat(pod.Containers).Concat(pod.EphemeralContainers))
        {
            _backOff.Forget(Key(pod, container));
        }
    }

    private static int Attempt(ContainerSpec spec, PodSeen seen) => seen.Newest(spec.Name) is { } last ? last.Container.Config.Attempt + 1 : 0;

    private bool IsBackingOff(PodObject pod, ContainerSpec spec, PodSeen seen)
    {
        if (seen.Newest(spec.Name) is not { State: ContainerState.Exited, Container: { } last })
        {
            return false;
        }

        var (key, endedAt) = (Key(pod, spec), last.FinishedAt!.Value - self.World.Epoch);
        if (!_backOff.IsWaitingSince(key, endedAt))
        {
            _backOff.Next(key, endedAt);
            return false;
        }

        events.OfContainer(pod, spec, "Warning", "BackOff", version.Minor >= 26
            ? $"Back-off restarting failed container {spec.Name} in pod {pod.LogName}"
            : "Back-off restarting failed container");
        reasons.Set(pod.Uid, spec.Name, new WaitingReason(
            "CrashLoopBackOff", $"back-off {GoDuration.Format(_backOff.Get(key))} restarting failed container={spec.Name} pod={pod.LogName}"));
        return true;
    }

    private void Refuse(PodObject pod, ContainerSpec spec, WaitingReason reason, string what, SyncOutcome outcome)
    {
        events.OfContainer(pod, spec, "Warning", "Failed", $"Error: {what}");
        reasons.Set(pod.Uid, spec.Name, reason);
        outcome.Fail();
    }

    // A changed image starts with a clean record.
    private static string Key(PodObject pod, ContainerSpec container) => $"{pod.LogName}_{container.Name}_{container.Image}";
}

/// <summary>Errors that came over gRPC.</summary>
internal static class Grpc
{
    /// <summary>The description alone, without <c>rpc error: code = … desc = </c>.</summary>
    public static string Message(string error) =>
        error.StartsWith("rpc error: ", StringComparison.Ordinal) && error.IndexOf(" desc = ", StringComparison.Ordinal) is > 0 and var at
            ? error[(at + " desc = ".Length)..]
            : error;
}
