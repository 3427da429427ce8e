using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary>The pods of a node and what they may use of it.</summary>
internal static class NodeResources
{
    public static void Describe(DescribeWriter writer, Doc node, ImmutableArray<Doc> pods)
    {
        var allocatable = node.At("status", "allocatable") is DocObject { Count: > 0 } given ? given : node.At("status", "capacity") ?? Doc.Empty;
        writer.Field(0, "Non-terminated Pods", $"({pods.Length} in total)");
        writer.Line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
        writer.Line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
        foreach (var pod in pods)
        {
            var (cpuRequest, cpuLimit) = (Share(Sum(pod, "requests", "cpu"), allocatable, "cpu"), Share(Sum(pod, "limits", "cpu"), allocatable, "cpu"));
            var (memoryRequest, memoryLimit) = (Share(Sum(pod, "requests", "memory"), allocatable, "memory"), Share(Sum(pod, "limits", "memory"), allocatable, "memory"));
            writer.Line(1, $"{pod.Text("metadata", "namespace")}\t{pod.Text("metadata", "name")}\t\t{cpuRequest}\t{cpuLimit}\t{memoryRequest}\t{memoryLimit}\t"
                + writer.Since(pod.Text("metadata", "creationTimestamp")));
        }

        writer.Line(0, "Allocated resources:");
        writer.Line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)");
        writer.Line(1, "Resource\tRequests\tLimits");
        writer.Line(1, "--------\t--------\t------");
        foreach (var resource in Resources(allocatable))
        {
            var requests = pods.Aggregate(default(Quantity), (sum, pod) => sum + Sum(pod, "requests", resource));
            var limits = pods.Aggregate(default(Quantity), (sum, pod) => sum + Sum(pod, "limits", resource));
            var isStandard = resource is "cpu" or "memory" or "ephemeral-storage" || resource.StartsWith("hugepages-", StringComparison.Ordinal);
            writer.Line(1, isStandard
                ? $"{resource}\t{Share(requests, allocatable, resource)}\t{Share(limits, allocatable, resource)}"
                : $"{resource}\t{requests}\t{limits}");
        }
    }

    private static IEnumerable<string> Resources(Doc allocatable) =>
        allocatable.Fields.Select(field => field.Key)
            .Where(name => name is not ("cpu" or "memory" or "ephemeral-storage" or "pods"))
            .Order(StringComparer.Ordinal)
            .Prepend("ephemeral-storage").Prepend("memory").Prepend("cpu");

    // What the containers need together, or the hungriest init container, whichever is more; and the pod's overhead.
    private static Quantity Sum(Doc pod, string side, string resource)
    {
        var sum = default(Quantity);
        foreach (var container in pod.List("spec", "containers"))
        {
            sum += Amount(container, side, resource);
        }

        foreach (var container in pod.List("spec", "initContainers"))
        {
            var amount = Amount(container, side, resource);
            if (container.Text("restartPolicy") == "Always")
            {
                sum += amount;
            }
            else if (amount.CompareTo(sum) > 0)
            {
                sum = amount;
            }
        }

        return Quantity.TryParse(pod.Text("spec", "overhead", resource), out var overhead) && (side == "requests" || sum.Milli > 0) ? sum + overhead : sum;
    }

    private static Quantity Amount(Doc container, string side, string resource) =>
        Quantity.TryParse(container.Text("resources", side, resource), out var amount) ? amount : default;

    private static string Share(Quantity amount, Doc allocatable, string resource)
    {
        var whole = Quantity.TryParse(allocatable.Text(resource), out var total) ? total.Milli : 0;
        return $"{amount} ({(whole == 0 ? 0 : (long)(amount.Milli * 100 / whole))}%)";
    }
}
