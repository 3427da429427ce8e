using KubeLessons.Simulator.Tests.Clusters;

namespace KubeLessons.Simulator.Tests.Hosts.Tools;

/// <summary>ip and ss against what iproute2 6.1 answered in a network namespace with a veth pair d0 and d1.</summary>
public sealed class IpAndSsTests
{
    private const string Cable = "ip link add d0 type veth peer name d1; ip addr add 10.77.0.1/24 dev d0; ip link set d0 up; ip link set d1 up; ";

    private readonly BootedCluster _cluster = new();

    [Theory]
    [InlineData("ip link set d0 foo", 255, "Error: either \"dev\" is duplicate, or \"foo\" is a garbage.\n")]
    [InlineData("ip link set nothing up", 1, "Cannot find device \"nothing\"\n")]
    [InlineData("ip link show nothing", 1, "Device \"nothing\" does not exist.\n")]
    [InlineData("ip link del nothing", 1, "Cannot find device \"nothing\"\n")]
    [InlineData("ip link add d0 type veth peer name d7", 2, "RTNETLINK answers: File exists\n")]
    [InlineData("ip link add x type foo", 2, "Error: Unknown device type.\n")]
    [InlineData("ip link set d0 mtu abc", 255, "Error: argument \"abc\" is wrong: Invalid \"mtu\" value\n\n")]
    [InlineData("ip addr add 10.77.0.1/24", 1, "Not enough information: \"dev\" argument is required.\n")]
    [InlineData("ip addr add foo dev d0", 1, "Error: any valid prefix is expected rather than \"foo\".\n")]
    [InlineData("ip addr add 10.77.0.1/24 dev d0", 2, "Error: ipv4: Address already assigned.\n")]
    [InlineData("ip addr del 10.77.0.9/24 dev d0", 2, "Error: ipv4: Address not found.\n")]
    [InlineData("ip route add 10.78.0.0/16 via 10.99.9.9 dev d0", 2, "Error: Nexthop has invalid gateway.\n")]
    [InlineData("ip route add 10.77.0.0/24 dev d0 proto kernel scope link src 10.77.0.1", 2, "RTNETLINK answers: File exists\n")]
    [InlineData("ip route add 10.3.0.1/16 dev d0", 2, "Error: Invalid prefix for given prefix length.\n")]
    [InlineData("ip route add 10.3.0.0/33 dev d0", 1, "Error: any valid prefix is expected rather than \"10.3.0.0/33\".\n")]
    [InlineData("ip route add 1.2.3.4 via foo", 1, "Error: inet address is expected rather than \"foo\".\n")]
    [InlineData("ip route add dev", 255, "Command line is not complete. Try option \"help\"\n")]
    [InlineData("ip route del 10.79.0.0/16", 2, "RTNETLINK answers: No such process\n")]
    [InlineData("ip neigh del 10.77.0.8 dev d0", 2, "RTNETLINK answers: No such file or directory\n")]
    [InlineData("ip foo", 1, "Object \"foo\" is unknown, try \"ip help\".\n")]
    [InlineData("ip addr foo", 255, "Command \"foo\" is unknown, try \"ip address help\".\n")]
    [InlineData("ip -foo", 255, "Option \"-foo\" is unknown, try \"ip -help\".\n")]
    [InlineData("ss foo", 1, "Error: an inet prefix is expected rather than \"foo\".\nCannot parse dst/src address.\n")]
    public void What_is_wrong_is_refused_in_the_words_of_iproute2(string command, int code, string words) => _cluster.Run("w1-k8s", Cable + command).ShouldBe((code, words));

    [Fact]
    public void A_link_that_goes_down_takes_its_routes_along_and_up_brings_back_only_its_own_network()
    {
        Output(Cable + "ip route add 10.88.0.0/16 via 10.77.0.254; ip route | grep d0; ip -br addr show d0; ip -o -4 addr show d0 | cut -d' ' -f2-").ShouldMatch("""
            ^10.77.0.0/24 dev d0 proto kernel scope link src 10.77.0.1 
            10.88.0.0/16 via 10.77.0.254 dev d0 
            d0@d1            UP             10.77.0.1/24 
            d0    inet 10.77.0.1/24 scope global d0\\       valid_lft forever preferred_lft forever
            """);
        Output("ip link set d0 down; ip route | grep -c d0; ip -br link | grep '^d[01]@' | awk '{print $1, $2, $4}'; ip link set d0 up; ip route | grep d0").ShouldBe("""
            0
            d1@d0 LOWERLAYERDOWN <NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN>
            d0@d1 DOWN <BROADCAST,MULTICAST>
            10.77.0.0/24 dev d0 proto kernel scope link src 10.77.0.1 

            """);
        Output("ip addr del 10.77.0.1/24 dev d0; ip -4 addr show d0; ip link del d0; ip -br link | grep -c '^d[01]@' || true").ShouldBe("0\n");
    }

    [Fact]
    public void A_route_decides_where_a_packet_goes() =>
        Output(Cable + "ip route get 10.77.0.9 | head -1; ip route add 8.8.8.8 via 10.77.0.254; ip route get 8.8.8.8 | head -1; ip route del 8.8.8.8; ip route get 8.8.8.8 | head -1 | cut -d' ' -f1-5").ShouldBe("""
            10.77.0.9 dev d0 src 10.77.0.1 uid 0 
            8.8.8.8 via 10.77.0.254 dev d0 src 10.77.0.1 uid 0 
            8.8.8.8 via 192.168.1.1 dev eth0

            """);

    [Fact]
    public void Sockets_are_those_of_the_daemons_that_run()
    {
        Output("ss -tlnp | grep -c '\"kubelet\"'; systemctl stop kubelet; ss -tlnp | grep -c '\"kubelet\"' || true").ShouldBe("2\n0\n");
        Output("systemctl start kubelet; sleep 5; ss -tn state established | head -1; ss -Htn state established | grep -c ':6443'").ShouldMatch(@"^Recv-Q Send-Q +Local Address:Port +Peer Address:PortProcess\n[1-9]\d*\n$");
        Output("test $(ss -s | awk '/^TCP\\t/ {print $2}') = $(( $(ss -Htln | wc -l) + $(ss -Htn | wc -l) )) && echo same; ss -s | sed -n 4p").ShouldBe("same\nTransport Total     IP        IPv6\n");
        _cluster.Run("w1-k8s", "ss state foo").ShouldBe((255, "ss: wrong state name: foo\n"));
    }

    private string Output(string command) => _cluster.Output("w1-k8s", command);
}
