using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules.Pods;

/// <summary>The quality-of-service class of a pod, by the CPU and memory of its containers (pkg/apis/core/v1/helper/qos).</summary>
internal static class QualityOfService
{
    private static readonly string[] Counted = ["cpu", "memory"];

    public static string ClassOf(Doc spec)
    {
        var (any, guaranteed) = (false, true);
        foreach (var container in spec.List("containers").AddRange(spec.List("initContainers")))
        {
            foreach (var resource in Counted)
            {
                var (request, limit) = (Amount(container, "requests", resource), Amount(container, "limits", resource));
                any |= request is { IsZero: false } || limit is { IsZero: false };
                guaranteed &= limit is { IsZero: false } && (request is null || request == limit);
            }
        }

        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    private static Quantity? Amount(Doc container, string list, string resource) =>
        container.Text("resources", list, resource) is { } text ? Quantity.TryParse(text) : null;
}
