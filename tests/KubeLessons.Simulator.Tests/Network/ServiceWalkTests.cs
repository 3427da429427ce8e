using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.KubeProxy;

namespace KubeLessons.Simulator.Tests.Network;

/// <summary>Connections through the rules of kube-proxy, in both of its layouts.</summary>
public class ServiceWalkTests
{
    public static TheoryData<int> Layouts => [20, 33];

    public static TheoryData<int, string> LayoutsAndClients
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var minor in new[] { 20, 33 })
            {
                foreach (var client in new[] { "pod-a", "pod-b", "pod-c", "m-k8s", "w1-k8s", "w2-k8s" })
                    data.Add(minor, client);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(LayoutsAndClients))]
    public void Everybody_in_the_cluster_reaches_every_backend_of_a_service(int minor, string client)
    {
        var cluster = Cluster(minor, Web());

        var servers = Enumerable.Range(0, 60).Select(turn => Server(cluster.Connect(client, "10.100.1.3", 80, turn))).Distinct().Order();

        servers.ShouldBe(["pod-a", "pod-b", "pod-c"]);
    }

    [Theory, MemberData(nameof(Layouts))]
    public void A_node_port_answers_on_every_node_and_on_loopback_and_hides_the_client(int minor)
    {
        var cluster = Cluster(minor, Web());

        foreach (var address in new[] { "192.168.1.10", "192.168.1.101", "192.168.1.102" })
        {
            var connection = cluster.Connect("outside", address, 30080).Connection!;
            connection.ServerLocal.Port.ShouldBe(80);
            connection.ServerRemote.Ip.ShouldNotBe(Ipv4Address.Parse("192.168.1.200"));
        }
        cluster.Connect("w1-k8s", "127.0.0.1", 30080).Succeeded.ShouldBeTrue();
        cluster.Connect("outside", "192.168.1.10", 30081).Outcome.ShouldBe(ExchangeOutcome.Refused);
    }

    [Theory, MemberData(nameof(Layouts))]
    public void A_local_policy_keeps_the_clients_address_and_drops_where_no_backend_is(int minor)
    {
        var cluster = Cluster(minor, Web() with { IsExternalLocal = true });

        cluster.Connect("outside", "192.168.1.102", 30080).Connection!.ServerRemote.Ip.ToString().ShouldBe("192.168.1.200");
        cluster.Connect("outside", "192.168.1.10", 30080).Outcome.ShouldBe(ExchangeOutcome.Lost);
        Server(cluster.Connect("outside", "192.168.1.102", 30080)).ShouldBe("pod-c");
        cluster.Connect("m-k8s", "192.168.1.10", 30080).Succeeded.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(LayoutsAndClients))]
    public void A_service_without_endpoints_is_refused_at_once(int minor, string client)
    {
        var cluster = Cluster(minor, Web() with { Endpoints = [] });

        var exchange = cluster.Connect(client, "10.100.1.3", 80);

        exchange.Error.ShouldBe(Errno.ConnectionRefused);
        exchange.Elapsed.ShouldBeLessThan(TimeSpan.FromMilliseconds(1));
        cluster.Connect("outside", "192.168.1.10", 30080).Error.ShouldBe(Errno.ConnectionRefused);
    }

    [Theory, MemberData(nameof(Layouts))]
    public void A_backend_that_is_gone_is_no_route_after_three_seconds(int minor)
    {
        var cluster = Cluster(minor, Web() with { Endpoints = [Endpoint("172.16.101.99", true)] });

        var exchange = cluster.Connect("m-k8s", "10.100.1.3", 80);

        exchange.Error.ShouldBe(Errno.HostUnreachable);
        exchange.Elapsed.TotalMilliseconds.ShouldBe(3064, 2);
    }

    [Theory, MemberData(nameof(Layouts))]
    public void Affinity_keeps_a_client_with_one_backend_for_its_time(int minor)
    {
        var cluster = Cluster(minor, Web() with { AffinitySeconds = 10800 });
        var first = Server(cluster.Connect("pod-d", "10.100.1.3", 80));

        Enumerable.Range(1, 20).Select(turn => Server(cluster.Connect("pod-d", "10.100.1.3", 80, turn * 10000))).ShouldAllBe(server => server == first);
        Enumerable.Range(1, 20).Select(turn => Server(cluster.Connect("pod-d", "10.100.1.3", 80, 200000 + turn * 11000))).Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Theory, MemberData(nameof(Layouts))]
    public void A_pod_that_is_its_own_backend_reaches_itself(int minor)
    {
        var cluster = Cluster(minor, Web() with { Endpoints = [Endpoint("172.16.101.2", true)] });

        var connection = cluster.Connect("pod-a", "10.100.1.3", 80).Connection!;

        connection.ServerNamespace.Name.ShouldBe("pod-a");
        connection.ServerRemote.Ip.ToString().ShouldBe("172.16.101.1");
    }

    [Theory, MemberData(nameof(Layouts))]
    public void Without_bridge_netfilter_only_the_backends_of_the_own_node_hang(int minor)
    {
        var cluster = Cluster(minor, Web());
        cluster.BridgeNetfilterLoaded = false;

        var exchanges = Enumerable.Range(0, 60).Select(turn => cluster.Connect("pod-d", "10.100.1.3", 80, turn)).ToList();

        exchanges.Where(exchange => exchange.Succeeded).Select(Server).Distinct().Order().ShouldBe(["pod-a", "pod-b"]);
        exchanges.Count(exchange => exchange.Outcome == ExchangeOutcome.Lost).ShouldBeInRange(10, 30);
        Enumerable.Range(0, 20).ShouldAllBe(turn => cluster.Connect("w2-k8s", "10.100.1.3", 80, turn).Succeeded);
    }

    [Theory, MemberData(nameof(Layouts))]
    public void A_load_balancers_address_lets_in_only_its_source_ranges(int minor)
    {
        var cluster = Cluster(minor, Web() with { LoadBalancerIps = [Ipv4Address.Parse("203.0.113.9")], LoadBalancerSourceRanges = [Ipv4Prefix.Parse("192.168.1.200/32")] });
        foreach (var client in new[] { cluster.Outside, cluster.Router })
            client.Routes.Add(new(Ipv4Prefix.Parse("203.0.113.9"), client.Interface("eth0"), Ipv4Address.Parse("192.168.1.101")));

        cluster.Connect("outside", "203.0.113.9", 80).Succeeded.ShouldBeTrue();
        cluster.Connect("router", "203.0.113.9", 80).Outcome.ShouldBe(ExchangeOutcome.Lost);
    }

    [Fact]
    public void A_connection_stays_with_its_backend_when_the_rules_change()
    {
        var cluster = Cluster(33, Web() with { Endpoints = [Endpoint("172.16.102.2", false)] });
        var connection = cluster.Connect("pod-a", "10.100.1.3", 80).Connection!;

        foreach (var node in cluster.Nodes)
            ProxyTables.Sync(node, KubeProxyTests.Settings(33), [Web() with { Endpoints = [Endpoint("172.16.101.3", true)] }]).ShouldBeNull();

        cluster.Fabric.Send(connection, SmallCluster.Start).Succeeded.ShouldBeTrue();
        Server(cluster.Connect("pod-a", "10.100.1.3", 80)).ShouldBe("pod-b");
    }

    [Fact]
    public void Flushed_rules_come_back_with_the_next_sync()
    {
        var cluster = Cluster(33, Web());
        FilteringTests.Iptables(cluster.Worker1, "-t nat -F");
        cluster.Connect("pod-a", "10.100.1.3", 80).Succeeded.ShouldBeFalse();

        ProxyTables.Sync(cluster.Worker1, KubeProxyTests.Settings(33), [Web()]).ShouldBeNull();
        cluster.Connect("pod-a", "10.100.1.3", 80).Succeeded.ShouldBeTrue();
    }

    private static SmallCluster Cluster(int minor, ProxiedPort port)
    {
        var cluster = new SmallCluster();
        foreach (var node in cluster.Nodes)
        {
            node.Sysctls.TrySet("net.ipv4.conf.all.route_localnet", "1").ShouldBeTrue();
            ProxyTables.EnsureKubeletRules(node, minor);
            var own = SmallCluster.AddressOf(node);
            var endpoints = port.Endpoints.Select(endpoint => endpoint with { IsLocal = endpoint.Ip.ToString().Split('.')[2] == own.ToString().Split('.')[3] });
            ProxyTables.Sync(node, KubeProxyTests.Settings(minor), [port with { Endpoints = [.. endpoints] }]).ShouldBeNull();
        }
        foreach (var pod in new[] { cluster.PodA, cluster.PodB, cluster.PodC })
            pod.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, 80, pod.Name);
        return cluster;
    }

    private static ProxiedPort Web() => new("default", "three", "http", Protocol.Tcp, Ipv4Address.Parse("10.100.1.3"), 80)
    {
        NodePort = 30080,
        Endpoints = [Endpoint("172.16.101.2", true), Endpoint("172.16.101.3", true), Endpoint("172.16.102.2", false)],
    };

    private static ProxiedEndpoint Endpoint(string ip, bool isLocal) => new(Ipv4Address.Parse(ip), 80, isLocal);

    private static string Server(Exchange exchange)
    {
        exchange.Succeeded.ShouldBeTrue(exchange.Trace.ToString());
        return (string)exchange.Connection!.Listener.Handler!;
    }
}
