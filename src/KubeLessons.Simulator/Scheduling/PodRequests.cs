using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>
/// What a pod asks for: its containers together (and the init containers that keep running), or its hungriest init container,
/// whichever is more, and its overhead (k8s.io/component-helpers/resource: PodRequests).
/// </summary>
internal static class PodRequests
{
    /// <summary>A container that asks for no CPU counts as this much when nodes are compared (scheduler util: DefaultMilliCPURequest).</summary>
    public const long DefaultMilliCpu = 100;

    /// <summary>The same for memory: 200 MiB (DefaultMemoryRequest).</summary>
    public const long DefaultMemory = 200L * 1024 * 1024;

    /// <param name="pod">The pod.</param>
    /// <param name="withDefaults">Whether containers that ask for nothing count as a little, as scoring has it.</param>
    public static ResourceAmounts Of(Doc pod, bool withDefaults)
    {
        var total = new ResourceAmounts();
        foreach (var container in pod.List("spec", "containers"))
        {
            total.Add(OfContainer(container, withDefaults));
        }

        var sidecars = new ResourceAmounts();
        var start = new ResourceAmounts();
        foreach (var container in pod.List("spec", "initContainers"))
        {
            var its = OfContainer(container, withDefaults);
            if (container.Text("restartPolicy") == "Always")
            {
                total.Add(its);
                sidecars.Add(its);
                start.Raise(sidecars);
            }
            else
            {
                its.Add(sidecars);
                start.Raise(its);
            }
        }

        total.Raise(start);
        total.Add(ResourceAmounts.Of(pod.At("spec", "overhead")));
        return total;
    }

    private static ResourceAmounts OfContainer(Doc container, bool withDefaults)
    {
        var amounts = ResourceAmounts.Of(container.At("resources", "requests"));
        if (withDefaults)
        {
            amounts[ResourceAmounts.Cpu] = amounts[ResourceAmounts.Cpu] is > 0 and var cpu ? cpu : DefaultMilliCpu;
            amounts[ResourceAmounts.Memory] = amounts[ResourceAmounts.Memory] is > 0 and var memory ? memory : DefaultMemory;
        }

        return amounts;
    }
}
