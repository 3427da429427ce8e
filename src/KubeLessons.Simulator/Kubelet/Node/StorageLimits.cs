using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet.Node;

/// <summary>Whether a pod takes more disk than it may, however much the node has left (pkg/kubelet/eviction: localStorageEviction).</summary>
internal static class StorageLimits
{
    private const string Disk = "ephemeral-storage";

    /// <summary>True for a pod that has such a limit.</summary>
    public static bool Has(PodObject pod) =>
        pod.Doc.List("spec", "volumes").Any(volume => volume.At("emptyDir", "sizeLimit") is not null)
        || pod.Containers.Any(container => PodUsage.Amount(container, "limits", Disk) > 0);

    /// <summary>What the pod is put out for, in the words of its status; null: it keeps to its limits.</summary>
    public static string? Excess(PodObject pod, PodUsage usage)
    {
        var volumes = 0L;
        foreach (var (volume, bytes) in usage.Volumes(pod))
        {
            volumes += bytes;
            if (volume.At("emptyDir", "sizeLimit") is { } set && Quantity.TryParse(set.AsText ?? set.ToString()) is { } limit && bytes > limit.Value)
            {
                return $"Usage of EmptyDir volume \"{volume.Text("name")}\" exceeds the limit \"{limit}\". ";
            }
        }

        var (total, sum) = (0L, volumes);
        foreach (var container in pod.Containers)
        {
            total += PodUsage.Amount(container, "limits", Disk);
            sum += usage.Used(pod, container, Disk);
        }

        if (total > 0 && pod.Containers.All(container => PodUsage.Amount(container, "limits", Disk) > 0) && sum > total)
        {
            return $"Pod ephemeral local storage usage exceeds the total limit of containers {Quantity.FromBytes(total)}. ";
        }

        foreach (var container in pod.Containers)
        {
            var limit = PodUsage.Amount(container, "limits", Disk);
            if (limit > 0 && usage.Used(pod, container, Disk) > limit)
            {
                return $"Container {container.Name} exceeded its local ephemeral storage limit \"{Quantity.FromBytes(limit)}\". ";
            }
        }

        return null;
    }
}
