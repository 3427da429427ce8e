using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Tests.Network;

/// <summary>
/// A Service with one backend, pod-b on worker 1, and its rules on every node. Without bridge netfilter the answer from the same
/// bridge takes the short way and is not translated back, so that the client never recognises it.
/// </summary>
public class BridgeNetfilterTests
{
    private const string Service = "10.96.0.10";
    private const string Backend = "172.16.101.3";

    private readonly SmallCluster cluster = new();

    public BridgeNetfilterTests()
    {
        foreach (var node in cluster.Nodes)
        {
            foreach (var hook in new[] { "PREROUTING", "OUTPUT" })
                FilteringTests.Iptables(node, $"-t nat -A {hook} -d {Service} -p tcp --dport 80 -j DNAT --to-destination {Backend}:8080");
        }
        cluster.PodB.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, 8080);
    }

    public static TheoryData<string, bool> Clients => new()
    {
        { "pod-a", false }, { "pod-c", true }, { "w1-k8s", true }, { "w2-k8s", true }, { "m-k8s", true },
    };

    [Theory, MemberData(nameof(Clients))]
    public void Without_it_only_pods_beside_the_backend_hang(string client, bool reaches)
    {
        cluster.BridgeNetfilterLoaded = false;

        var exchange = cluster.Connect(client, Service, 80);

        exchange.Outcome.ShouldBe(reaches ? ExchangeOutcome.Answered : ExchangeOutcome.Lost, exchange.Trace.ToString());
        cluster.Connect(client, Backend, 8080).Succeeded.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(Clients))]
    public void With_the_sysctl_off_it_is_the_same(string client, bool reaches)
    {
        cluster.Worker1.Sysctls.TrySet(NetworkSysctls.BridgeCallsIptables, "0").ShouldBeTrue();

        cluster.Connect(client, Service, 80).Succeeded.ShouldBe(reaches);
    }

    [Theory, InlineData("pod-a"), InlineData("pod-c"), InlineData("w1-k8s"), InlineData("w2-k8s"), InlineData("m-k8s")]
    public void With_it_everybody_reaches_the_service(string client)
    {
        var exchange = cluster.Connect(client, Service, 80);

        exchange.Succeeded.ShouldBeTrue(exchange.Trace.ToString());
        exchange.Connection!.Remote.ToString().ShouldBe($"{Service}:80");
        exchange.Connection.ServerLocal.ToString().ShouldBe($"{Backend}:8080");
    }

    [Fact]
    public void The_client_gets_the_answer_and_resets_it_because_it_does_not_know_its_sender()
    {
        cluster.BridgeNetfilterLoaded = false;

        var hops = cluster.Connect("pod-a", Service, 80).Trace.Hops;

        hops.ShouldContain(hop => hop.Namespace == "pod-a" && hop.Kind == HopKind.Delivered && hop.Packet.From.ToString() == $"{Backend}:8080");
        hops.ShouldContain(hop => hop.Namespace == "pod-b" && hop.Kind == HopKind.Delivered && hop.Packet.Flags.HasFlag(TcpFlags.Rst));
    }

    [Fact]
    public void The_settings_exist_only_while_the_module_is_loaded_and_are_on_again_after_it_comes_back()
    {
        var sysctls = cluster.Worker1.Sysctls;
        sysctls.TrySet(NetworkSysctls.BridgeCallsIptables, "0");
        cluster.BridgeNetfilterLoaded = false;
        sysctls.Get(NetworkSysctls.BridgeCallsIptables).ShouldBeNull();
        sysctls.TrySet(NetworkSysctls.BridgeCallsIptables, "1").ShouldBeFalse();

        sysctls.ResetBridge();
        cluster.BridgeNetfilterLoaded = true;
        sysctls.Get(NetworkSysctls.BridgeCallsIptables).ShouldBe("1");
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_pod_reaches_itself_through_its_service_only_when_masqueraded(bool loaded)
    {
        cluster.BridgeNetfilterLoaded = loaded;
        var exchange = cluster.Connect("pod-b", Service, 80);
        exchange.Succeeded.ShouldBeFalse();
        exchange.Trace.ToString().ShouldContain("martian source");

        FilteringTests.Iptables(cluster.Worker1, $"-t nat -A POSTROUTING -s {Backend} -d {Backend} -j MASQUERADE");
        var masqueraded = cluster.Connect("pod-b", Service, 80, 1);
        masqueraded.Succeeded.ShouldBeTrue(masqueraded.Trace.ToString());
        masqueraded.Connection!.ServerRemote.Ip.ToString().ShouldBe("172.16.101.1");
    }

    [Fact]
    public void A_port_without_hairpin_does_not_give_a_bridged_frame_back()
    {
        FilteringTests.Iptables(cluster.Worker1, $"-t nat -A POSTROUTING -s {Backend} -d {Backend} -j MASQUERADE");
        cluster.PodB.Interface("eth0")!.Peer!.Hairpin = false;

        cluster.Connect("pod-b", Service, 80).Outcome.ShouldBe(ExchangeOutcome.Lost);
        cluster.BridgeNetfilterLoaded = false;
        cluster.Connect("pod-b", Service, 80, 1).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void Bridged_packets_pass_the_forward_chain_only_with_it()
    {
        FilteringTests.Iptables(cluster.Worker1, "-A FORWARD -i cni0 -o cni0 -m physdev --physdev-is-bridged -j DROP");

        cluster.Connect("pod-a", Backend, 8080).Outcome.ShouldBe(ExchangeOutcome.Lost);
        cluster.BridgeNetfilterLoaded = false;
        cluster.Connect("pod-a", Backend, 8080).Succeeded.ShouldBeTrue();
        cluster.BridgeNetfilterLoaded = true;
        IptablesCommand.Run(cluster.Worker1, ["-F"]).ExitCode.ShouldBe(0);
        cluster.Connect("pod-a", Backend, 8080).Succeeded.ShouldBeTrue();
    }
}
