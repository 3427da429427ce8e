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
