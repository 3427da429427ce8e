using KubeLessons.Simulator.Tests.Clusters;

namespace KubeLessons.Simulator.Tests.Hosts.Tools;

/// <summary>dmesg and journalctl: the kernel's own lines, levels, boots, and what is wrong with an option.</summary>
public sealed class KernelLogTests
{
    private readonly BootedCluster _cluster = new();

    [Fact]
    public void The_kernel_tells_of_its_boot_and_the_journal_has_the_same_lines()
    {
        Output("dmesg | head -1").ShouldStartWith("[    0.000000] Linux version 6.1.0-37-amd64 ");
        Output("dmesg | grep -c 'smp: Brought up 1 node, 2 CPUs'").ShouldBe("1\n");
        Output("dmesg -t | sort | md5sum; journalctl -k -o cat --no-pager | sort | md5sum").Split('\n')[..2].Distinct().Count().ShouldBe(1);
        Output("dmesg -T | head -1").ShouldMatch(@"^\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\] Linux version");
    }

    [Fact]
    public void A_module_and_a_link_say_when_they_come_and_go()
    {
        Output("dmesg | grep -c 'Bridge firewalling registered'; dmesg | grep -c 'bridge: filtering via arp/ip/ip6tables is no longer available by default. Update your scripts to load br_netfilter if you need this.'").ShouldBe("1\n1\n");
        Output("dmesg -C; dmesg; ip link add br8 type bridge; modprobe -r br_netfilter; modprobe br_netfilter; dmesg -t; ip link del br8").ShouldBe("Bridge firewalling registered\n");
        Output("dmesg -C; ip link add br9 type bridge; ip link set br9 up; ip link add t0 type veth peer name t1; ip link set t0 master br9; ip link set t0 up; ip link set t1 up; ip link set t0 nomaster; ip link del t0; dmesg -t").ShouldMatch("""
            ^br9: port (\d+)\(t0\) entered blocking state
            br9: port \1\(t0\) entered disabled state
            device t0 entered promiscuous mode
            IPv6: ADDRCONF\(NETDEV_CHANGE\): t1: link becomes ready
            IPv6: ADDRCONF\(NETDEV_CHANGE\): t0: link becomes ready
            br9: port \1\(t0\) entered blocking state
            br9: port \1\(t0\) entered forwarding state
            br9: port \1\(t0\) entered disabled state
            device t0 left promiscuous mode
            br9: port \1\(t0\) entered disabled state

            """);
    }

    [Fact]
    public void Whoever_follows_sees_a_pods_cable_come()
    {
        var seen = new System.Text.StringBuilder();
        _cluster.Start("w1-k8s", "timeout 20 dmesg -W -t", seen);
        _cluster.Kubectl("run bb --image=busybox --overrides='{\"spec\":{\"nodeName\":\"w1-k8s\"}}' -- sleep 36000");
        _cluster.Wait(30);
        seen.ToString().ShouldMatch(@"cni0: port \d+\(veth[0-9a-f]{8}\) entered forwarding state\n");
    }

    [Fact]
    public void A_container_over_its_limit_is_killed_and_the_kernel_says_which()
    {
        _cluster.Kubectl("run hog --image=busybox --overrides='{\"spec\":{\"nodeName\":\"w1-k8s\",\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"hog\",\"image\":\"polinux/stress\",\"command\":[\"stress\",\"--vm\",\"1\",\"--vm-bytes\",\"64M\",\"--vm-hang\",\"1\"],\"resources\":{\"limits\":{\"memory\":\"20Mi\"}}}]}}'");
        _cluster.Wait(20);
        _cluster.Kubectl("get pod hog -o jsonpath={.status.containerStatuses[0].state.terminated.reason}").ShouldBe("OOMKilled");
        Output("dmesg -t -l err | grep '^Memory cgroup out of memory: Killed process [0-9]* (stress) total-vm:' | wc -l").ShouldNotBe("0\n");
        Output("journalctl -k -p err -o cat | grep -c '^Memory cgroup out of memory'").ShouldNotBe("0\n");
    }

    [Fact]
    public void The_rule_that_logs_writes_into_the_kernels_log()
    {
        Output("iptables -I INPUT -p tcp --dport 22 -j LOG --log-prefix 'ssh: '");
        _cluster.Run("m-k8s", "nc -zv -w 1 192.168.1.101 22");
        Output("dmesg -t -l warn | tail -1").ShouldStartWith("ssh: IN=eth0 OUT= SRC=192.168.1.10 DST=192.168.1.101 ");
    }

    [Fact]
    public void Levels_tell_what_went_wrong_from_what_merely_happened()
    {
        Output("systemctl kill -s KILL kubelet; sleep 1; journalctl -u kubelet -p warning -o cat").ShouldBe("kubelet.service: Main process exited, code=killed, status=9/KILL\nkubelet.service: Failed with result 'signal'.\n");
        Output("journalctl -u kubelet -p err -o cat").ShouldBe("-- No entries --\n");
        Output("journalctl -u kubelet -p 4..5 -o cat | wc -l").ShouldBe("2\n");
    }

    [Fact]
    public void A_journal_outlives_a_boot_and_knows_which_one_a_line_is_of()
    {
        _cluster.Run("w1-k8s", "reboot");
        _cluster.Wait(60);
        Output("journalctl --list-boots | awk '{print $1}'").ShouldBe("IDX\n-1\n0\n");
        Output("journalctl -b -1 -t kernel -o cat | grep -c '^Linux version'; journalctl -b -t kernel -o cat | grep -c '^Linux version'; dmesg | grep -c 'Linux version'").ShouldBe("1\n1\n1\n");
        Output("journalctl | grep -c '^-- Boot [0-9a-f]* --$'").ShouldBe("1\n");
        Output("journalctl -b -1 -n 1 -o cat -t systemd-logind").ShouldBe("System is rebooting.\n");
    }

    [Theory]
    [InlineData("journalctl -p foo", "Unknown log level foo\n")]
    [InlineData("journalctl -o foo", "Unknown output format 'foo'.\n")]
    [InlineData("journalctl --foo", "journalctl: unrecognized option '--foo'\n")]
    [InlineData("journalctl --since garbage", "Failed to parse timestamp: garbage\n")]
    [InlineData("journalctl -n abc", "Failed to add match 'abc': Invalid argument\n")]
    [InlineData("dmesg -l foo", "dmesg: unknown level 'foo'\n")]
    public void A_wrong_option_is_refused(string command, string words) => _cluster.Run("w1-k8s", command).ShouldBe((1, words));

    private string Output(string command) => _cluster.Output("w1-k8s", command);
}
