using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet.Volumes;

/// <summary>How the mounting of a pod's volumes went.</summary>
internal sealed class MountOutcome
{
    public string? Error { get; set; }
}

/// <summary>The volumes of a kubelet's pods.</summary>
internal sealed class PodVolumes
{
    public IEnumerable<Wait> Mount(PodObject pod, MountOutcome outcome)
    {
        yield break;
    }

    public void Unmount(PodObject pod)
    {
    }
}
