using System.Net;
using System.Net.Sockets;
using KubeLessons.Simulator.Network;

namespace KubeLessons.EndToEnd.Tests.Network;

/// <summary>
/// The topology in network namespaces: a client "c" behind a router "r", and two servers "s1" and "s2" on the router's bridge.
/// Rules are loaded in the router. Every host listens on the same TCP and UDP ports.
/// </summary>
internal sealed class RealNetwork : IDisposable
{
    private readonly Dictionary<string, NetworkSpace> spaces = [];
    private readonly List<Socket> listeners = [];
    private readonly List<(Socket Socket, IPEndPoint Address)> datagrams = [];
    private readonly List<Socket> open = [];
    private readonly string restore;
    private int identifier = 1000;

    // As long as the model's datagrams and echo requests are, so that bytes are counted alike too.
    private static readonly byte[] Payload = new byte[32];

    public RealNetwork(string restore)
    {
        this.restore = restore;
        foreach (var name in Topology.Hosts)
            spaces[name] = NetworkSpace.Make($"kl{Environment.ProcessId % 100000}-{name}");
        Wire();
        foreach (var (host, space) in spaces)
        {
            foreach (var (name, value) in Settings)
                space.Sysctl(name, value);
            space.Run(() => Listen(host));
        }
        spaces["r"].Sysctl("net.ipv4.ip_forward", "1");
    }

    private static readonly (string Name, string Value)[] Settings =
    [
        ("net.ipv6.conf.all.disable_ipv6", "1"), ("net.ipv4.conf.all.rp_filter", "0"), ("net.ipv4.conf.default.rp_filter", "0"), ("net.ipv4.icmp_ratelimit", "0"),
        ("net.ipv4.icmp_msgs_per_sec", "100000"), ("net.ipv4.icmp_msgs_burst", "100000"), ("net.ipv4.tcp_synack_retries", "0"), ("net.ipv4.tcp_timestamps", "1"),
    ];

    /// <summary>Loads the rules, in place of all that were there; what iptables-restore says when it refuses them.</summary>
    public string? Load(RuleSet rules)
    {
        foreach (var socket in open)
        {
            // A reset, so that nothing of an old connection is sent once more under the new rules.
            socket.LingerState = new(true, 0);
            socket.Dispose();
        }
        open.Clear();
        var router = spaces["r"];
        router.Sysctl("net.bridge.bridge-nf-call-iptables", rules.FiltersBridged ? "1" : "0");
        if (router.Program(restore, RuleSet.Empty) is { } failure)
            throw new InvalidOperationException(failure);
        return router.Program(restore, rules.Text);
    }

    /// <summary>The rules with what each has counted.</summary>
    public string Counters() => spaces["r"].Output(restore.Replace("-restore", "-save", StringComparison.Ordinal), "-c");

    public Observed Try(Probe probe, TimeSpan patience) => probe.Protocol switch
    {
        Protocol.Tcp => TryTcp(probe, patience),
        Protocol.Udp => TryUdp(probe, patience),
        _ => TryPing(probe, patience),
    };

    public void Dispose()
    {
        foreach (var socket in listeners.Concat(open).Concat(datagrams.Select(pair => pair.Socket)))
            socket.Dispose();
        foreach (var space in spaces.Values)
            space.Dispose();
    }

    private void Wire()
    {
        var router = spaces["r"];
        router.Ip("link add name br0 type bridge");
        router.Ip("addr add 10.2.0.1/24 dev br0");
        router.Ip("link set br0 up");
        router.Ip($"link add c0 type veth peer name eth0 netns {spaces["c"].Name}");
        router.Ip("addr add 10.1.0.1/24 dev c0");
        router.Ip("link set c0 up");
        foreach (var (name, address, gateway) in new[] { ("c", "10.1.0.2", "10.1.0.1"), ("s1", "10.2.0.2", "10.2.0.1"), ("s2", "10.2.0.3", "10.2.0.1") })
        {
            if (name != "c")
            {
                router.Ip($"link add {name} type veth peer name eth0 netns {spaces[name].Name}");
                router.Ip($"link set {name} master br0 up");
                // As CNI plugins set it: a bridged packet may go back to where it came from.
                router.Ip($"link set {name} type bridge_slave hairpin on");
            }
            spaces[name].Ip($"addr add {address}/24 dev eth0");
            spaces[name].Ip("link set eth0 up");
            spaces[name].Ip($"route add default via {gateway}");
        }
        router.Ip("route add 10.9.0.0/16 via 10.1.0.2");
    }

    private void Listen(string host)
    {
        foreach (var port in Topology.Ports)
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Any, port));
            listener.Listen(64);
            listeners.Add(listener);
            foreach (var address in Topology.AddressesOf(host))
            {
                // One socket an address, so that answers come from the address that was asked.
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp) { Blocking = false };
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
                datagrams.Add((socket, (IPEndPoint)socket.LocalEndPoint!));
            }
        }
    }

    private Observed TryTcp(Probe probe, TimeSpan patience)
    {
        var socket = spaces[probe.From].Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { Blocking = false });
        open.Add(socket);
        try
        {
            socket.Connect(IPAddress.Parse(probe.To), probe.Port);
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
        }
        catch (SocketException failure)
        {
            return new(Name(failure.NativeErrorCode));
        }
        if (!Settled(socket, patience))
        {
            open.Remove(socket);
            socket.Dispose();
            return new("lost");
        }
        var error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        // An error that befalls an open connection is only noted (REJECT of its later packets); the connection stands.
        if (error != 0 && !IsEstablished(socket))
            return new(Name(ErrorNumber(error)));
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        return Accept() is { } accepted
            ? new("answered", accepted.LocalEndPoint!.ToString()!, ((IPEndPoint)accepted.RemoteEndPoint!).Address.ToString(), ((IPEndPoint)accepted.RemoteEndPoint!).Port) { ClientPort = port }
            : new Observed("answered") { ClientPort = port, IsHalf = true };
    }

    // The first byte of TCP_INFO is the state; 1 is established.
    private static bool IsEstablished(Socket socket)
    {
        var info = new byte[8];
        return socket.GetRawSocketOption(6, 11, info) > 0 && info[0] == 1;
    }

    // An ICMP error that comes while the connect is still in the kernel shows as an error only, without the socket being writable.
    private static bool Settled(Socket socket, TimeSpan patience)
    {
        for (var end = DateTime.UtcNow + patience; DateTime.UtcNow < end;)
        {
            if (socket.Poll(300, SelectMode.SelectWrite) || socket.Poll(0, SelectMode.SelectError))
                return true;
        }
        return false;
    }

    private Socket? Accept()
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            foreach (var listener in listeners)
            {
                if (!listener.Poll(0, SelectMode.SelectRead))
                    continue;
                var accepted = listener.Accept();
                open.Add(accepted);
                return accepted;
            }
            Thread.Sleep(1);
        }
        return null;
    }

    private Observed TryUdp(Probe probe, TimeSpan patience)
    {
        foreach (var (socket, _) in datagrams)
            Drain(socket);
        using var client = spaces[probe.From].Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp) { Blocking = false });
        var end = DateTime.UtcNow + patience;
        var buffer = new byte[64];
        Observed? seen = null;
        try
        {
            client.Connect(IPAddress.Parse(probe.To), probe.Port);
            client.Send(Payload);
            while (DateTime.UtcNow < end)
            {
                foreach (var (socket, address) in datagrams)
                {
                    if (socket.Available == 0)
                        continue;
                    EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                    socket.ReceiveFrom(buffer, ref from);
                    var peer = (IPEndPoint)from;
                    seen = new("answered", address.ToString(), peer.Address.ToString(), peer.Port) { ClientPort = ((IPEndPoint)client.LocalEndPoint!).Port };
                    Answer(socket, from);
                }
                if (Receive(client, buffer) > 0)
                    return seen!;
            }
            return new("lost");
        }
        catch (SocketException failure)
        {
            return new(Name(failure.NativeErrorCode));
        }
    }

    // The server's own rules may forbid the answer; the client then waits in vain.
    private static void Answer(Socket socket, EndPoint to)
    {
        try
        {
            socket.SendTo(Payload, to);
        }
        catch (SocketException)
        {
        }
    }

    // What came in, or 0 after a short wait; an error that came in is thrown, which waiting for something to read would miss.
    private static int Receive(Socket socket, byte[] buffer)
    {
        try
        {
            return socket.Receive(buffer);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.WouldBlock)
        {
            socket.Poll(300, SelectMode.SelectRead);
            return 0;
        }
    }

    private static void Drain(Socket socket)
    {
        var buffer = new byte[64];
        while (true)
        {
            try
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                socket.ReceiveFrom(buffer, ref from);
            }
            catch (SocketException failure)
            {
                if (failure.SocketErrorCode == SocketError.WouldBlock)
                    return;
            }
        }
    }

    private Observed TryPing(Probe probe, TimeSpan patience)
    {
        using var socket = spaces[probe.From].Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Raw, System.Net.Sockets.ProtocolType.Icmp) { Blocking = false });
        var echo = Echo(++identifier);
        try
        {
            // IP_RECVERR: tell of every error, not only of lasting ones, as ping asks to.
            socket.SetRawSocketOption(0, 11, [1, 0, 0, 0]);
            socket.Connect(IPAddress.Parse(probe.To), 0);
            socket.Send(echo);
            var end = DateTime.UtcNow + patience;
            var buffer = new byte[256];
            // A connected raw socket hears only the address it asked; errors of others come as errors of the socket.
            while (DateTime.UtcNow < end)
            {
                var length = Receive(socket, buffer);
                var header = (buffer[0] & 15) * 4;
                if (length >= header + 8 && buffer[header] == 0 && buffer[header + 4] << 8 == (identifier & 0xff00) && buffer[header + 5] == (identifier & 255))
                    return new("answered");
            }
            return new("lost");
        }
        catch (SocketException failure)
        {
            return new(Name(failure.NativeErrorCode));
        }
    }

    private static byte[] Echo(int identifier)
    {
        byte[] packet = [8, 0, 0, 0, (byte)(identifier >> 8), (byte)identifier, 0, 1, .. new byte[56]];
        var sum = 0;
        for (var index = 0; index < packet.Length; index += 2)
            sum += packet[index] << 8 | packet[index + 1];
        sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
        (packet[2], packet[3]) = ((byte)(sum >> 8), (byte)sum);
        return packet;
    }

    // The socket option carries .NET's number of the error, not the kernel's.
    private static int ErrorNumber(int error) => new SocketException(error).NativeErrorCode;

    // .NET has one error for "not permitted" and "permission denied"; only the former occurs here.
    private static string Name(int number) => (number == (int)Errno.AccessDenied ? Errno.NotPermitted : (Errno)number).ToString();
}
