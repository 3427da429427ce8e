using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet.Status;

/// <summary>A pod's class of service from its requests and limits of cpu and memory (pkg/apis/core/v1/helper/qos).</summary>
internal static class QualityOfService
{
    private static readonly string[] _resources = ["cpu", "memory"];

    public static string Of(PodObject pod)
    {
        var (any, allGuaranteed) = (false, true);
        foreach (var container in pod.InitContainers.Concat(pod.Containers))
        {
            var (requests, limits) = (container.Doc.At("resources", "requests"), container.Doc.At("resources", "limits"));
            foreach (var resource in _resources)
            {
                var (request, limit) = (Amount(requests, resource), Amount(limits, resource));
                any |= request is not null || limit is not null;
                allGuaranteed &= limit is not null && (request is null || request.Value == limit.Value);
            }
        }

        return !any ? "BestEffort" : allGuaranteed ? "Guaranteed" : "Burstable";
    }

    // A zero counts as not set.
    private static Quantity? Amount(Doc? resources, string name) =>
        resources?[name] is { } value && Quantity.TryParse(value.AsText ?? value.ToString()) is { IsZero: false } amount ? amount : null;
}
