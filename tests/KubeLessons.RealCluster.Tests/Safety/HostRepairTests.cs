using KubeLessons.RealCluster.Safety;

namespace KubeLessons.RealCluster.Tests.Safety;

public class HostRepairTests
{
    private const string Before =
        """
        @units
        kubelet.service	active
        containerd.service	active
        cron.service	active
        @unitfiles
        kubelet.service	enabled
        @modules
        br_netfilter
        @sysctls
        net.ipv4.ip_forward	1
        net.bridge.bridge-nf-call-iptables	1
        @iptables
        *filter
        :INPUT ACCEPT
        :FORWARD ACCEPT
        :KUBE-FIREWALL -
        -A INPUT -j KUBE-FIREWALL
        -A INPUT -p tcp --dport 22 -j ACCEPT
        -A KUBE-FIREWALL -j DROP
        COMMIT
        @links
        eth1
        veth12
        @routes
        default via 192.168.1.1 dev eth1
        @end

        """;

    [Fact]
    public void Nothing_changed_is_nothing_to_do() => Repair(Before, "systemctl stop kubelet").ShouldBeEmpty();

    [Fact]
    public void A_stopped_kubelet_is_started_after_its_runtime() =>
        Repair(
            Before.Replace("kubelet.service\tactive", "kubelet.service\tinactive").Replace("containerd.service\tactive", "containerd.service\tfailed"),
            "systemctl stop kubelet containerd").ShouldBe(
        [
            "systemctl reset-failed containerd.service 2>/dev/null; systemctl start containerd.service",
            "systemctl reset-failed kubelet.service 2>/dev/null; systemctl start kubelet.service",
        ]);

    [Fact]
    public void A_killed_component_is_started_although_no_command_names_it() =>
        Repair(Before.Replace("kubelet.service\tactive", "kubelet.service\tfailed"), "kill -9 4711").Count.ShouldBe(1);

    [Fact]
    public void What_no_command_names_is_somebody_elses() =>
        Repair(Before.Replace("cron.service\tactive", "cron.service\tinactive").Replace("net.ipv4.ip_forward\t1", "net.ipv4.ip_forward\t0"), "systemctl stop kubelet")
            .ShouldBeEmpty();

    [Fact]
    public void A_masked_and_disabled_unit_is_unmasked_and_enabled() =>
        Repair(Before.Replace("kubelet.service\tenabled", "kubelet.service\tmasked"), "systemctl mask kubelet")
            .ShouldBe(["systemctl unmask kubelet.service", "systemctl enable kubelet.service"]);

    [Fact]
    public void A_removed_module_is_loaded_and_its_setting_written_again() =>
        Repair(
            Before.Replace("br_netfilter\n", "").Replace("nf-call-iptables\t1", "nf-call-iptables\t0"),
            "modprobe -r br-netfilter; echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables").ShouldBe(
            ["modprobe br_netfilter", "sysctl -w 'net.bridge.bridge-nf-call-iptables=1'"]);

    [Fact]
    public void A_link_that_was_taken_down_comes_up_with_its_routes() =>
        Repair(Before.Replace("eth1\nveth12", "veth12").Replace("default via 192.168.1.1 dev eth1\n", ""), "ip link set eth1 down").ShouldBe(
            ["ip link set eth1 up", "ip route replace default via 192.168.1.1 dev eth1"]);

    [Fact]
    public void Rules_that_were_added_go_and_those_that_were_taken_come_back_in_their_place() =>
        Repair(
            Before.Replace("-A INPUT -p tcp --dport 22 -j ACCEPT", "-A INPUT -p tcp --dport 6443 -j DROP").Replace(":FORWARD ACCEPT", ":FORWARD DROP"),
            "iptables -A INPUT -p tcp --dport 6443 -j DROP").ShouldBe(
        [
            "iptables -t filter -D INPUT -p tcp --dport 6443 -j DROP",
            "iptables -t filter -I INPUT 2 -p tcp --dport 22 -j ACCEPT",
            "iptables -t filter -P FORWARD ACCEPT",
        ]);

    [Fact]
    public void Kubernetes_own_rules_are_its_own_to_write() =>
        Repair(Before.Replace("-A INPUT -j KUBE-FIREWALL\n", "").Replace("-A KUBE-FIREWALL -j DROP\n", ""), "iptables -F INPUT").ShouldBeEmpty();

    [Fact]
    public void A_state_survives_the_journal()
    {
        var state = HostState.Parse(Before)!;

        HostState.FromJson(state.ToJson()).ToJson().ToJsonString().ShouldBe(state.ToJson().ToJsonString());
    }

    [Fact]
    public void A_look_that_was_cut_off_is_no_state() => HostState.Parse(Before.Replace("@end", "")).ShouldBeNull();

    private static IReadOnlyList<string> Repair(string now, string commands) =>
        HostRepair.Between(HostState.Parse(Before)!, HostState.Parse(now)!, commands);
}
