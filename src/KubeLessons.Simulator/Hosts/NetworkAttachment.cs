using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// Where a process is on the network: the namespace that it sends from and listens in. A host has one, and every pod sandbox
/// has one of its own (the pods of the host's network share the host's).
/// </summary>
public sealed class NetworkAttachment(World world, NetworkNamespace stack)
{
    /// <summary>Such as <c>w1-k8s</c> for a host and <c>cni-…</c> for a pod.</summary>
    public string Name => Stack.Name;

    /// <summary>Interfaces, addresses, routes, sockets and rules.</summary>
    public NetworkNamespace Stack { get; } = stack;

    public Fabric Fabric => Stack.Fabric;

    /// <summary>The first address that others can reach, such as a pod's IP; null when no interface has one.</summary>
    public string? Address => Stack.Interfaces
        .SelectMany(device => device.Addresses)
        .FirstOrDefault(address => address.Scope == "global")?.Prefix.Address.ToString();

    /// <summary>
    /// One attempt to open a TCP connection, now. A lost one is what it is at this instant: whoever can wait sends the SYN again
    /// (see <see cref="TcpDial"/>). Close the connection with <see cref="Fabric.Close"/> or let <see cref="Process.Keep"/> do it.
    /// </summary>
    public Exchange Connect(Ipv4Address to, int port) => Fabric.Connect(Stack, to, port, world.Now);

    /// <summary>One UDP datagram and what became of it, now.</summary>
    public Exchange Request(Ipv4Address to, int port) => Fabric.Request(Stack, to, port, world.Now);
}
