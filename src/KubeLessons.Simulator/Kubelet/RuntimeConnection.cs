using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>The kubelet's way to the container runtime: a socket of its host.</summary>
internal sealed class RuntimeConnection
{
    private readonly Host _host;
    private readonly string _dialling;

    /// <summary>The node.</summary>
    public Host Host => _host;

    public RuntimeConnection(Process self, KubernetesVersion version)
    {
        _host = self.Host;

        // The gRPC library of 1.28 has a colon there.
        _dialling = version.Minor >= 28 ? "Error while dialing:" : "Error while dialing";
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
            : $"rpc error: code = Unavailable desc = connection error: desc = \"transport: {_dialling} dial unix {Containerd.Socket}: {reason}\"";
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
