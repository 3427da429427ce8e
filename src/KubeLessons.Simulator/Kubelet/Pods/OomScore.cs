using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Kubelet.Status;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>Which containers the kernel kills first when a node has no memory left (pkg/kubelet/qos: GetContainerOOMScoreAdjust).</summary>
internal static class OomScore
{
    private const int Guaranteed = -997;
    private const int BestEffort = 1000;

    // system-node-critical (pkg/apis/scheduling).
    private const long NodeCritical = 2_000_001_000;

    public static int AdjustmentOf(PodObject pod, ContainerSpec container, long capacity)
    {
        if (pod.Doc.Int("spec", "priority") >= NodeCritical || pod.Doc.Text("spec", "priorityClassName") == "system-node-critical")
        {
            return Guaranteed;
        }

        switch (QualityOfService.Of(pod))
        {
            case "Guaranteed":
                return Guaranteed;
            case "BestEffort":
                return BestEffort;
            default:
                // The more a container has asked for, the later it goes; never as late as one that is guaranteed its memory.
                var request = container.Doc.At("resources", "requests", "memory") is { } asked && Quantity.TryParse(asked.AsText ?? asked.ToString()) is { } amount ? amount.Value : 0;
                var adjustment = 1000 - (int)(1000 * request / capacity);
                return adjustment < 1000 + Guaranteed ? 1000 + Guaranteed : adjustment == BestEffort ? adjustment - 1 : adjustment;
        }
    }
}
