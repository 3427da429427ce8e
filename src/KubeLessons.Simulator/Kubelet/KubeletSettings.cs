using System.Collections.Immutable;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>How a kubelet is set up: its flags and what of its configuration file (KubeletConfiguration) is read.</summary>
public sealed record KubeletSettings
{
    public const string ConfigurationPath = "/var/lib/kubelet/config.yaml";

    public KubernetesVersion Version { get; init; } = KubernetesVersion.Default;

    /// <summary>--kubeconfig.</summary>
    public string KubeconfigPath { get; init; } = "/etc/kubernetes/kubelet.conf";

    /// <summary>staticPodPath.</summary>
    public string StaticPodPath { get; init; } = "/etc/kubernetes/manifests";

    /// <summary>clusterDNS.</summary>
    public ImmutableArray<string> ClusterDns { get; init; } = ["10.96.0.10"];

    /// <summary>clusterDomain.</summary>
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>maxPods.</summary>
    public int MaxPods { get; init; } = 110;

    /// <summary>--node-labels, for the registration.</summary>
    public ImmutableDictionary<string, string> NodeLabels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>registerWithTaints, as <c>key=value:effect</c> or <c>key:effect</c>.</summary>
    public ImmutableArray<string> RegisterWithTaints { get; init; } = [];

    /// <summary>evictionHard: the least that is to be free of each, as an amount or a share of the whole.</summary>
    public ImmutableDictionary<string, string> EvictionHard { get; init; } = ImmutableDictionary<string, string>.Empty
        .Add("memory.available", "100Mi").Add("nodefs.available", "10%").Add("imagefs.available", "15%");

    /// <summary>evictionPressureTransitionPeriod: a pressure condition stays this long after the shortage.</summary>
    public TimeSpan PressureTransitionPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>imageGCHighThresholdPercent: unused images are removed when the disk is so full…</summary>
    public int ImageGcHighPercent { get; init; } = 85;

    /// <summary>imageGCLowThresholdPercent: … until it is as full as this.</summary>
    public int ImageGcLowPercent { get; init; } = 80;

    /// <summary>containerLogMaxSize, in bytes.</summary>
    public long ContainerLogMaxSize { get; init; } = 10L * 1024 * 1024;

    /// <summary>containerLogMaxFiles: the one that is written to included.</summary>
    public int ContainerLogMaxFiles { get; init; } = 5;

    /// <summary>The port of its own server (--port).</summary>
    public int Port { get; init; } = 10250;

    /// <summary>
    /// From the start of the process until it talks to anybody: reading files, certificates, the machine's facts.
    /// </summary>
    public TimeSpan StartTime { get; init; } = TimeSpan.FromSeconds(1);
}
