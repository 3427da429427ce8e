namespace KubeLessons.Simulator.Network;

/// <summary>The sockets of a namespace: who listens where, and which connections are open.</summary>
public sealed class SocketTable
{
    internal const int FirstEphemeralPort = 32768;
    internal const int LastEphemeralPort = 60999;

    private readonly List<Listener> listeners = [];
    private readonly Dictionary<(Protocol, SocketAddress Local, SocketAddress Remote), Socket> open = [];

    internal SocketTable(NetworkNamespace owner) => Owner = owner;

    public NetworkNamespace Owner { get; }

    public IReadOnlyList<Listener> Listeners => listeners;

    internal IEnumerable<Socket> Open => open.Values;

    /// <summary>
    /// Starts listening on an address (0.0.0.0 for every address of the host). Null when somebody else has the port on
    /// that address already: "Address already in use".
    /// </summary>
    public Listener? Listen(Protocol protocol, Ipv4Address ip, int port, object? handler = null, string? processName = null, int processId = 0)
    {
        foreach (var other in listeners)
        {
            if (other.Protocol == protocol && other.Address.Port == port && (other.Address.Ip == ip || other.Address.Ip.IsAny || ip.IsAny))
                return null;
        }
        var listener = new Listener(this, protocol, new(ip, port)) { Handler = handler, ProcessName = processName, ProcessId = processId };
        listeners.Add(listener);
        Owner.Touch();
        return listener;
    }

    /// <summary>The listener that a packet for an address reaches: one bound to that very address before one bound to all.</summary>
    public Listener? Find(Protocol protocol, SocketAddress address)
    {
        Listener? general = null;
        foreach (var listener in listeners)
        {
            if (listener.Protocol != protocol || listener.Address.Port != address.Port)
                continue;
            if (listener.Address.Ip == address.Ip)
                return listener;
            if (listener.Address.Ip.IsAny)
                general = listener;
        }
        return general;
    }

    /// <summary>Closes every socket: what a reboot does.</summary>
    public void Clear()
    {
        foreach (var listener in listeners.ToList())
            listener.Close();
        open.Clear();
        Owner.Outdate();
    }

    internal void Remove(Listener listener)
    {
        if (listeners.Remove(listener))
            Owner.Touch();
    }

    internal Socket? Find(Protocol protocol, SocketAddress local, SocketAddress remote) => open.GetValueOrDefault((protocol, local, remote));

    internal void Add(Socket socket) => open[(socket.Protocol, socket.Local, socket.Remote)] = socket;

    internal void Remove(Socket socket) => open.Remove((socket.Protocol, socket.Local, socket.Remote));

    /// <summary>A free local port for a new connection, in net.ipv4.ip_local_port_range; 0 when none is left.</summary>
    internal int EphemeralPort(Protocol protocol, Ipv4Address local, SocketAddress remote, Func<double> random)
    {
        const int count = LastEphemeralPort - FirstEphemeralPort + 1;
        var start = (int)(random() * count);
        for (var step = 0; step < count; step++)
        {
            var port = FirstEphemeralPort + (start + step) % count;
            if (!open.ContainsKey((protocol, new(local, port), remote)) && Find(protocol, new SocketAddress(local, port)) is null)
                return port;
        }
        return 0;
    }
}
