namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// Where a process is on the network: the namespace that it sends from and listens in. The computed network fills this in;
/// a host has one, and every pod sandbox has one of its own.
/// </summary>
public sealed class NetworkAttachment(string name)
{
    /// <summary>Such as <c>w1-k8s</c> for a host and <c>cni-…</c> for a pod.</summary>
    public string Name { get; } = name;
}
