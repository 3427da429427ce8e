using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Tests.Network;

public class FilteringTests
{
    private readonly SmallCluster cluster = new();

    public FilteringTests()
    {
        foreach (var host in cluster.Fabric.Namespaces)
            host.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, 80, host.Name);
    }

    [Theory]
    [InlineData("-A INPUT -p tcp --dport 80 -j DROP", "m-k8s", ExchangeOutcome.Lost, Errno.TimedOut)]
    [InlineData("-A INPUT -p tcp --dport 80 -j REJECT", "m-k8s", ExchangeOutcome.Rejected, Errno.ConnectionRefused)]
    [InlineData("-A INPUT -p tcp --dport 80 -j REJECT --reject-with tcp-reset", "m-k8s", ExchangeOutcome.Refused, Errno.ConnectionRefused)]
    [InlineData("-A INPUT -p tcp --dport 80 -j REJECT --reject-with icmp-host-unreachable", "m-k8s", ExchangeOutcome.Rejected, Errno.HostUnreachable)]
    [InlineData("-A INPUT -p tcp --dport 80 -j REJECT --reject-with icmp-admin-prohibited", "m-k8s", ExchangeOutcome.Rejected, Errno.HostUnreachable)]
    [InlineData("-A INPUT -p tcp --dport 80 -j REJECT --reject-with icmp-net-unreachable", "m-k8s", ExchangeOutcome.Rejected, Errno.NetworkUnreachable)]
    [InlineData("-A INPUT -p tcp --dport 81 -j DROP", "m-k8s", ExchangeOutcome.Answered, Errno.None)]
    [InlineData("-A INPUT -s 192.168.1.10 -j DROP", "m-k8s", ExchangeOutcome.Lost, Errno.TimedOut)]
    [InlineData("-A INPUT ! -s 192.168.1.10 -j DROP", "m-k8s", ExchangeOutcome.Answered, Errno.None)]
    [InlineData("-A INPUT -m conntrack --ctstate NEW -j DROP", "m-k8s", ExchangeOutcome.Lost, Errno.TimedOut)]
    [InlineData("-A OUTPUT -m conntrack --ctstate ESTABLISHED -j DROP", "m-k8s", ExchangeOutcome.Lost, Errno.TimedOut)]
    [InlineData("-P INPUT DROP", "w1-k8s", ExchangeOutcome.Lost, Errno.TimedOut)]
    public void A_rule_on_the_server_decides(string rule, string client, ExchangeOutcome outcome, Errno error)
    {
        Iptables(cluster.Worker1, rule);

        var exchange = cluster.Connect(client, "192.168.1.101", 80);

        exchange.Outcome.ShouldBe(outcome, exchange.Trace.ToString());
        exchange.Error.ShouldBe(error);
    }

    [Fact]
    public void The_trace_names_the_rule_that_dropped()
    {
        Iptables(cluster.Worker1, "-N WEB");
        Iptables(cluster.Worker1, "-A INPUT -p tcp -j WEB");
        Iptables(cluster.Worker1, "-A WEB -p tcp --dport 80 -m comment --comment \"no web\" -j DROP".Replace("\"no web\"", "no-web"));

        var trace = cluster.Connect("m-k8s", "192.168.1.101", 80).Trace;

        var rules = trace.Hops.Where(hop => hop.Kind == HopKind.Rule).ToList();
        rules.Select(hop => $"{hop.Namespace} {hop.Table} {hop.Chain} {hop.RuleNumber} {hop.RuleText}").ShouldBe(
        [
            "w1-k8s filter INPUT 1 -p tcp -j WEB",
            "w1-k8s filter WEB 1 -p tcp -m tcp --dport 80 -m comment --comment no-web -j DROP",
        ]);
        trace.LostAt!.Note.ShouldBe("dropped at INPUT");
    }

    [Fact]
    public void Counters_count_packets_and_bytes()
    {
        Iptables(cluster.Worker1, "-A INPUT -p tcp --dport 80 -j ACCEPT");
        cluster.Connect("m-k8s", "192.168.1.101", 80).Succeeded.ShouldBeTrue();

        var listing = IptablesCommand.Run(cluster.Worker1, ["-nvL", "INPUT"]).Output;

        listing.Split('\n')[2].ShouldBe("    2   112 ACCEPT     6    --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:80");
    }

    [Fact]
    public void A_connection_survives_a_rule_against_new_ones_and_hangs_at_one_against_all()
    {
        var connection = cluster.Connect("m-k8s", "192.168.1.101", 80).Connection!;

        Iptables(cluster.Worker1, "-A INPUT -m state --state NEW -j DROP");
        cluster.Fabric.Send(connection, SmallCluster.Start).Succeeded.ShouldBeTrue();
        cluster.Connect("m-k8s", "192.168.1.101", 80).Outcome.ShouldBe(ExchangeOutcome.Lost);

        Iptables(cluster.Worker1, "-I INPUT -p tcp --dport 80 -j DROP");
        cluster.Fabric.Send(connection, SmallCluster.Start).Outcome.ShouldBe(ExchangeOutcome.Lost);
    }

    [Fact]
    public void A_ping_that_the_own_host_drops_is_not_permitted_but_a_connect_waits()
    {
        Iptables(cluster.Master, "-A OUTPUT -d 192.168.1.101 -j DROP");

        cluster.Fabric.Ping(cluster.Master, Ipv4Address.Parse("192.168.1.101"), SmallCluster.Start).Error.Message().ShouldBe("Operation not permitted");
        cluster.Connect("m-k8s", "192.168.1.101", 80).Outcome.ShouldBe(ExchangeOutcome.Lost);
    }

    [Fact]
    public void Destination_translation_on_the_way_and_its_answer()
    {
        Iptables(cluster.Worker1, "-t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.16.102.2:80");
        Iptables(cluster.Worker1, "-t nat -A POSTROUTING -d 172.16.102.2 -j MASQUERADE");

        var exchange = cluster.Connect("outside", "192.168.1.101", 8080);

        exchange.Succeeded.ShouldBeTrue(exchange.Trace.ToString());
        exchange.Connection!.Remote.ToString().ShouldBe("192.168.1.101:8080");
        exchange.Connection.ServerLocal.ToString().ShouldBe("172.16.102.2:80");
        exchange.Connection.ServerRemote.Ip.ToString().ShouldBe("192.168.1.101");
        exchange.Connection.Listener.Handler.ShouldBe("pod-c");
    }

    [Fact]
    public void Without_masquerading_the_answer_takes_the_short_way_and_is_not_known()
    {
        Iptables(cluster.Worker1, "-t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 192.168.1.102:80");

        var exchange = cluster.Connect("outside", "192.168.1.101", 8080);

        exchange.Outcome.ShouldBe(ExchangeOutcome.Lost);
        exchange.Trace.Hops.ShouldContain(hop => hop.Namespace == "outside" && hop.Kind == HopKind.Delivered && hop.Packet.Source.ToString() == "192.168.1.102");
    }

    [Fact]
    public void Local_output_is_redirected_and_loopback_leaves_only_where_allowed()
    {
        Iptables(cluster.Worker1, "-t nat -A OUTPUT -p tcp --dport 30080 -j DNAT --to-destination 172.16.102.2:80");
        Iptables(cluster.Worker1, "-t nat -A POSTROUTING -d 172.16.102.2 -j MASQUERADE");

        cluster.Connect("w1-k8s", "192.168.1.101", 30080).Succeeded.ShouldBeTrue();
        cluster.Connect("w1-k8s", "127.0.0.1", 30080).Succeeded.ShouldBeFalse();
        cluster.Worker1.Sysctls.TrySet("net.ipv4.conf.all.route_localnet", "1").ShouldBeTrue();
        cluster.Connect("w1-k8s", "127.0.0.1", 30080).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void The_random_match_spreads_connections_in_its_proportion()
    {
        Iptables(cluster.Worker1, "-t nat -A PREROUTING -p tcp --dport 8080 -m statistic --mode random --probability 0.25 -j DNAT --to-destination 172.16.101.2:80");
        Iptables(cluster.Worker1, "-t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.16.101.3:80");

        var first = Enumerable.Range(0, 2000).Count(_ => (string)cluster.Connect("outside", "192.168.1.101", 8080).Connection!.Listener.Handler! == "pod-a");

        first.ShouldBeInRange(430, 570);
    }

    [Fact]
    public void The_recent_match_keeps_a_client_with_its_server_for_its_time()
    {
        foreach (var rule in new[]
        {
            "-t nat -N A", "-t nat -N B",
            "-t nat -A PREROUTING -p tcp --dport 8080 -m recent --name A --rcheck --seconds 60 --reap --rsource -j A",
            "-t nat -A PREROUTING -p tcp --dport 8080 -m recent --name B --rcheck --seconds 60 --reap --rsource -j B",
            "-t nat -A PREROUTING -p tcp --dport 8080 -m statistic --mode random --probability 0.5 -j A",
            "-t nat -A PREROUTING -p tcp --dport 8080 -j B",
            "-t nat -A A -p tcp -m recent --name A --set --rsource -j DNAT --to-destination 172.16.101.2:80",
            "-t nat -A B -p tcp -m recent --name B --set --rsource -j DNAT --to-destination 172.16.101.3:80",
        })
            Iptables(cluster.Worker1, rule);

        string Server(double seconds) => (string)cluster.Connect("outside", "192.168.1.101", 8080, seconds).Connection!.Listener.Handler!;
        var first = Server(0);
        Enumerable.Range(1, 20).Select(second => Server(second * 50)).ShouldAllBe(server => server == first);
        Enumerable.Range(1, 40).Select(turn => Server(1000 + turn * 100)).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void An_untracked_packet_is_not_translated()
    {
        Iptables(cluster.Worker1, "-t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.16.101.2:80");
        Iptables(cluster.Worker1, "-t raw -A PREROUTING -p tcp --dport 8080 -j NOTRACK");

        cluster.Connect("outside", "192.168.1.101", 8080).Outcome.ShouldBe(ExchangeOutcome.Refused);
    }

    [Fact]
    public void The_log_target_writes_to_the_kernels_log()
    {
        var lines = new List<string>();
        cluster.Worker1.KernelLog = (_, line) => lines.Add(line);
        Iptables(cluster.Worker1, "-A INPUT -p tcp --syn -j LOG --log-prefix web:");

        cluster.Connect("outside", "192.168.1.101", 80, 0);

        lines.Count.ShouldBe(1);
        lines[0].ShouldStartWith("web:IN=eth0 OUT= SRC=192.168.1.200 DST=192.168.1.101 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=0 DF PROTO=TCP SPT=");
    }

    internal static void Iptables(NetworkNamespace host, string arguments)
    {
        var output = IptablesCommand.Run(host, arguments.Split(' '));
        output.Error.ShouldBe("");
        output.ExitCode.ShouldBe(0);
    }
}
