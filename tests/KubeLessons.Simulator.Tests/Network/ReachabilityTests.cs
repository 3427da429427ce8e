using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Tests.Network;

public class ReachabilityTests
{
    private readonly SmallCluster cluster = new();

    [Theory]
    [InlineData("pod-a", "172.16.101.3")] // a pod of the same node
    [InlineData("pod-a", "172.16.102.2")] // a pod of another node
    [InlineData("w1-k8s", "172.16.101.2")] // the node to its own pod
    [InlineData("m-k8s", "172.16.102.3")] // a node without pods to a pod
    [InlineData("pod-a", "192.168.1.10")] // a pod to a node
    [InlineData("pod-a", "172.16.101.2")] // a pod to itself
    [InlineData("w1-k8s", "192.168.1.101")] // a node to itself by its address
    [InlineData("w1-k8s", "127.0.0.1")] // and by loopback
    [InlineData("outside", "192.168.1.102")]
    public void A_listener_is_reached(string from, string to)
    {
        var address = Ipv4Address.Parse(to);
        var server = address.IsLoopback ? cluster.Host(from) : cluster.Fabric.Namespaces.First(host => host.IsLocal(address));
        var listener = server.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, 80, "the program");

        var exchange = cluster.Connect(from, to, 80);

        exchange.Outcome.ShouldBe(ExchangeOutcome.Answered, exchange.Trace.ToString());
        exchange.Connection!.Listener.ShouldBeSameAs(listener);
        exchange.Connection.Remote.ShouldBe(new SocketAddress(address, 80));
        exchange.Connection.IsOpen.ShouldBeTrue();
        exchange.Elapsed.ShouldBeLessThan(TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void A_connection_that_a_dead_server_never_completed_does_not_stand_in_for_its_successor()
    {
        const int Port = 40_000;
        var (client, server) = (cluster.Host("m-k8s"), cluster.Worker1);
        var first = server.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, 80, "the first")!;
        FilteringTests.Iptables(server, "-I OUTPUT -p tcp --sport 80 -j DROP");
        var lost = cluster.Fabric.Connect(client, Ipv4Address.Parse("192.168.1.101"), 80, SmallCluster.Start, sourcePort: Port);
        lost.Outcome.ShouldBe(ExchangeOutcome.Lost);
        first.Close();
        FilteringTests.Iptables(server, "-D OUTPUT -p tcp --sport 80 -j DROP");
        server.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, 80, "the second");

        var exchange = cluster.Fabric.Connect(client, Ipv4Address.Parse("192.168.1.101"), 80, SmallCluster.Start, sourcePort: Port);

        exchange.Connection!.Listener.Handler.ShouldBe("the second");
    }

    [Fact]
    public void Nobody_listening_is_refused_at_once()
    {
        var exchange = cluster.Connect("pod-a", "172.16.102.2", 80);

        exchange.Outcome.ShouldBe(ExchangeOutcome.Refused);
        exchange.Error.Message().ShouldBe("Connection refused");
        exchange.Elapsed.ShouldBeInRange(TimeSpan.FromMicroseconds(300), TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [InlineData("w1-k8s", "172.16.101.99")] // a dead pod on the own bridge
    [InlineData("pod-a", "172.16.101.99")]
    [InlineData("pod-a", "172.16.102.99")] // a dead pod of another node: its node says so
    [InlineData("m-k8s", "192.168.1.77")]
    public void An_address_that_nobody_has_is_no_route_after_three_seconds(string from, string to)
    {
        var exchange = cluster.Connect(from, to, 80);

        exchange.Error.Message().ShouldBe("No route to host", exchange.Trace.ToString());
        exchange.Elapsed.TotalSeconds.ShouldBe(3.064, 0.002);
    }

    [Fact]
    public void A_search_that_is_under_way_is_not_begun_again()
    {
        cluster.Connect("m-k8s", "192.168.1.77", 80);

        cluster.Connect("m-k8s", "192.168.1.77", 80, atSeconds: 1).Elapsed.TotalSeconds.ShouldBe(2.064, 0.001);
        cluster.Connect("m-k8s", "192.168.1.77", 80, atSeconds: 10).Elapsed.TotalSeconds.ShouldBe(3.064, 0.001);
    }

    [Fact]
    public void Outside_addresses_are_unreachable_at_once()
    {
        var exchange = cluster.Connect("w1-k8s", "8.8.8.8", 53);

        exchange.Outcome.ShouldBe(ExchangeOutcome.Rejected);
        exchange.Error.Message().ShouldBe("Network is unreachable");
        exchange.Reply!.Source.ShouldBe(Ipv4Address.Parse("192.168.1.1"));
        exchange.Elapsed.ShouldBeLessThan(TimeSpan.FromMilliseconds(2));
    }

    [Fact]
    public void A_host_without_a_default_route_says_so_itself()
    {
        cluster.Outside.Routes.Remove(route => route.Destination == Ipv4Prefix.Everything);

        var exchange = cluster.Connect("outside", "8.8.8.8", 53);

        exchange.Outcome.ShouldBe(ExchangeOutcome.NoRoute);
        exchange.Error.ShouldBe(Errno.NetworkUnreachable);
    }

    [Fact]
    public void A_node_that_does_not_forward_swallows_its_pods_packets()
    {
        cluster.Worker1.Sysctls.TrySet(NetworkSysctls.IpForward, "0");

        var exchange = cluster.Connect("pod-a", "172.16.102.2", 80);

        exchange.Outcome.ShouldBe(ExchangeOutcome.Lost);
        exchange.Trace.LostAt!.Namespace.ShouldBe("w1-k8s");
        exchange.Trace.LostAt.Note!.ShouldContain("ip_forward");
        cluster.Connect("pod-a", "172.16.101.3", 80).Outcome.ShouldBe(ExchangeOutcome.Refused);
    }

    [Fact]
    public void A_node_without_power_is_silent_while_its_neighbours_remember_it()
    {
        cluster.PodC.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, 80);
        cluster.Connect("m-k8s", "172.16.102.2", 80).Succeeded.ShouldBeTrue();
        cluster.Worker2.Interface("eth0")!.Powered = false;

        cluster.Connect("m-k8s", "172.16.102.2", 80, 5).Outcome.ShouldBe(ExchangeOutcome.Lost);
        cluster.Connect("m-k8s", "172.16.102.2", 80, 32).Outcome.ShouldBe(ExchangeOutcome.Lost);
        var late = cluster.Connect("m-k8s", "172.16.102.2", 80, 41);
        late.Error.ShouldBe(Errno.HostUnreachable);
        late.Elapsed.TotalSeconds.ShouldBe(3.064, 0.001);

        cluster.Worker2.Interface("eth0")!.Powered = true;
        cluster.Connect("m-k8s", "172.16.102.2", 80, 50).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void A_pod_that_takes_over_an_address_is_found_at_once()
    {
        cluster.Connect("w1-k8s", "172.16.101.2", 80).Outcome.ShouldBe(ExchangeOutcome.Refused);
        PodNetwork.RemovePod(cluster.PodA);
        cluster.AddPod("pod-e", 1, 101, 2).Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, 80);

        cluster.Connect("w1-k8s", "172.16.101.2", 80, 1).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void Separated_cards_do_not_hear_each_other()
    {
        cluster.Lan.Segment.Separate(cluster.Master.Interface("eth0")!, cluster.Worker1.Interface("eth0")!);

        cluster.Connect("m-k8s", "192.168.1.101", 22).Error.ShouldBe(Errno.HostUnreachable);
        cluster.Connect("m-k8s", "192.168.1.102", 22).Error.ShouldBe(Errno.ConnectionRefused);

        cluster.Lan.Segment.JoinAll();
        cluster.Connect("m-k8s", "192.168.1.101", 22, 10).Error.ShouldBe(Errno.ConnectionRefused);
    }

    [Fact]
    public void Taking_a_link_down_takes_its_routes_and_up_brings_back_only_its_own_network()
    {
        var card = cluster.Worker1.Interface("eth0")!;
        cluster.Worker1.SetLink(card, false);
        cluster.Connect("w1-k8s", "192.168.1.10", 22).Error.ShouldBe(Errno.NetworkUnreachable);
        cluster.Connect("m-k8s", "192.168.1.101", 22).Error.ShouldBe(Errno.HostUnreachable);

        cluster.Worker1.SetLink(card, true);
        cluster.Connect("w1-k8s", "192.168.1.10", 22).Error.ShouldBe(Errno.ConnectionRefused);
        cluster.Connect("w1-k8s", "8.8.8.8", 53).Error.ShouldBe(Errno.NetworkUnreachable);
        cluster.Worker1.Routes.Routes.ShouldNotContain(route => route.Destination == Ipv4Prefix.Everything);
    }

    [Fact]
    public void A_datagram_is_answered_or_refused_and_a_ping_replied()
    {
        cluster.PodC.Sockets.Listen(Protocol.Udp, Ipv4Address.Any, 53, "dns");
        var there = Ipv4Address.Parse("172.16.102.2");

        cluster.Fabric.Request(cluster.PodA, there, 53, SmallCluster.Start).Connection!.Listener.Handler.ShouldBe("dns");
        cluster.Fabric.Request(cluster.PodA, there, 54, SmallCluster.Start).Error.ShouldBe(Errno.ConnectionRefused);
        var ping = cluster.Fabric.Ping(cluster.PodA, there, SmallCluster.Start);
        ping.Succeeded.ShouldBeTrue();
        ping.Reply!.Ttl.ShouldBe(62);
        cluster.Fabric.Ping(cluster.PodA, there, SmallCluster.Start, ttl: 1).Reply!.Icmp!.Type.ShouldBe(IcmpType.TimeExceeded);
    }

    [Fact]
    public void An_open_connection_is_used_and_closed()
    {
        cluster.PodC.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, 80);
        var connection = cluster.Connect("pod-a", "172.16.102.2", 80).Connection!;

        cluster.Fabric.Send(connection, SmallCluster.Start).Succeeded.ShouldBeTrue();
        cluster.Fabric.Send(connection, SmallCluster.Start, fromClient: false).Succeeded.ShouldBeTrue();
        cluster.Fabric.Close(connection, SmallCluster.Start).Succeeded.ShouldBeTrue();
        connection.IsOpen.ShouldBeFalse();
        cluster.PodC.Sockets.Open.ShouldBeEmpty();
        cluster.PodA.Sockets.Open.ShouldBeEmpty();
    }

    [Fact]
    public void An_open_connection_hangs_when_the_way_is_cut()
    {
        cluster.PodC.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, 80);
        var connection = cluster.Connect("pod-a", "172.16.102.2", 80).Connection!;
        cluster.Worker2.Interface("eth0")!.Cabled = false;

        cluster.Fabric.Send(connection, SmallCluster.Start).Outcome.ShouldBe(ExchangeOutcome.Lost);
        cluster.Worker2.Interface("eth0")!.Cabled = true;
        cluster.Fabric.Send(connection, SmallCluster.Start).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void Two_programs_cannot_listen_on_one_port()
    {
        var first = cluster.PodA.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, 80)!;
        cluster.PodA.Sockets.Listen(Protocol.Tcp, Ipv4Address.Parse("172.16.101.2"), 80).ShouldBeNull();
        cluster.PodA.Sockets.Listen(Protocol.Udp, Ipv4Address.Any, 80).ShouldNotBeNull();

        first.Close();
        cluster.Connect("pod-b", "172.16.101.2", 80).Outcome.ShouldBe(ExchangeOutcome.Refused);
        cluster.PodA.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, 80).ShouldNotBeNull();
    }
}
