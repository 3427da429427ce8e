namespace KubeLessons.Simulator.Network;

/// <summary>
/// A socket that waits for connections or datagrams. <see cref="Handler"/> is whatever the program behind it put there:
/// the network never looks inside. A closed listener answers nobody: the host refuses for it.
/// </summary>
public sealed class Listener
{
    private readonly SocketTable table;

    internal Listener(SocketTable table, Protocol protocol, SocketAddress address) =>
        (this.table, Protocol, Address) = (table, protocol, address);

    public Protocol Protocol { get; }

    public SocketAddress Address { get; }

    public NetworkNamespace Namespace => table.Owner;

    /// <summary>What the program wants to be found by: the caller of Connect gets it back and talks to it.</summary>
    public object? Handler { get; init; }

    /// <summary>The program's name and process number, for `ss -p`.</summary>
    public string? ProcessName { get; init; }

    public int ProcessId { get; init; }

    public int Backlog { get; init; } = 4096;

    public bool IsOpen { get; private set; } = true;

    public void Close()
    {
        IsOpen = false;
        table.Remove(this);
    }
}
