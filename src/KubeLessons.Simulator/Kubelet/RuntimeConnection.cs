using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>The kubelet's way to the container runtime: a socket of its host.</summary>
internal sealed class RuntimeConnection
{
    private readonly Host _host;

    /// <summary>The node.</summary>
    public Host Host => _host;

    public RuntimeConnection(Process self)
    {
        _host = self.Host;
        _host.UnixSockets.Changed += OnSocketChanged;
        self.OnExit(() => _host.UnixSockets.Changed -= OnSocketChanged);
    }

    /// <summary>Called after the runtime appeared or vanished.</summary>
    public event Action? Changed;

    public bool IsUp => Connect(out _) is not null;

    /// <summary>The runtime; null with gRPC's words when nobody answers.</summary>
    public CriService? Connect(out string error)
    {
        var service = _host.UnixSockets.Connect(Containerd.Socket, out var reason) as CriService;
        error = service is not null ? ""
            : $"rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix {Containerd.Socket}: {reason}\"";
        return service;
    }

    private void OnSocketChanged(string path)
    {
        if (path == Containerd.Socket)
        {
            Changed?.Invoke();
        }
    }
}
