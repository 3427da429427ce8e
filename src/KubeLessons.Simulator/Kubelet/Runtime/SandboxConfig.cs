using System.Collections.Immutable;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>What a pod sandbox is asked for with (CRI PodSandboxConfig): who the pod is, and the world that its containers share.</summary>
public sealed record SandboxConfig(string Name, string Namespace, string Uid, int Attempt)
{
    /// <summary>The name inside; of a host-network pod the node's.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>The pod uses the node's network namespace.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>All containers see each other's processes: process 1 is the pause program.</summary>
    public bool SharesProcesses { get; init; }

    /// <summary>Containers see the node's processes.</summary>
    public bool HostProcesses { get; init; }

    /// <summary>The content of /etc/resolv.conf.</summary>
    public string ResolvConf { get; init; } = "";

    /// <summary>Where its containers' logs lie on the node; "" for nowhere.</summary>
    public string LogDirectory { get; init; } = "";

    /// <summary>The pod's labels and those that name the pod (<c>io.kubernetes.pod.name</c>…).</summary>
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableDictionary<string, string> Annotations { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The ports that are published on the node's own address.</summary>
    public ImmutableArray<PortMapping> PortMappings { get; init; } = [];
}

/// <summary>A container's port that the node publishes (hostPort).</summary>
public sealed record PortMapping(string Protocol, int ContainerPort, int HostPort, string HostAddress);
