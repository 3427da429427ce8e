namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// Who listens on which UNIX socket of a host, such as containerd on <c>/run/containerd/containerd.sock</c>. What is behind a
/// socket is the listener's own object; whoever connects knows its type, as a client knows its server's protocol.
/// </summary>
public sealed class UnixSocketTable
{
    private readonly Dictionary<string, (Process Owner, object Service)> _sockets = new(StringComparer.Ordinal);

    /// <summary>Called with the path after a socket was opened or closed.</summary>
    public event Action<string>? Changed;

    /// <summary>Opens a socket; one that was left behind by a dead process is replaced.</summary>
    public void Listen(string path, Process owner, object service)
    {
        _sockets[path] = (owner, service);
        Changed?.Invoke(path);
    }

    /// <summary>
    /// Closes a socket, in the <c>finally</c> of the program that opened it. A program that was killed leaves its file behind:
    /// connecting is then refused, else there is no such file.
    /// </summary>
    public void Close(string path, Process owner)
    {
        if (_sockets.TryGetValue(path, out var socket) && socket.Owner == owner)
        {
            if (owner.ExitCode != 128 + (int)ProcessSignal.Kill)
            {
                _sockets.Remove(path);
            }

            Changed?.Invoke(path);
        }
    }

    /// <summary>What listens on a socket; null with the reason in connect(2)'s words.</summary>
    public object? Connect(string path, out string error)
    {
        if (!_sockets.TryGetValue(path, out var socket))
        {
            error = "connect: no such file or directory";
            return null;
        }

        error = socket.Owner.HasExited ? "connect: connection refused" : "";
        return socket.Owner.HasExited ? null : socket.Service;
    }
}
