using System.Collections.Immutable;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.RealCluster;

/// <summary>How commands come onto the nodes of a real cluster.</summary>
public enum NodesVia
{
    /// <summary>OpenSSH, one multiplexed connection a node.</summary>
    Ssh,

    /// <summary><c>docker exec</c>: the nodes of kind, minikube and k3d are containers.</summary>
    Docker,

    /// <summary><c>podman exec</c>.</summary>
    Podman,

    /// <summary>A privileged pod on each node, which enters the namespaces of the node's process 1.</summary>
    Nsenter,

    /// <summary>This machine is the one node.</summary>
    Local,
}

/// <summary>What a user says of a real cluster.</summary>
public sealed record RealClusterOptions
{
    /// <summary>The kubeconfig's path; null: as kubectl finds it.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The context; null: the current one.</summary>
    public string? Context { get; init; }

    /// <summary>The way onto the nodes; null: found out.</summary>
    public NodesVia? Via { get; init; }

    /// <summary>OpenSSH's configuration file; null: the user's own.</summary>
    public string? SshConfig { get; init; }

    /// <summary>Nodes by the lesson's names: a node of the cluster, and after <c>@</c> the address to reach it by where that is another.</summary>
    public ImmutableSortedDictionary<string, string> Nodes { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What the run may change, as its lesson says; shown before it starts.</summary>
    public ImmutableArray<Touch> Touches { get; init; } = [Touch.Node, Touch.Kernel, Touch.Cluster];

    /// <summary>Whether the user said <c>--allow-changes</c>.</summary>
    public bool AllowChanges { get; init; }

    /// <summary>Asks the user for leave to change a cluster that is marked as a lab; null: there is nobody to ask.</summary>
    public Func<bool>? Confirm { get; init; }

    /// <summary>Told what the user should know: what will be changed, what was undone, what is lost.</summary>
    public Action<Message> Tell { get; init; } = _ => { };

    /// <summary>The folder in which journals and marks are kept.</summary>
    public required string StateFolder { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
