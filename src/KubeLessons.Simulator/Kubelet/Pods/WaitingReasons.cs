namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>Why a container could not be started the last time it was tried: what its waiting state says until it runs.</summary>
internal sealed record WaitingReason(string Reason, string Message);

/// <summary>The waiting reasons of all containers (pkg/kubelet: reasonCache).</summary>
internal sealed class WaitingReasons
{
    private readonly Dictionary<(string Uid, string Container), WaitingReason> _reasons = [];

    public WaitingReason? Get(string uid, string container) => _reasons.GetValueOrDefault((uid, container));

    public void Set(string uid, string container, WaitingReason reason) => _reasons[(uid, container)] = reason;

    public void Clear(string uid, string container) => _reasons.Remove((uid, container));

    public void Forget(PodObject pod)
    {
        foreach (var container in pod.InitContainers)
        {
            Clear(pod.Uid, container.Name);
        }

        foreach (var container in pod.Containers)
        {
            Clear(pod.Uid, container.Name);
        }
    }
}
