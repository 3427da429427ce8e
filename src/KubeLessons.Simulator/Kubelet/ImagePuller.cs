using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Images;
using KubeLessons.Simulator.Kubelet.Pods;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>Why a container's image is not there, as its waiting state has it; null: it is there.</summary>
internal sealed class ImageOutcome
{
    public WaitingReason? Failure { get; set; }
}

/// <summary>
/// Sees to it that a container's image is on the node (pkg/kubelet/images): pull policy, one pull at a time, back-off after
/// failures, and the events that tell of all that.
/// </summary>
internal sealed class ImagePuller(Process self, RuntimeConnection runtime, PodEvents events, KubernetesVersion version)
{
    private readonly BackOff _backOff = new(self.World);
    private readonly Dictionary<string, string> _lastErrors = new(StringComparer.Ordinal);
    private readonly Signal _free = new(self.World);
    private bool _isPulling;

    public IEnumerable<Wait> Ensure(PodObject pod, ContainerSpec container, ImageOutcome outcome)
    {
        if (!ImageReference.TryParse(container.Image, out var image, out var fault))
        {
            var message = $"Failed to apply default image tag \"{container.Image}\": couldn't parse image name \"{container.Image}\": {fault}";
            events.OfContainer(pod, container, "Warning", "InspectFailed", message);
            outcome.Failure = new WaitingReason("InvalidImageName", message);
            yield break;
        }

        if (runtime.Connect(out var error) is not { } cri)
        {
            var message = $"Failed to inspect image \"{container.Image}\": {error}";
            events.OfContainer(pod, container, "Warning", "InspectFailed", message);
            outcome.Failure = new WaitingReason("ImageInspectError", message);
            yield break;
        }

        var isPresent = cri.State.Image(image) is not null;
        var policy = container.ImagePullPolicy ?? (image.IsLatest ? "Always" : "IfNotPresent");
        if (policy == "Never" || (policy == "IfNotPresent" && isPresent))
        {
            outcome.Failure = Settle(pod, container, isPresent);
            yield break;
        }

        var key = $"{pod.Uid}_{container.Image}";
        if (_backOff.IsWaiting(key))
        {
            var message = $"Back-off pulling image \"{container.Image}\"";
            events.OfContainer(pod, container, "Normal", "BackOff", message);
            var detail = version.Minor >= 32 && _lastErrors.TryGetValue(key, out var last) ? $": ErrImagePull: {last}" : "";
            outcome.Failure = new WaitingReason("ImagePullBackOff", message + detail);
            yield break;
        }

        yield return Wait.Call(Pull(pod, container, image, key, cri, outcome));
    }

    private WaitingReason? Settle(PodObject pod, ContainerSpec container, bool isPresent)
    {
        if (isPresent)
        {
            var present = $"Container image \"{container.Image}\" already present on machine";
            events.OfContainer(pod, container, "Normal", "Pulled", version.Minor >= 35 ? present + " and can be accessed by the pod" : present);
            return null;
        }

        var message = $"Container image \"{container.Image}\" is not present with pull policy of Never";
        events.OfContainer(pod, container, "Warning", "ErrImageNeverPull", message);
        return new WaitingReason("ErrImageNeverPull", message);
    }

    private IEnumerable<Wait> Pull(PodObject pod, ContainerSpec container, ImageReference image, string key, CriService cri, ImageOutcome outcome)
    {
        events.OfContainer(pod, container, "Normal", "Pulling", $"Pulling image \"{container.Image}\"");
        var askedAt = self.World.Now;
        while (_isPulling)
        {
            yield return Wait.On(_free);
        }

        _isPulling = true;
        var startedAt = self.World.Now;
        var result = new CriResult<LocalImage>();
        try
        {
            yield return Wait.Call(cri.PullImage(image, result));
        }
        finally
        {
            _isPulling = false;
            _free.Raise();
        }

        if (result.Error is { } error)
        {
            events.OfContainer(pod, container, "Warning", "Failed", $"Failed to pull image \"{container.Image}\": {error}");
            _backOff.Next(key, self.World.Now);
            _lastErrors[key] = error;
            outcome.Failure = new WaitingReason("ErrImagePull", error);
            yield break;
        }

        _lastErrors.Remove(key);
        events.OfContainer(pod, container, "Normal", "Pulled", Pulled(container, result.Value!, self.World.Now - startedAt, self.World.Now - askedAt));
    }

    // 1.27 added the time with waiting and rounds to milliseconds; 1.30 added the size.
    private string Pulled(ContainerSpec container, LocalImage image, TimeSpan took, TimeSpan withWaiting)
    {
        var start = $"Successfully pulled image \"{container.Image}\" in ";
        return version.Minor < 27 ? start + GoDuration.Format(took)
            : $"{start}{GoDuration.FormatMilliseconds(took)} ({GoDuration.FormatMilliseconds(withWaiting)} including waiting)"
                + (version.Minor >= 30 ? $". Image size: {image.Image.SizeBytes} bytes." : "");
    }
}
