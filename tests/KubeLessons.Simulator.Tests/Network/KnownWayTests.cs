using CsCheck;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Tests.Network;

/// <summary>A way that is known need not be walked again, and nobody can tell.</summary>
public sealed class KnownWayTests
{
    private const int Port = 80;

    /// <summary>What can happen to the way from pod-a on worker 1 to pod-c on worker 2, each with its opposite.</summary>
    private static readonly (string Name, Action<SmallCluster> Break, Action<SmallCluster> Mend)[] _changes =
    [
        ("a rule of the server's node", cluster => Rule(cluster.Worker2, "-I FORWARD -p tcp --dport 80 -j DROP"), cluster => Rule(cluster.Worker2, "-D FORWARD -p tcp --dport 80 -j DROP")),
        ("a rule of the client's node", cluster => Rule(cluster.Worker1, "-I FORWARD -p tcp --sport 80 -j REJECT"), cluster => Rule(cluster.Worker1, "-D FORWARD -p tcp --sport 80 -j REJECT")),
        ("a policy in the pod", cluster => Rule(cluster.PodC, "-P INPUT DROP"), cluster => Rule(cluster.PodC, "-P INPUT ACCEPT")),
        ("forwarding", cluster => cluster.Worker1.Sysctls.TrySet(NetworkSysctls.IpForward, "0"), cluster => cluster.Worker1.Sysctls.TrySet(NetworkSysctls.IpForward, "1")),
        ("a route", cluster => cluster.Worker2.Routes.Remove(IsToWorker1), cluster => PodNetwork.RouteTo(cluster.Worker2, Ipv4Prefix.Parse("172.16.101.0/24"), SmallCluster.AddressOf(cluster.Worker1))),
        ("a link", cluster => Link(cluster.PodC, false), cluster => Mend(cluster.PodC)),
        ("a bridge", cluster => Bridge(cluster, false), cluster => Bridge(cluster, true)),
        ("a cable", cluster => Card(cluster).Cabled = false, cluster => Card(cluster).Cabled = true),
        ("a machine's power", cluster => Card(cluster).Powered = false, cluster => Card(cluster).Powered = true),
        ("the switch", cluster => Card(cluster).Segment!.Separate(Card(cluster), cluster.Worker1.Interface("eth0")!), cluster => Card(cluster).Segment!.JoinAll()),
        ("the listener", cluster => cluster.PodC.Sockets.Listeners[0].Close(), cluster => cluster.PodC.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, Port)),
        ("the size of connection tracking", cluster => cluster.Worker2.Sysctls.TrySet("net.netfilter.nf_conntrack_max", "0"), cluster => cluster.Worker2.Sysctls.TrySet("net.netfilter.nf_conntrack_max", "262144")),
    ];

    [Fact]
    public void Whatever_happens_to_a_way_a_known_one_fares_as_one_that_is_walked_anew() =>
        Gen.Int[0, _changes.Length - 1].Array[1, 12].Sample(
            order =>
            {
                var (cluster, broken) = (Prepared(), new HashSet<int>());
                var tried = new TriedWay(cluster.PodA, SmallCluster.AddressOf(cluster.PodC), Port);
                var open = cluster.Connect("pod-a", SmallCluster.AddressOf(cluster.PodC).ToString(), Port).Connection!;
                var now = SmallCluster.Start;
                foreach (var change in order)
                {
                    Tick();
                    if (broken.Add(change))
                    {
                        _changes[change].Break(cluster);
                    }
                    else
                    {
                        _changes[change].Mend(cluster);
                        broken.Remove(change);
                    }

                    Tick();
                }

                void Tick()
                {
                    now += TimeSpan.FromSeconds(20);
                    var known = tried.Try(now);
                    var fresh = cluster.Fabric.Connect(cluster.PodA, tried.Destination, Port, now);
                    (known.Outcome, known.Error).ShouldBe((fresh.Outcome, fresh.Error), string.Join(", ", broken.Select(each => _changes[each].Name)));
                    var reaches = cluster.Fabric.Reaches(open, now);
                    reaches.ShouldBe(cluster.Fabric.Send(open, now).Succeeded);
                }
            },
            iter: 300);

    [Fact]
    public void Rules_count_the_packets_of_a_known_way()
    {
        var cluster = Prepared();
        Rule(cluster.Worker2, "-A FORWARD -p tcp --dport 80");
        var tried = new TriedWay(cluster.PodA, SmallCluster.AddressOf(cluster.PodC), Port);
        tried.Try(SmallCluster.Start);
        var once = Packets(cluster.Worker2);
        once.ShouldBeGreaterThan(0);

        tried.Try(SmallCluster.Start + TimeSpan.FromSeconds(5));
        tried.Try(SmallCluster.Start + TimeSpan.FromSeconds(10));

        Packets(cluster.Worker2).ShouldBe(3 * once);
    }

    [Fact]
    public void A_rule_that_remembers_or_draws_lots_sees_every_packet()
    {
        var cluster = Prepared();
        Rule(cluster.PodC, "-A INPUT -p tcp --syn -m statistic --mode nth --every 2 --packet 1 -j REJECT");
        var tried = new TriedWay(cluster.PodA, SmallCluster.AddressOf(cluster.PodC), Port);

        var outcomes = Enumerable.Range(0, 4).Select(second => tried.Try(SmallCluster.Start + TimeSpan.FromSeconds(second)).Succeeded);

        outcomes.ShouldBe([true, false, true, false]);
    }

    private static SmallCluster Prepared()
    {
        var cluster = new SmallCluster();
        cluster.PodC.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, Port);
        return cluster;
    }

    private static long Packets(NetworkNamespace host)
    {
        var line = IptablesCommand.Run(host, ["-L", "FORWARD", "-v", "-n", "-x"]).Output.Split('\n').Single(line => line.Contains("dpt:80", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Rule(NetworkNamespace host, string arguments) => FilteringTests.Iptables(host, arguments);

    private static bool IsToWorker1(Route route) => route.Destination == Ipv4Prefix.Parse("172.16.101.0/24");

    private static void Link(NetworkNamespace host, bool up) => host.SetLink(host.Interface("eth0")!, up);

    // A link that comes up again has its network's route, but not the default one.
    private static void Mend(NetworkNamespace pod)
    {
        Link(pod, true);
        pod.Routes.Add(new(Ipv4Prefix.Everything, pod.Interface("eth0")!, Ipv4Prefix.Parse("172.16.102.0/24").Host(1)));
    }

    private static void Bridge(SmallCluster cluster, bool up) => cluster.Worker2.SetLink(cluster.Worker2.Interface(PodNetwork.BridgeName)!, up);

    private static NetworkInterface Card(SmallCluster cluster) => cluster.Worker2.Interface("eth0")!;
}
