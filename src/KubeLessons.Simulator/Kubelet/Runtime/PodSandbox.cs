using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>CRI's states of a sandbox.</summary>
public enum SandboxState
{
    Ready,
    NotReady,
}

/// <summary>A pod's place on a node: its network namespace, held open by a pause process under a shim of its own.</summary>
public sealed class PodSandbox(string id, SandboxConfig config, DateTimeOffset createdAt)
{
    /// <summary>64 hexadecimal digits.</summary>
    public string Id { get; } = id;

    public SandboxConfig Config { get; } = config;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public SandboxState State { get; internal set; } = SandboxState.Ready;

    /// <summary>The pod's address; "" for a host-network pod, which has none of its own.</summary>
    public string Address { get; internal set; } = "";

    /// <summary>The network that its containers are on.</summary>
    public NetworkAttachment? Network { get; internal set; }

    /// <summary>containerd-shim-runc-v2: the parent of all its processes.</summary>
    public Process? Shim { get; internal set; }

    public Process? Pause { get; internal set; }

    /// <summary>Its containers in the order of their making, those that have ended too.</summary>
    public IReadOnlyList<Container> Containers => ContainerList;

    internal List<Container> ContainerList { get; } = [];

    internal bool HasNetwork { get; set; }
}
