using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Clusters;

/// <summary>
/// The images that kubeadm of a version installs (kubeadm constants: DefaultEtcdVersion, CoreDNSVersion, PauseVersion; the
/// registry moved from k8s.gcr.io to registry.k8s.io with 1.25).
/// </summary>
internal sealed class ComponentImages(KubernetesVersion version)
{
    public string Registry => version.Minor >= 25 ? "registry.k8s.io" : "k8s.gcr.io";

    public string ApiServer => Component("kube-apiserver");

    public string ControllerManager => Component("kube-controller-manager");

    public string Scheduler => Component("kube-scheduler");

    public string Proxy => Component("kube-proxy");

    public string Etcd => $"{Registry}/etcd:" + version.Minor switch
    {
        <= 21 => "3.4.13-0",
        22 => "3.5.0-0",
        23 => "3.5.1-0",
        24 => "3.5.3-0",
        25 => "3.5.4-0",
        26 => "3.5.6-0",
        27 => "3.5.7-0",
        28 => "3.5.9-0",
        29 => "3.5.10-0",
        30 => "3.5.12-0",
        31 => "3.5.15-0",
        32 => "3.5.16-0",
        33 => "3.5.21-0",
        34 => "3.6.4-0",
        _ => "3.6.6-0",
    };

    /// <summary>The version of etcd itself, such as <c>3.5.21</c>.</summary>
    public string EtcdVersion => Etcd[(Etcd.LastIndexOf(':') + 1)..Etcd.LastIndexOf('-')];

    public string CoreDns => version.Minor switch
    {
        20 => $"{Registry}/coredns:1.7.0",
        21 => $"{Registry}/coredns/coredns:v1.8.0",
        22 => $"{Registry}/coredns/coredns:v1.8.4",
        23 or 24 => $"{Registry}/coredns/coredns:v1.8.6",
        25 or 26 => $"{Registry}/coredns/coredns:v1.9.3",
        27 or 28 => $"{Registry}/coredns/coredns:v1.10.1",
        29 or 30 => $"{Registry}/coredns/coredns:v1.11.1",
        31 or 32 => $"{Registry}/coredns/coredns:v1.11.3",
        33 => $"{Registry}/coredns/coredns:v1.12.0",
        34 => $"{Registry}/coredns/coredns:v1.12.1",
        _ => $"{Registry}/coredns/coredns:v1.13.1",
    };

    public string Pause => $"{Registry}/pause:" + version.Minor switch
    {
        20 => "3.2",
        21 => "3.4.1",
        22 => "3.5",
        23 => "3.6",
        24 => "3.7",
        25 => "3.8",
        <= 30 => "3.9",
        <= 33 => "3.10",
        _ => "3.10.1",
    };

    public string Flannel => "ghcr.io/flannel-io/flannel:v0.27.0";

    public string FlannelCniPlugin => "ghcr.io/flannel-io/flannel-cni-plugin:v1.7.1-flannel1";

    private string Component(string name) => $"{Registry}/{name}:{version.GitVersion}";
}
