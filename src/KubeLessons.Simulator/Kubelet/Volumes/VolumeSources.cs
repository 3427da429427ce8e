using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet.Volumes;

/// <summary>Volumes that are places to write to: emptyDir, hostPath, and claims of persistent volumes.</summary>
internal sealed class VolumeSources(Process self, ApiClient client)
{
    private const int EveryonesMode = 0b111_111_111;

    /// <summary>The volume, or why it cannot be mounted in the words of its plugin.</summary>
    public (MountedVolume? Volume, string? Error) Mount(PodObject pod, Doc volume)
    {
        if (volume["emptyDir"] is { } emptyDir)
        {
            return (MountEmptyDir(pod, volume.Text("name") ?? "", emptyDir.Text("medium") ?? ""), null);
        }

        if (volume["hostPath"] is { } path)
        {
            return MountHostPath(path.Text("path") ?? "/", path.Text("type") ?? "");
        }

        return volume.Text("persistentVolumeClaim", "claimName") is { } claim
            ? MountClaim(pod, claim)
            : (null, "no volume plugin matched");
    }

    /// <summary>What is kept in memory at a path of the node (tmpfs), made if it is not there: it is gone with the next boot.</summary>
    public static FileSystem MemoryAt(Process self, string place)
    {
        var files = self.Host.Files;
        if (files.MountedAt(place) is { } there)
        {
            return there;
        }

        var tree = new FileSystem(self.World);
        files.MakeDirectories(place);
        files.Mount(place, tree);
        return tree;
    }

    // It lies on the node's disk or in its memory, so it is there again when another kubelet takes over the pod.
    private MountedVolume MountEmptyDir(PodObject pod, string name, string medium)
    {
        var place = KubeletPaths.Volume(pod.Uid, "kubernetes.io~empty-dir", name);
        if (medium == "Memory")
        {
            var tree = MemoryAt(self, place);
            tree.SetMode("/", EveryonesMode);
            return new MountedVolume(tree, "/", place);
        }

        var files = self.Host.Files;
        if (!files.IsDirectory(place))
        {
            files.MakeDirectories(place);
            files.SetMode(place, EveryonesMode);
        }

        return new MountedVolume(files, place, place);
    }

    private (MountedVolume?, string?) MountHostPath(string path, string type)
    {
        path = FileSystem.Resolve("/", path);
        return HostPaths.Check(self.Host, path, type) is { } fault ? (null, fault) : (new MountedVolume(self.Host.Files, path, path), null);
    }

    private (MountedVolume?, string?) MountClaim(PodObject pod, string name)
    {
        var claim = client.Send(ApiRequest.Get(ResourcePath.Core("persistentvolumeclaims"), pod.Namespace, name));
        if (!claim.IsSuccess)
        {
            return (null, $"error processing PVC {pod.Namespace}/{name}: {KubeletLog.Describe(claim)}");
        }

        if (claim.Response!.Body.Text("status", "phase") != "Bound" || claim.Response.Body.Text("spec", "volumeName") is not { } volumeName)
        {
            return (null, $"error processing PVC {pod.Namespace}/{name}: PVC is not bound");
        }

        var volume = client.Send(ApiRequest.Get(ResourcePath.Core("persistentvolumes"), "", volumeName));
        if (!volume.IsSuccess)
        {
            return (null, KubeletLog.Describe(volume));
        }

        var spec = volume.Response!.Body["spec"] ?? Doc.Empty;
        return (spec.Text("hostPath", "path") ?? spec.Text("local", "path")) is { } path
            ? MountHostPath(path, spec.Text("hostPath", "type") ?? (spec["local"] is null ? "" : "Directory"))
            : (null, $"no volume plugin matched name of volume {volumeName}");
    }
}
