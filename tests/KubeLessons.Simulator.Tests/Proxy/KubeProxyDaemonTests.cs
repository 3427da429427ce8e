using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Tests.Proxy;

public sealed class KubeProxyDaemonTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(33)]
    [InlineData(37)]
    public void A_service_with_an_endpoint_answers_on_its_cluster_IP(int minor)
    {
        var cluster = new ProxiedNode(minor);
        cluster.Serve(8080);
        cluster.CreateService();
        cluster.SetEndpoint(8080);
        cluster.Advance(0.1);
        cluster.Connect().Succeeded.ShouldBeTrue();
        var rules = cluster.Facts("nat/KUBE-SERVICES")[^1].ShouldNotBeNull();
        rules.ShouldStartWith("-N KUBE-SERVICES\n-A KUBE-SERVICES ");
        rules.ShouldContain("10.96.7.7/32");
    }

    [Fact]
    public void A_service_without_endpoints_is_refused_and_one_that_is_gone_is_forgotten()
    {
        var cluster = new ProxiedNode();
        cluster.CreateService();
        cluster.Advance(0.1);
        cluster.Connect().Outcome.ShouldBe(ExchangeOutcome.Rejected);
        cluster.Connect().Error.ShouldBe(Errno.ConnectionRefused);
        cluster.Admin.Send(ApiRequest.Delete(ResourcePath.Core("services"), "default", "web"));
        cluster.Advance(0.1);
        cluster.Facts("filter/KUBE-SERVICES").ShouldBe(
        [
            "-N KUBE-SERVICES",
            "-N KUBE-SERVICES\n-A KUBE-SERVICES -d 10.96.7.7/32 -p tcp -m comment --comment \"default/web has no endpoints\" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable",
            "-N KUBE-SERVICES",
        ]);
    }

    [Fact]
    public void Rules_outlive_their_writer_and_are_brought_up_to_date_when_it_is_back()
    {
        var cluster = new ProxiedNode();
        cluster.Serve(8080);
        cluster.Serve(8081);
        cluster.CreateService();
        cluster.SetEndpoint(8080);
        cluster.Advance(1);
        cluster.Proxy.Send(ProcessSignal.Kill);
        cluster.SetEndpoint(8081);
        cluster.Advance(100);
        cluster.Connect().Connection!.Listener.Address.Port.ShouldBe(8080);
        cluster.StartProxy();
        cluster.Advance(0.2);
        cluster.Connect().Connection!.Listener.Address.Port.ShouldBe(8081);
    }

    [Fact]
    public void Many_changes_make_few_writes()
    {
        var cluster = new ProxiedNode();
        cluster.CreateService();
        cluster.SetEndpoint(8000);
        cluster.Advance(10);
        var before = Endpoints(cluster);
        for (var i = 1; i <= 20; i++)
        {
            cluster.SetEndpoint(8000 + i);
            cluster.Advance(0.1);
        }

        cluster.Advance(1);
        // The first two at once, then one each second.
        (Endpoints(cluster) - before).ShouldBe(4);
        cluster.Iptables("-t", "nat", "-S").ShouldContain("192.168.1.102:8020");
        cluster.Iptables("-t", "nat", "-S").ShouldNotContain("192.168.1.102:8019");
    }

    [Fact]
    public void No_turn_is_spent_while_nothing_changes()
    {
        var cluster = new ProxiedNode();
        cluster.CreateService();
        cluster.Advance(10);
        var turns = cluster.World.TurnsRun;
        cluster.Advance(7200);
        cluster.World.TurnsRun.ShouldBe(turns);
    }

    [Fact]
    public void Flushed_tables_are_written_again_at_the_next_look_and_single_rules_only_with_the_full_sync()
    {
        var cluster = new ProxiedNode();
        cluster.Serve(8080);
        cluster.CreateService();
        cluster.SetEndpoint(8080);
        cluster.Advance(1);
        cluster.Iptables("-t", "nat", "-F", "KUBE-SERVICES");
        cluster.Facts("nat/KUBE-SERVICES").Last().ShouldBe("-N KUBE-SERVICES");
        cluster.Advance(3000);
        cluster.Connect().Succeeded.ShouldBeFalse();
        cluster.Advance(601);
        cluster.Connect().Succeeded.ShouldBeTrue();

        foreach (var table in (string[])["nat", "filter", "mangle"])
        {
            cluster.Iptables("-t", table, "-F");
            cluster.Iptables("-t", table, "-X");
        }

        cluster.Facts("nat/KUBE-SERVICES").Last().ShouldBeNull();
        cluster.Advance(31);
        cluster.Connect().Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void While_the_API_server_is_away_the_rules_stay()
    {
        var cluster = new ProxiedNode();
        cluster.Serve(8080);
        cluster.CreateService();
        cluster.SetEndpoint(8080);
        cluster.Advance(1);
        cluster.StopServer();
        cluster.Advance(600);
        cluster.Connect().Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void A_node_port_answers_on_the_node_s_addresses()
    {
        var cluster = new ProxiedNode();
        cluster.Serve(8080);
        cluster.CreateService(",\"type\":\"NodePort\"");
        cluster.SetEndpoint(8080);
        cluster.Advance(1);
        cluster.Other.Network.Connect(Ipv4Address.Parse("192.168.1.101"), 30080).Succeeded.ShouldBeTrue();
        cluster.Node.Network.Connect(Ipv4Address.Loopback, 30080).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void A_UDP_flow_leaves_an_endpoint_that_is_gone()
    {
        var cluster = new ProxiedNode();
        cluster.Serve(8080, Protocol.Udp);
        cluster.Serve(8081, Protocol.Udp);
        cluster.CreateService(protocol: "UDP");
        cluster.SetEndpoint(8080, "UDP");
        cluster.Advance(1);
        var stack = cluster.Node.Network.Stack;
        var target = Ipv4Address.Parse(ProxiedNode.ClusterIp);
        Ask().ShouldBe(8080);
        cluster.SetEndpoint(8081, "UDP");
        cluster.Advance(1);
        Ask().ShouldBe(8081);

        int? Ask() => stack.Fabric.Request(stack, target, 80, cluster.World.Now, sourcePort: 40000).Connection?.Listener.Address.Port;
    }

    [Fact]
    public void It_tells_that_it_is_healthy_and_how_it_works()
    {
        var cluster = new ProxiedNode();
        Get(cluster, 10256, "/healthz").StatusCode.ShouldBe(200);
        Get(cluster, 10249, "/proxyMode").Body.ShouldBe("iptables");
        cluster.Proxy.Send(ProcessSignal.Kill);
        cluster.Node.Network.Connect(Ipv4Address.Loopback, 10256).Outcome.ShouldBe(ExchangeOutcome.Refused);
    }

    private static int Endpoints(ProxiedNode cluster) => cluster.World.Trace.From(0).ToArray().OfType<HostFactChanged>()
        .Count(fact => fact.Noun == "iptables" && fact.Name.StartsWith("nat/KUBE-SEP-", StringComparison.Ordinal) && fact.Value is not null);

    private static HttpResponse Get(ProxiedNode cluster, int port, string path)
    {
        var service = (HttpService)cluster.Node.Network.Connect(Ipv4Address.Loopback, port).Connection!.Listener.Handler!;
        return service.Respond(new HttpRequest("GET", path, "127.0.0.1"), cluster.World.Now);
    }
}
