using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Tests.Network;

/// <summary>A master and two workers on one local network, two pods on each worker, a router, and a machine beside them.</summary>
internal sealed class SmallCluster
{
    public static readonly TimeSpan Start = TimeSpan.FromMinutes(1);

    public SmallCluster(int seed = 1)
    {
        var random = new Random(seed);
        Fabric = new(random.NextDouble);
        Lan = new(Fabric, "lan", Ipv4Prefix.Parse("192.168.1.0/24"));
        Router = Lan.AddRouter();
        Outside = Lan.AddHost("outside", Ipv4Address.Parse("192.168.1.200"));
        Nodes = [AddNode("m-k8s", 10), AddNode("w1-k8s", 101), AddNode("w2-k8s", 102)];
        foreach (var (node, number) in Numbered())
        {
            foreach (var (_, other) in Numbered())
            {
                if (other != number)
                    PodNetwork.RouteTo(node, PodPrefix(other), Ipv4Address.Parse($"192.168.1.{other}"));
            }
        }
        PodA = AddPod("pod-a", 1, 101, 2);
        PodB = AddPod("pod-b", 1, 101, 3);
        PodC = AddPod("pod-c", 2, 102, 2);
        PodD = AddPod("pod-d", 2, 102, 3);
    }

    public Fabric Fabric { get; }

    public Lan Lan { get; }

    public NetworkNamespace Router { get; }

    public NetworkNamespace Outside { get; }

    public NetworkNamespace[] Nodes { get; }

    public NetworkNamespace Master => Nodes[0];

    public NetworkNamespace Worker1 => Nodes[1];

    public NetworkNamespace Worker2 => Nodes[2];

    public NetworkNamespace PodA { get; }

    public NetworkNamespace PodB { get; }

    public NetworkNamespace PodC { get; }

    public NetworkNamespace PodD { get; }

    public bool BridgeNetfilterLoaded { get; set; } = true;

    public NetworkNamespace Host(string name) => Fabric.Namespaces.First(host => host.Name == name);

    public static Ipv4Address AddressOf(NetworkNamespace host) => host.Interface("eth0")!.Addresses[0].Prefix.Address;

    public Exchange Connect(string from, string to, int port, double atSeconds = 0) =>
        Fabric.Connect(Host(from), Ipv4Address.Parse(to), port, Start + TimeSpan.FromSeconds(atSeconds));

    public NetworkNamespace AddPod(string name, int node, int number, uint host) => PodNetwork.AddPod(Nodes[node],
        PodNetwork.EnsureBridge(Nodes[node], PodPrefix(number)), name, PodPrefix(number).Host(host), Start);

    private NetworkNamespace AddNode(string name, int number)
    {
        var node = Lan.AddHost(name, Ipv4Address.Parse($"192.168.1.{number}"), module => module != "br_netfilter" || BridgeNetfilterLoaded);
        node.Sysctls.TrySet(NetworkSysctls.IpForward, "1");
        return node;
    }

    private IEnumerable<(NetworkNamespace Node, int Number)> Numbered() => [(Master, 10), (Worker1, 101), (Worker2, 102)];

    private static Ipv4Prefix PodPrefix(int number) => Ipv4Prefix.Parse($"172.16.{number}.0/24");
}
