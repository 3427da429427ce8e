using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary>A constant of Kubernetes that a duration may name.</summary>
/// <param name="Name">The name inside of <c>${…}</c>, after the setting's own name.</param>
/// <param name="Upstream">What Kubernetes ships.</param>
/// <param name="Source">The setting or constant that it is.</param>
public sealed record DurationSymbol(string Name, TimeSpan Upstream, string Source);

/// <summary>
/// Every constant that a lesson may name in a duration. The values here are those that Kubernetes ships; a cluster says its own, and where
/// it cannot know one (a real cluster hides some flags) the shipped value is the best answer.
/// </summary>
public static class DurationSymbols
{
    private const string KubeletConfiguration = "kubelet.config.k8s.io/v1beta1 KubeletConfiguration";
    private static readonly TimeSpan OlderNodeMonitorGracePeriod = TimeSpan.FromSeconds(40);
    private static readonly KubernetesVersion LongerGracePeriodSince = new(1, 32);

    /// <summary>The constants in the order in which a reader meets them.</summary>
    public static ImmutableArray<DurationSymbol> All { get; } =
    [
        Seconds("nodeMonitorGracePeriod", 50, "kube-controller-manager --node-monitor-grace-period (40s before 1.32)"),
        Seconds("nodeMonitorPeriod", 5, "kube-controller-manager --node-monitor-period"),
        Seconds("nodeStartupGracePeriod", 60, "kube-controller-manager --node-startup-grace-period"),
        Seconds("nodeStatusUpdateFrequency", 10, KubeletConfiguration + " nodeStatusUpdateFrequency"),
        Seconds("nodeStatusReportFrequency", 300, KubeletConfiguration + " nodeStatusReportFrequency"),
        Seconds("nodeLeaseDuration", 40, KubeletConfiguration + " nodeLeaseDurationSeconds"),
        Seconds("leaseRenewInterval", 10, "pkg/kubelet nodeLeaseRenewIntervalFraction: a quarter of nodeLeaseDurationSeconds"),
        Seconds("defaultTolerationSeconds", 300, "kube-apiserver --default-not-ready-toleration-seconds, --default-unreachable-toleration-seconds"),
        Seconds("podEvictionTimeout", 300, "kube-controller-manager --pod-eviction-timeout (until 1.26); the default toleration since"),
        Seconds("terminationGracePeriodSeconds", 30, "PodSpec.terminationGracePeriodSeconds (DefaultTerminationGracePeriodSeconds)"),
        Seconds("leaderElectionLeaseDuration", 15, "--leader-elect-lease-duration"),
        Seconds("leaderElectionRenewDeadline", 10, "--leader-elect-renew-deadline"),
        Seconds("leaderElectionRetryPeriod", 2, "--leader-elect-retry-period"),
        Seconds("syncFrequency", 60, KubeletConfiguration + " syncFrequency"),
        Seconds("fileCheckFrequency", 20, KubeletConfiguration + " fileCheckFrequency (static pod manifests)"),
        Seconds("plegRelistPeriod", 1, "pkg/kubelet genericPlegRelistPeriod"),
        Seconds("plegRelistThreshold", 180, "pkg/kubelet genericPlegRelistThreshold"),
        Seconds("crashLoopBackOffInitial", 10, "pkg/kubelet initialBackOff of containers"),
        Seconds("crashLoopBackOffMax", 300, "pkg/kubelet MaxCrashLoopBackOff"),
        Seconds("imagePullBackOffInitial", 10, "pkg/kubelet initialBackOff of image pulls"),
        Seconds("imagePullBackOffMax", 300, "pkg/kubelet MaxImageBackOff"),
        Seconds("probePeriodSeconds", 10, "Probe.periodSeconds"),
        Seconds("probeTimeoutSeconds", 1, "Probe.timeoutSeconds"),
        Seconds("kubeProxySyncPeriod", 30, "KubeProxyConfiguration iptables.syncPeriod"),
        Seconds("kubeProxyMinSyncPeriod", 1, "KubeProxyConfiguration iptables.minSyncPeriod"),
        Seconds("endpointUpdatesBatchPeriod", 0, "kube-controller-manager --endpointslice-updates-batch-period"),
        Seconds("dnsCacheTTL", 30, "the cache plugin of kubeadm's Corefile"),
        Seconds("schedulerBackoffInitial", 1, "KubeSchedulerConfiguration podInitialBackoffSeconds"),
        Seconds("schedulerBackoffMax", 10, "KubeSchedulerConfiguration podMaxBackoffSeconds"),
        Seconds("hpaSyncPeriod", 15, "kube-controller-manager --horizontal-pod-autoscaler-sync-period"),
        Seconds("eventTTL", 3600, "kube-apiserver --event-ttl"),
    ];

    /// <summary>The names alone.</summary>
    public static IEnumerable<string> Names => All.Select(symbol => symbol.Name);

    /// <summary>What Kubernetes ships in a version: the basis that a cluster's own settings replace.</summary>
    public static ImmutableDictionary<string, TimeSpan> Upstream(KubernetesVersion version)
    {
        var values = All.ToImmutableDictionary(symbol => symbol.Name, symbol => symbol.Upstream, StringComparer.Ordinal);
        return version.CompareTo(LongerGracePeriodSince) < 0 ? values.SetItem("nodeMonitorGracePeriod", OlderNodeMonitorGracePeriod) : values;
    }

    private static DurationSymbol Seconds(string name, int seconds, string source) => new(name, TimeSpan.FromSeconds(seconds), source);
}
