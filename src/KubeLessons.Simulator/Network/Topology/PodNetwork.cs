namespace KubeLessons.Simulator.Network;

/// <summary>What a bridge CNI plugin builds on a node: a bridge that is the pods' gateway, a veth pair a pod, routes to other nodes.</summary>
public static class PodNetwork
{
    public const string BridgeName = "cni0";

    /// <summary>The node's bridge with the first address of the pod prefix; made at the first call (the plugin makes it with the first pod).</summary>
    public static NetworkInterface EnsureBridge(NetworkNamespace node, Ipv4Prefix podPrefix, string name = BridgeName)
    {
        if (node.Interface(name) is { } existing)
            return existing;
        var bridge = node.Fabric.AddBridge(node, name);
        node.AddAddress(bridge, new(podPrefix.Host(1), podPrefix.Length));
        node.SetLink(bridge, true);
        return bridge;
    }

    /// <summary>
    /// Adds a pod's namespace: eth0 with the address, the default route by the bridge, and on the node a port of the bridge.
    /// <paramref name="hairpin"/> is the plugin's hairpinMode.
    /// </summary>
    public static NetworkNamespace AddPod(NetworkNamespace node, NetworkInterface bridge, string name, Ipv4Address address, TimeSpan now, bool hairpin = true)
    {
        var fabric = node.Fabric;
        var gateway = bridge.Addresses[0].Prefix;
        var pod = fabric.AddNamespace(name, node.IsModuleLoaded);
        var (port, card) = fabric.AddVeth(node, $"veth{(uint)(fabric.Random() * uint.MaxValue):x8}", pod, Lan.CardName);
        port.Hairpin = hairpin;
        node.SetBridge(port, bridge);
        node.SetLink(port, true);
        pod.SetLink(card, true);
        pod.AddAddress(card, new(address, gateway.Length));
        pod.Routes.Add(new(Ipv4Prefix.Everything, card, gateway.Address));
        fabric.Announce(card, now);
        return pod;
    }

    /// <summary>Removes a pod's namespace, and its port with it.</summary>
    public static void RemovePod(NetworkNamespace pod) => pod.Fabric.RemoveNamespace(pod);

    /// <summary>The route to the pods of another node, by that node's address.</summary>
    public static void RouteTo(NetworkNamespace node, Ipv4Prefix podPrefix, Ipv4Address otherNode) =>
        node.Routes.Replace(new(podPrefix.Network, node.Interface(Lan.CardName), otherNode) { Protocol = "static" });
}
