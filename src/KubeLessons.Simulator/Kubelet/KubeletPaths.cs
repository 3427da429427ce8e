using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>Where a kubelet keeps what on its node (pkg/kubelet/config: defaults.go).</summary>
internal static class KubeletPaths
{
    /// <summary>A directory for each pod, named by its UID.</summary>
    public const string Pods = "/var/lib/kubelet/pods";

    /// <summary>A directory for each pod, with one for each container in it.</summary>
    public const string PodLogs = "/var/log/pods";

    /// <summary>A symbolic link for each container's log, for collectors that want all of them in one place.</summary>
    public const string ContainerLogs = "/var/log/containers";

    public static string Pod(string uid) => $"{Pods}/{uid}";

    /// <summary>The directory of a volume; the plugin is such as <c>kubernetes.io~configmap</c>.</summary>
    public static string Volume(string uid, string plugin, string volume) => $"{Pods}/{uid}/volumes/{plugin}/{volume}";

    public static string LogsOf(PodObject pod) => LogsOf(pod.Namespace, pod.Name, pod.Uid);

    public static string LogsOf(string ns, string name, string uid) => $"{PodLogs}/{ns}_{name}_{uid}";

    /// <summary>The link to a container's log.</summary>
    public static string LogLink(string ns, string pod, string container, string id) => $"{ContainerLogs}/{pod}_{ns}_{container}-{id}.log";
}
