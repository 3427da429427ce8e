using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.Tools;

namespace KubeLessons.Simulator.Tests.Network;

public class ToolsTests
{
    private readonly SmallCluster cluster = new();

    [Fact]
    public void Ss_shows_who_listens_and_which_connections_are_open()
    {
        var host = cluster.Worker1;
        host.Sockets.Listen(Protocol.Tcp, Ipv4Address.Any, 22, null, "sshd", 412).ShouldNotBeNull();
        host.Sockets.Listen(Protocol.Tcp, Ipv4Address.Loopback, 10248, null, "kubelet", 733).ShouldNotBeNull();
        host.Sockets.Listen(Protocol.Udp, Ipv4Address.Any, 53, null, "named", 9).ShouldNotBeNull();
        cluster.Fabric.Connect(cluster.Master, SmallCluster.AddressOf(host), 22, SmallCluster.Start, sourcePort: 40001).Succeeded.ShouldBeTrue();

        SsCommand.Run(host, ["-tln"]).Output.ShouldBe("""
            State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess
            LISTEN 0      4096         0.0.0.0:22         0.0.0.0:*          
            LISTEN 0      4096       127.0.0.1:10248      0.0.0.0:*          

            """);
        SsCommand.Run(host, ["-tlnp"]).Output.Split('\n')[2].ShouldBe("LISTEN 0      4096       127.0.0.1:10248      0.0.0.0:*    users:((\"kubelet\",pid=733,fd=4))");
        SsCommand.Run(host, ["-tn"]).Output.Split('\n')[1].ShouldBe("ESTAB 0      0      192.168.1.101:22   192.168.1.10:40001       ");
        SsCommand.Run(host, ["-uln"]).Output.Split('\n')[1].ShouldStartWith("UNCONN 0      0            0.0.0.0:53");
        SsCommand.Run(host, ["-tln", "sport", "=", ":22"]).Output.Split('\n').Length.ShouldBe(3);
        SsCommand.Run(host, ["-Htl"]).Output.Split('\n')[0].ShouldContain("0.0.0.0:ssh");
    }

    [Fact]
    public void Ip_shows_a_node_and_its_pods_cable()
    {
        var bridge = cluster.Worker1.Interface("cni0")!;
        IpCommand.Run(cluster.Worker1, ["-br", "a"], default).Output.Split('\n')[..3].ShouldBe(
            ["lo               UNKNOWN        127.0.0.1/8 ", "eth0             UP             192.168.1.101/24 ", "cni0             UP             172.16.101.1/24 "]);
        IpCommand.Run(cluster.Worker1, ["a", "s", "cni0"], default).Output.ShouldBe($"""
            3: cni0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
                link/ether {bridge.Mac} brd ff:ff:ff:ff:ff:ff
                inet 172.16.101.1/24 brd 172.16.101.255 scope global cni0
                   valid_lft forever preferred_lft forever

            """);
        IpCommand.Run(cluster.Worker1, ["r"], default).Output.ShouldBe("""
            default via 192.168.1.1 dev eth0 proto static 
            172.16.10.0/24 via 192.168.1.10 dev eth0 proto static 
            172.16.101.0/24 dev cni0 proto kernel scope link src 172.16.101.1 
            172.16.102.0/24 via 192.168.1.102 dev eth0 proto static 
            192.168.1.0/24 dev eth0 proto kernel scope link src 192.168.1.101 

            """);
        IpCommand.Run(cluster.PodA, ["link", "show", "eth0"], default).Output.ShouldContain(": eth0@if4: ");
    }

    [Fact]
    public void Neighbours_are_fresh_then_stale_and_failed_when_nobody_answers()
    {
        cluster.Connect("m-k8s", "192.168.1.101", 22);
        cluster.Connect("m-k8s", "192.168.1.77", 22);

        var lines = IpCommand.Run(cluster.Master, ["neigh"], SmallCluster.Start + TimeSpan.FromSeconds(5)).Output.Split('\n');
        lines[0].ShouldBe("192.168.1.77 dev eth0 FAILED ");
        lines[1].ShouldEndWith(" REACHABLE ");
        IpCommand.Run(cluster.Master, ["neigh", "show", "192.168.1.101"], SmallCluster.Start + TimeSpan.FromSeconds(50)).Output.ShouldEndWith(" STALE \n");
        IpCommand.Run(cluster.Master, ["neigh", "flush", "all"], default).ExitCode.ShouldBe(0);
        IpCommand.Run(cluster.Master, ["neigh"], default).Output.ShouldBe("");
    }

    [Fact]
    public void A_route_taken_away_is_felt_and_one_put_back_heals()
    {
        cluster.Connect("w1-k8s", "172.16.102.2", 80).Error.ShouldBe(Errno.ConnectionRefused);

        IpCommand.Run(cluster.Worker1, ["route", "del", "172.16.102.0/24"], default).ExitCode.ShouldBe(0);
        // By the default route it now goes to the router, which knows no such network.
        cluster.Connect("w1-k8s", "172.16.102.2", 80).Error.ShouldBe(Errno.NetworkUnreachable);

        IpCommand.Run(cluster.Worker1, ["route", "add", "172.16.102.0/24", "via", "192.168.1.102"], default).ExitCode.ShouldBe(0);
        cluster.Connect("w1-k8s", "172.16.102.2", 80).Error.ShouldBe(Errno.ConnectionRefused);
    }
}
