namespace KubeLessons.Simulator.Versions;

/// <summary>
/// The Kubernetes minor version that a cluster advertises, and everything that depends on it: the one table. A rule that
/// changed between versions is a property here, with the release that changed it.
/// </summary>
public sealed record KubernetesVersion
{
    public const int OldestMinor = 20;
    public const int NewestMinor = 37;
    public const int DefaultMinor = 33;

    public KubernetesVersion(int minor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minor, OldestMinor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minor, NewestMinor);
        Minor = minor;
    }

    public static KubernetesVersion Default { get; } = new(DefaultMinor);

    public int Minor { get; }

    /// <summary>The patch release that is advertised; the kit's real cluster is 1.20.2.</summary>
    public int Patch => Minor == 20 ? 2 : 1;

    /// <summary>Such as <c>v1.33.1</c>.</summary>
    public string GitVersion => $"v1.{Minor}.{Patch}";

    /// <summary>The commit that <c>/version</c> names; made up, but for the kit's 1.20.2.</summary>
    public string GitCommit => Minor == 20 ? "faecb196815e248d3ecfb03c680a4507229c2a56" : new SeededRandom((ulong)Minor).NextHex(40);

    /// <summary>When that release was built: releases come three to four times a year.</summary>
    public string BuildDate => Minor == 20 ? "2021-01-13T13:20:00Z" : $"{2021 + ((Minor - 20) / 3)}-{1 + (((Minor - 20) % 3) * 4):00}-15T08:43:38Z";

    /// <summary>The Go that it was built with.</summary>
    public string GoVersion => Minor switch
    {
        20 => "go1.15.5",
        21 or 22 => "go1.16.6",
        23 => "go1.17.5",
        24 or 25 => "go1.19.1",
        26 or 27 => "go1.20.4",
        28 => "go1.20.7",
        29 or 30 => "go1.22.2",
        31 or 32 => "go1.23.3",
        _ => "go1.24.2",
    };

    /// <summary>
    /// How long a node may be silent before the node controller calls it Unknown: 40 s, and 50 s since 1.32
    /// (kube-controller-manager --node-monitor-grace-period; kubernetes/kubernetes#126287).
    /// </summary>
    public TimeSpan NodeMonitorGracePeriod => TimeSpan.FromSeconds(Minor >= 32 ? 50 : 40);

    /// <summary>The label of control-plane nodes besides <c>node-role.kubernetes.io/control-plane</c>: kubeadm set "master" too until 1.23.</summary>
    public bool HasMasterRole => Minor <= 23;

    /// <summary>Service accounts got a token Secret of their own until 1.23 (LegacyServiceAccountTokenNoAutoGeneration, 1.24).</summary>
    public bool HasServiceAccountTokenSecrets => Minor <= 23;

    /// <summary>Who signs the events of taint eviction: a controller of its own since 1.29 (SeparateTaintEvictionController).</summary>
    public string TaintEvictionComponent => Minor >= 29 ? "taint-eviction-controller" : "taint-controller";

    /// <summary>Pods that are evicted, preempted or collected get the condition DisruptionTarget since 1.26 (PodDisruptionConditions).</summary>
    public bool HasDisruptionConditions => Minor >= 26;

    /// <summary>
    /// How long a pod that no node would have waits before it is tried again for no reason: 60 s, and 5 min since 1.23
    /// (pkg/scheduler: DefaultPodMaxInUnschedulablePodsDuration).
    /// </summary>
    public TimeSpan MaxUnschedulableTime => Minor >= 23 ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(60);

    /// <summary>The scheduler's words for a taint that is not tolerated, since 1.24 and before.</summary>
    public string UntoleratedTaint(string key, string value) => Minor switch
    {
        >= 35 => "node(s) had untolerated taint(s)",
        >= 24 => $"node(s) had untolerated taint {{{key}: {value}}}",
        _ => $"node(s) had taint {{{key}: {value}}}, that the pod didn't tolerate",
    };

    /// <summary>The scheduler's words for a node that nodeSelector or affinity exclude; the selector is named since 1.22.</summary>
    public string UnmatchedNodeAffinity =>
        Minor >= 22 ? "node(s) didn't match Pod's node affinity/selector" : "node(s) didn't match Pod's node affinity";

    /// <summary>Whether a FailedScheduling event also says why preemption did not help (since 1.24).</summary>
    public bool TellsPreemption => Minor >= 24;

    /// <summary>How that is appended: with a second full stop from 1.26 to 1.28, and after dynamic resources' word since 1.34.</summary>
    public string PreemptionSuffix(string reasons) => Minor switch
    {
        >= 34 => $"no new claims to deallocate, preemption: {reasons}",
        >= 26 and <= 28 => $"preemption: {reasons}.",
        _ => $"preemption: {reasons}",
    };

    /// <summary>A pod that asks for more than a node has at all is not helped by preemption: known since 1.32.</summary>
    public bool OversizedPodsAreHopeless => Minor >= 32;

    /// <summary>
    /// The longest pause between a Job's failing pods: 6 min, and 10 min since 1.26 (pkg/controller/job: MaxJobPodFailureBackOff).
    /// </summary>
    public TimeSpan LongestJobBackOff => TimeSpan.FromMinutes(Minor >= 26 ? 10 : 6);

    /// <summary>
    /// How a Deployment's event tells a change of size: "to 3" first, "to 3 from 1" since 1.26 (kubernetes/kubernetes#101142),
    /// "from 1 to 3" since 1.32 (kubernetes/kubernetes#125118).
    /// </summary>
    public string ScalingMessage(long from, long to) => Minor switch
    {
        < 26 => $"to {to}",
        < 32 => $"to {to} from {from}",
        _ => $"from {from} to {to}",
    };

    /// <summary>Whether the event of a new ReplicaSet says "from 0 to 3" instead of "to 3" (since 1.32, kubernetes/kubernetes#125118).</summary>
    public bool ScalingMessageStartsFromZero => Minor >= 32;

    public override string ToString() => $"1.{Minor}";

    /// <summary>Reads <c>1.33</c>, <c>v1.33</c> or <c>1.33.1</c>; null when it is none of the versions that can be simulated.</summary>
    public static KubernetesVersion? TryParse(string text)
    {
        var parts = text.TrimStart('v').Split('.');
        return parts is ["1", var minor, ..] && int.TryParse(minor, out var number) && number is >= OldestMinor and <= NewestMinor
            ? new KubernetesVersion(number)
            : null;
    }
}
