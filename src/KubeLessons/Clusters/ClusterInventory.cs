using System.Collections.Immutable;

namespace KubeLessons.Clusters;

/// <summary>
/// What a cluster lacks that lessons may count on, measured by a cluster as kubeadm leaves it. A step that needs it is left out, with the
/// reason, and counts for nothing.
/// </summary>
/// <param name="Units">The systemd units of each node, by its name, without <c>.service</c>.</param>
/// <param name="FixedModules">Kernel modules that cannot be taken out, because they are part of the kernel itself.</param>
/// <param name="IsKernelShared">Whether the nodes share this machine's kernel, as containers do: what one changes, all have.</param>
/// <param name="MissingPrograms">Programs of a node's shell that are not there.</param>
/// <param name="MissingPaths">Files that are not there, such as the manifests of static pods.</param>
/// <param name="MissingObjects">Objects that are not there, such as <c>daemonset/kube-proxy</c>.</param>
/// <param name="CanStopKubelet">Whether a node can still be reached, to put it back, while its kubelet is stopped.</param>
public sealed record ClusterInventory(
    ImmutableSortedDictionary<string, ImmutableSortedSet<string>> Units,
    ImmutableSortedSet<string> FixedModules,
    bool IsKernelShared,
    ImmutableSortedSet<string> MissingPrograms,
    ImmutableSortedSet<string> MissingPaths,
    ImmutableSortedSet<string> MissingObjects,
    bool CanStopKubelet)
{
    /// <summary>Whether the nodes are reached through ssh, so that nothing may be done that would cut it off.</summary>
    public bool IsReachedBySsh { get; init; }

    /// <summary>The programs that lessons use beyond those of every Linux machine.</summary>
    public static ImmutableArray<string> Programs { get; } =
        ["crictl", "docker", "kubeadm", "etcdctl", "ipvsadm", "conntrack", "nslookup", "dig", "tcpdump", "lsmod", "iptables", "nft", "bridge", "curl", "jq", "ssh"];

    /// <summary>The files of kubeadm's control plane.</summary>
    public static ImmutableArray<string> Paths { get; } =
    [
        "/etc/kubernetes/manifests/etcd.yaml", "/etc/kubernetes/manifests/kube-apiserver.yaml",
        "/etc/kubernetes/manifests/kube-controller-manager.yaml", "/etc/kubernetes/manifests/kube-scheduler.yaml",
    ];

    /// <summary>The objects of kubeadm's addons in kube-system: resource, name, and the label that its pods bear.</summary>
    public static ImmutableArray<(string Resource, string Name, string Label)> Objects { get; } =
    [
        ("daemonset", "kube-proxy", "k8s-app=kube-proxy"),
        ("deployment", "coredns", "k8s-app=kube-dns"),
        ("service", "kube-dns", "k8s-app=kube-dns"),
    ];
}
