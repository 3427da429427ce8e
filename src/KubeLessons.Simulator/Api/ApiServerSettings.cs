using System.Collections.Immutable;

namespace KubeLessons.Simulator.Api;

/// <summary>How a kube-apiserver is set up: its flags.</summary>
public sealed record ApiServerSettings
{
    /// <summary>The address under which the <c>kubernetes</c> Service reaches it (--advertise-address); null: it has no endpoints.</summary>
    public string? AdvertiseAddress { get; init; }

    /// <summary>--secure-port.</summary>
    public int SecurePort { get; init; } = 6443;

    /// <summary>--service-cluster-ip-range; kubeadm's default.</summary>
    public string ServiceClusterIpRange { get; init; } = "10.96.0.0/12";

    /// <summary>The first and the last port of --service-node-port-range.</summary>
    public (int First, int Last) ServiceNodePortRange { get; init; } = (30000, 32767);

    /// <summary>--disable-admission-plugins: names such as <c>ServiceAccount</c>.</summary>
    public ImmutableHashSet<string> DisabledAdmissionPlugins { get; init; } = [];

    /// <summary>--event-ttl.</summary>
    public TimeSpan EventTtl { get; init; } = TimeSpan.FromHours(1);
}
