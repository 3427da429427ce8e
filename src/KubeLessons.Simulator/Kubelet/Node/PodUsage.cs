using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Tools;
using KubeLessons.Simulator.Kubelet.Pods;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Kubelet.Node;

/// <summary>What pods use of their node, and what they have asked for, in bytes (pkg/kubelet/stats, eviction/helpers.go).</summary>
internal sealed class PodUsage(Host host, Relist relist)
{
    public const string Memory = "memory";

    /// <summary>How much more than it asked for a pod uses; negative: less.</summary>
    public long Excess(PodObject pod, string resource) => Used(pod, resource) - pod.Containers.Sum(container => Amount(container, "requests", resource));

    /// <summary>Memory, or disk: logs, what containers have written into their own layers, and emptyDir volumes.</summary>
    public long Used(PodObject pod, string resource) => resource == Memory
        ? pod.Containers.Sum(container => Used(pod, container, resource))
        : pod.InitContainers.Concat(pod.Containers).Sum(container => Used(pod, container, resource)) + Volumes(pod).Sum(volume => volume.Bytes);

    public long Used(PodObject pod, ContainerSpec container, string resource)
    {
        if (resource != Memory)
        {
            var layers = relist.Get(pod.Uid).Containers.Where(seen => seen.Name == container.Name).Sum(seen => seen.Container.Files.BytesBelow("/"));
            return layers + host.Files.BytesBelow($"{KubeletPaths.LogsOf(pod)}/{container.Name}");
        }

        return relist.Get(pod.Uid).Newest(container.Name) is { State: ContainerState.Running } running
            ? host.Processes.Running.Where(process => process.ContainerId == running.Container.Id).Sum(ProcessUsage.ResidentBytes)
            : 0;
    }

    /// <summary>The emptyDir volumes of a pod with what is in them.</summary>
    public IEnumerable<(Doc Volume, long Bytes)> Volumes(PodObject pod)
    {
        foreach (var volume in pod.Doc.List("spec", "volumes"))
        {
            if (volume["emptyDir"] is { } emptyDir)
            {
                var place = KubeletPaths.Volume(pod.Uid, "kubernetes.io~empty-dir", volume.Text("name") ?? "");
                yield return (volume, emptyDir.Text("medium") == "Memory" ? 0 : host.Files.BytesBelow(place));
            }
        }
    }

    /// <summary>A container's request or limit; 0: none.</summary>
    public static long Amount(ContainerSpec container, string kind, string resource) =>
        container.Doc.At("resources", kind, resource) is { } asked && Quantity.TryParse(asked.AsText ?? asked.ToString()) is { } amount ? amount.Value : 0;
}
