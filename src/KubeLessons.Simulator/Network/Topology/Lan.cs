namespace KubeLessons.Simulator.Network;

/// <summary>A local network: one switch, one prefix, hosts with a card "eth0", and the prefix's first address as everybody's gateway.</summary>
public sealed class Lan
{
    public const string CardName = "eth0";

    private readonly Fabric fabric;

    public Lan(Fabric fabric, string name, Ipv4Prefix prefix)
    {
        (this.fabric, Prefix) = (fabric, prefix.Network);
        Segment = fabric.AddSegment(name);
    }

    public Segment Segment { get; }

    public Ipv4Prefix Prefix { get; }

    public Ipv4Address Gateway => Prefix.Host(1);

    /// <summary>
    /// Adds the router. It forwards between the hosts of the network and knows nothing beyond it: its way to the outside is
    /// absent, so that outside addresses are answered with "network unreachable".
    /// </summary>
    public NetworkNamespace AddRouter(string name = "router")
    {
        var router = fabric.AddNamespace(name);
        router.Sysctls.TrySet(NetworkSysctls.IpForward, "1");
        var card = fabric.AddCard(router, CardName, Segment);
        router.SetLink(card, true);
        router.AddAddress(card, new(Gateway, Prefix.Length));
        return router;
    }

    /// <summary>Adds a host, its card up and configured as <see cref="Configure"/> does it.</summary>
    public NetworkNamespace AddHost(string name, Ipv4Address address, Func<string, bool>? isModuleLoaded = null)
    {
        var host = fabric.AddNamespace(name, isModuleLoaded);
        fabric.AddCard(host, CardName, Segment);
        Configure(host, address);
        return host;
    }

    /// <summary>What a host's network service does when it starts: card up, address, default route by the gateway.</summary>
    public void Configure(NetworkNamespace host, Ipv4Address address)
    {
        var card = host.Interface(CardName) ?? throw new ArgumentException($"{host.Name} has no {CardName}");
        host.SetLink(card, true);
        host.AddAddress(card, new(address, Prefix.Length));
        host.Routes.Add(new(Ipv4Prefix.Everything, card, Gateway) { Protocol = "static" });
    }
}
