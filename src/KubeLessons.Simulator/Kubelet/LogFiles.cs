using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>Removes log files with what they were of (pkg/kubelet/kuberuntime: container GC).</summary>
internal static class LogFiles
{
    /// <summary>Those of one container that the kubelet has removed: its log, what was rotated away, and the link.</summary>
    public static void Remove(Host host, Container container)
    {
        if (container.LogPath.Length == 0)
        {
            return;
        }

        var folder = FileSystem.Parent(container.LogPath);
        foreach (var name in host.Files.List(folder))
        {
            var path = $"{folder}/{name}";
            if (path == container.LogPath || path.StartsWith(container.LogPath + ".", StringComparison.Ordinal))
            {
                host.Files.Remove(path);
            }
        }

        var sandbox = container.Sandbox.Config;
        host.Files.Remove(KubeletPaths.LogLink(sandbox.Namespace, sandbox.Name, container.Config.Name, container.Id));
    }

    /// <summary>Those of a pod that is gone, and the links that point nowhere since.</summary>
    public static void RemovePod(Host host, string uid)
    {
        var files = host.Files;
        foreach (var name in files.List(KubeletPaths.PodLogs))
        {
            if (!name.EndsWith("_" + uid, StringComparison.Ordinal))
            {
                continue;
            }

            var directory = $"{KubeletPaths.PodLogs}/{name}";
            foreach (var link in files.List(KubeletPaths.ContainerLogs))
            {
                var path = $"{KubeletPaths.ContainerLogs}/{link}";
                if (files.FindNoFollow(path)?.Content.StartsWith(directory + "/", StringComparison.Ordinal) == true)
                {
                    files.Remove(path);
                }
            }

            files.Remove(directory);
        }
    }
}
