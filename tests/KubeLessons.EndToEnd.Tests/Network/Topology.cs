using KubeLessons.Simulator.Network;

namespace KubeLessons.EndToEnd.Tests.Network;

/// <summary>What the real and the modelled network have in common.</summary>
internal static class Topology
{
    public static readonly string[] Hosts = ["c", "r", "s1", "s2"];

    /// <summary>Every host listens on the first two; nobody on others.</summary>
    public static readonly int[] Ports = [80, 8080];

    /// <summary>An address that nobody has: it is reached only by translation.</summary>
    public const string ServiceAddress = "10.9.0.1";

    public static string[] AddressesOf(string host) => host switch
    {
        "c" => ["10.1.0.2"],
        "r" => ["10.1.0.1", "10.2.0.1", "127.0.0.1"],
        "s1" => ["10.2.0.2"],
        _ => ["10.2.0.3"],
    };

    public static Fabric Model(Func<double> random)
    {
        var fabric = new Fabric(random);
        var hosts = Hosts.ToDictionary(name => name, name => fabric.AddNamespace(name));
        var router = hosts["r"];
        var bridge = fabric.AddBridge(router, "br0");
        router.AddAddress(bridge, Ipv4Prefix.Parse("10.2.0.1/24"));
        router.SetLink(bridge, true);
        foreach (var name in new[] { "c", "s1", "s2" })
        {
            var (port, card) = fabric.AddVeth(router, name == "c" ? "c0" : name, hosts[name], "eth0");
            router.SetLink(port, true);
            hosts[name].SetLink(card, true);
            hosts[name].AddAddress(card, new(Ipv4Address.Parse(AddressesOf(name)[0]), 24));
            if (name == "c")
                router.AddAddress(port, Ipv4Prefix.Parse("10.1.0.1/24"));
            else
                router.SetBridge(port, bridge);
            port.Hairpin = name != "c";
            hosts[name].Routes.Add(new(Ipv4Prefix.Everything, card, Ipv4Address.Parse(name == "c" ? "10.1.0.1" : "10.2.0.1")));
        }
        router.Routes.Add(new(Ipv4Prefix.Parse("10.9.0.0/16"), router.Interface("c0"), Ipv4Address.Parse("10.1.0.2")));
        router.Sysctls.TrySet(NetworkSysctls.IpForward, "1");
        foreach (var host in hosts.Values)
        {
            foreach (var port in Ports)
            {
                host.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, port);
                host.Sockets.Listen(Protocol.Udp, Ipv4Address.Any, port);
            }
        }
        return fabric;
    }
}
