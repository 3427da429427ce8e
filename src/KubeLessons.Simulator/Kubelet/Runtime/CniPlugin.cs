using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>What a CNI plugin answers: the pod's address and namespace, or an error in its own words.</summary>
public sealed record CniResult(string? Address, NetworkAttachment? Network, string? Error);

/// <summary>What containerd asks of the node's CNI plugin.</summary>
public sealed record CniPlugin
{
    /// <summary>Why no pod network can be made now, such as <c>cni plugin not initialized</c> (no file in /etc/cni/net.d); null: all is well.</summary>
    public required Func<string?> Fault { get; init; }

    /// <summary>Reads the configuration, as containerd does at its start; null: there is none to read.</summary>
    public Action? Load { get; init; }

    /// <summary>ADD: makes the sandbox' namespace and gives it an address.</summary>
    public required Func<PodSandbox, CniResult> Attach { get; init; }

    /// <summary>DEL: takes it down and frees the address; does nothing when that has been done.</summary>
    public required Action<PodSandbox> Detach { get; init; }
}
