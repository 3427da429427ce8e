namespace KubeLessons.Simulator.Versions;

/// <summary>Kubernetes' own durations that do not depend on the version, each with the setting that it is the default of.</summary>
public static class KubernetesConstants
{
    /// <summary>How often the node controller looks (kube-controller-manager --node-monitor-period).</summary>
    public static readonly TimeSpan NodeMonitorPeriod = TimeSpan.FromSeconds(5);

    /// <summary>Grace for a node that never reported (kube-controller-manager --node-startup-grace-period).</summary>
    public static readonly TimeSpan NodeStartupGracePeriod = TimeSpan.FromSeconds(60);

    /// <summary>How long a node lease is good for (KubeletConfiguration.nodeLeaseDurationSeconds).</summary>
    public static readonly TimeSpan NodeLeaseDuration = TimeSpan.FromSeconds(40);

    /// <summary>A kubelet renews its lease every quarter of the lease's duration (pkg/kubelet: nodeLeaseRenewIntervalFraction 0.25).</summary>
    public static readonly TimeSpan NodeLeaseRenewInterval = TimeSpan.FromSeconds(10);

    /// <summary>How often a kubelet computes its node's status (KubeletConfiguration.nodeStatusUpdateFrequency).</summary>
    public static readonly TimeSpan NodeStatusUpdateFrequency = TimeSpan.FromSeconds(10);

    /// <summary>How often it posts a status that did not change (KubeletConfiguration.nodeStatusReportFrequency).</summary>
    public static readonly TimeSpan NodeStatusReportFrequency = TimeSpan.FromMinutes(5);

    /// <summary>Tolerations that admission adds to every pod (kube-apiserver --default-not-ready-toleration-seconds and --default-unreachable-toleration-seconds).</summary>
    public static readonly TimeSpan DefaultTolerationSeconds = TimeSpan.FromSeconds(300);

    /// <summary>Between TERM and KILL (PodSpec.terminationGracePeriodSeconds).</summary>
    public static readonly TimeSpan TerminationGracePeriod = TimeSpan.FromSeconds(30);

    /// <summary>The first restart back-off, doubled each time (pkg/kubelet: backOffPeriod, containerBackOff).</summary>
    public static readonly TimeSpan CrashLoopBackOffInitial = TimeSpan.FromSeconds(10);

    /// <summary>The longest restart back-off (pkg/kubelet: MaxContainerBackOff).</summary>
    public static readonly TimeSpan CrashLoopBackOffMax = TimeSpan.FromSeconds(300);

    /// <summary>Relist period of the pod lifecycle event generator (pkg/kubelet: plegRelistPeriod, generic PLEG).</summary>
    public static readonly TimeSpan PlegRelistPeriod = TimeSpan.FromSeconds(1);

    /// <summary>How often a kubelet looks into its static pod folder (KubeletConfiguration.fileCheckFrequency).</summary>
    public static readonly TimeSpan FileCheckFrequency = TimeSpan.FromSeconds(20);

    /// <summary>How often a pod is synced without a reason (KubeletConfiguration.syncFrequency).</summary>
    public static readonly TimeSpan SyncFrequency = TimeSpan.FromMinutes(1);

    /// <summary>Leader election (client-go leaderelection; --leader-elect-lease-duration, -renew-deadline, -retry-period).</summary>
    public static readonly TimeSpan LeaderElectionLeaseDuration = TimeSpan.FromSeconds(15);

    public static readonly TimeSpan LeaderElectionRenewDeadline = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan LeaderElectionRetryPeriod = TimeSpan.FromSeconds(2);

    /// <summary>Node deletions a second by taint eviction (kube-controller-manager --node-eviction-rate).</summary>
    public const double NodeEvictionRate = 0.1;

    /// <summary>The same in an unhealthy zone (--secondary-node-eviction-rate).</summary>
    public const double SecondaryNodeEvictionRate = 0.01;
}
