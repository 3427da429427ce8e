using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>The bridge CNI plugin with host-local addresses: a veth pair from each pod to the node's cni0.</summary>
public static class BridgePlugin
{
    /// <param name="host">The node.</param>
    /// <param name="addresses">The node's pod addresses.</param>
    /// <param name="fault">Why the plugin cannot be called now; null: it can.</param>
    public static CniPlugin Of(Host host, HostLocalAddresses addresses, Func<string?> fault) => new()
    {
        Fault = fault,
        Attach = sandbox => Attach(host, addresses, sandbox),
        Detach = sandbox =>
        {
            addresses.Release(sandbox.Id);
            if (sandbox.Network is { } pod)
            {
                PodNetwork.RemovePod(pod.Stack);
            }
        },
    };

    private static CniResult Attach(Host host, HostLocalAddresses addresses, PodSandbox sandbox)
    {
        var (address, error) = addresses.Reserve(sandbox.Id);
        if (address is not { } free)
        {
            return new CniResult(null, null, $"plugin type=\"bridge\" failed (add): {error}");
        }

        var node = host.Network.Stack;
        var bridge = PodNetwork.EnsureBridge(node, addresses.PodCidr);
        var pod = PodNetwork.AddPod(node, bridge, "cni-" + sandbox.Id[..8], free, host.World.Now);
        return new CniResult(free.ToString(), new NetworkAttachment(host.World, pod), null);
    }
}
