using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts;

/// <summary>The way from an API server's process to the server of a node's kubelet.</summary>
public static class KubeletLine
{
    /// <summary>How long the API server waits for a SYN's answer (kube-apiserver: the kubelet client's dialer, 30 s).</summary>
    public static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(30);

    /// <summary>One attempt, now. The connection is not kept: what is opened over it ends with the kubelet's process.</summary>
    public static KubeletDial Dial(Process self, string address, int port)
    {
        if (!Ipv4Address.TryParse(address, out var target))
        {
            return new KubeletDial(null, $"dial tcp: lookup {address}: no such host", TimeSpan.Zero);
        }

        var attempt = self.Network.Connect(target, port);
        if (attempt.Connection is not { } connection)
        {
            return new KubeletDial(null, GoDial.Describe(attempt, target, port), GoDial.Takes(attempt, DialTimeout));
        }

        var kubelet = (connection.Listener.Handler as HttpService)?.Kubelet;
        self.Release(connection);
        return new KubeletDial(kubelet, kubelet is null ? "EOF" : null, attempt.Elapsed);
    }
}
