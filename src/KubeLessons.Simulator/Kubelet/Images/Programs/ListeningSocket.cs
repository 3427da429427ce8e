using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Kubelet.Images.Programs;

/// <summary>A port that a program listens on, as long as it is not disposed.</summary>
internal sealed class ListeningSocket : IDisposable
{
    private readonly Listener? _listener;

    private ListeningSocket(Listener? listener) => _listener = listener;

    /// <summary>
    /// Listens on all of the process' addresses. Null: the address is in use (errno 98). A process on no computed network listens
    /// where nobody can come.
    /// </summary>
    public static ListeningSocket? Open(Process self, int port, object service, Protocol protocol = Protocol.Tcp)
    {
        if (self.Network.Namespace is not { } network)
        {
            return new ListeningSocket(null);
        }

        var listener = network.Sockets.Listen(protocol, Ipv4Address.Any, port, service, self.Name, self.Id);
        return listener is null ? null : new ListeningSocket(listener);
    }

    public void Dispose() => _listener?.Close();
}
