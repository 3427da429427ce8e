using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet.Volumes;

/// <summary>Volumes that are places to write to: emptyDir, hostPath, and claims of persistent volumes.</summary>
internal sealed class VolumeSources(Process self, ApiClient client)
{
    private const string EmptyDirectory = "/var/lib/kubelet/pods";

    /// <summary>The volume, or why it cannot be mounted in the words of its plugin.</summary>
    public (MountedVolume? Volume, string? Error) Mount(PodObject pod, Doc volume)
    {
        if (volume["emptyDir"] is not null)
        {
            // It lies on the node's disk, so it is there again when another kubelet takes over the pod.
            var place = $"{EmptyDirectory}/{pod.Uid}/volumes/kubernetes.io~empty-dir/{volume.Text("name")}";
            var tree = self.Host.Disk.Find<FileSystem>(place) ?? new FileSystem(self.World);
            self.Host.Disk.Put(place, tree);
            return (new MountedVolume(tree, "/"), null);
        }

        if (volume["hostPath"] is { } path)
        {
            return MountHostPath(path.Text("path") ?? "/", path.Text("type") ?? "");
        }

        return volume.Text("persistentVolumeClaim", "claimName") is { } claim
            ? MountClaim(pod, claim)
            : (null, "no volume plugin matched");
    }

    /// <summary>Removes what lies on the node's disk for a pod that is gone.</summary>
    public void Clean(PodObject pod)
    {
        foreach (var volume in pod.Doc.List("spec", "volumes"))
        {
            if (volume["emptyDir"] is not null)
            {
                self.Host.Disk.Remove($"{EmptyDirectory}/{pod.Uid}/volumes/kubernetes.io~empty-dir/{volume.Text("name")}");
            }
        }
    }

    private (MountedVolume?, string?) MountHostPath(string path, string type)
    {
        var files = self.Host.Files;
        path = FileSystem.Resolve("/", path);
        var node = files.Find(path);
        switch (type)
        {
            case "DirectoryOrCreate" or "" when node is null:
                files.MakeDirectories(path);
                break;
            case "FileOrCreate" when node is null:
                files.Write(path, "");
                break;
            case "Directory" or "DirectoryOrCreate" when node?.Kind != FileKind.Directory:
                return (null, $"hostPath type check failed: {path} is not a directory");
            case "File" or "FileOrCreate" when node?.Kind != FileKind.File:
                return (null, $"hostPath type check failed: {path} is not a file");
        }

        return (new MountedVolume(files, path), null);
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
