using System.Collections.Immutable;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Clusters;

/// <summary>What a simulated cluster is to be: the same description gives the same cluster, to the byte.</summary>
public sealed record ClusterSpec
{
    public ulong Seed { get; init; } = 1;

    /// <summary>The version that it advertises and whose rules it follows.</summary>
    public KubernetesVersion Version { get; init; } = KubernetesVersion.Default;

    /// <summary>Its nodes; the first one carries the control plane. The default is the textbook lab.</summary>
    public ImmutableArray<string> Nodes { get; init; } = ["m-k8s", "w1-k8s", "w2-k8s", "w3-k8s"];

    /// <summary>What is installed beyond a bare cluster.</summary>
    public ImmutableArray<string> Addons { get; init; } = [];

    /// <summary>The date on the wall when the machines are switched on; null: the world's default.</summary>
    public DateTimeOffset? Epoch { get; init; }

    /// <summary>How old the cluster is when it is handed over: its virtual clock then stands there.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many members etcd has, an odd number; they run on the first nodes. With more than one, the API server knows all of them.
    /// </summary>
    public int EtcdMembers { get; init; } = 1;

    public string ControlPlaneNode => Nodes[0];

    /// <summary>The nodes that carry a member of etcd.</summary>
    public ImmutableArray<string> EtcdNodes => Nodes[..EtcdMembers];

    /// <summary>
    /// A node's address on 192.168.1.0/24: 10 for the control plane (11, 12… for further members of etcd), 101, 102… for the workers,
    /// as in the textbook lab.
    /// </summary>
    public string AddressOf(string node)
    {
        var index = Nodes.IndexOf(node);
        return index switch
        {
            < 0 => throw new ArgumentException($"The cluster has no node {node}.", nameof(node)),
            _ when index < EtcdMembers => $"192.168.1.{10 + index}",
            _ => $"192.168.1.{101 + index - EtcdMembers}",
        };
    }
}
