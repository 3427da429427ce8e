using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.KubeProxy;

namespace KubeLessons.Simulator.Proxy;

/// <summary>
/// UDP knows no end of a connection, so that conntrack would go on sending to endpoints that are gone: kube-proxy deletes such
/// entries after every sync (pkg/proxy/conntrack).
/// </summary>
internal sealed class StaleFlows(Process self)
{
    private Dictionary<(Ipv4Address Ip, int Port), HashSet<(Ipv4Address Ip, int Port)>> _known = [];

    /// <summary>Forgets the flows that the Services as they are now would not have made.</summary>
    public void Forget(IEnumerable<ProxiedPort> ports)
    {
        var now = new Dictionary<(Ipv4Address Ip, int Port), HashSet<(Ipv4Address Ip, int Port)>>();
        foreach (var port in ports)
        {
            if (port.Protocol == Protocol.Udp)
            {
                now[(port.ClusterIp, port.Port)] = [.. port.Endpoints.Where(static endpoint => endpoint.IsReady).Select(static endpoint => (endpoint.Ip, endpoint.Port))];
            }
        }

        foreach (var (service, endpoints) in now)
        {
            var before = _known.GetValueOrDefault(service, []);
            if (!before.IsSubsetOf(endpoints))
            {
                Delete(service, before.Except(endpoints).ToHashSet());
            }

            // The first endpoints: what was sent before went past the translation.
            if (before.Count == 0 && endpoints.Count > 0)
            {
                Delete(service, [service]);
            }
        }

        _known = now;
    }

    private void Delete((Ipv4Address Ip, int Port) service, HashSet<(Ipv4Address Ip, int Port)> answering) =>
        self.Network.Stack.Conntrack.Delete(entry => entry.Original.Protocol == Protocol.Udp
            && (entry.Original.Destination, entry.Original.DestinationPort) == service
            && answering.Contains((entry.Reply.Source, entry.Reply.SourcePort)));
}
