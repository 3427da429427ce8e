using KubeLessons.Simulator.Tests.Clusters;

namespace KubeLessons.Simulator.Tests.Hosts.Tools;

/// <summary>/proc, mount, findmnt and nsenter, on nodes and in containers.</summary>
public sealed class ProcAndMountTests
{
    private const string Bridge = "/proc/sys/net/bridge/bridge-nf-call-iptables";

    private readonly BootedCluster _cluster = new();

    [Fact]
    public void A_sysctl_is_a_file_that_can_be_read_and_written_and_is_gone_with_its_module()
    {
        Output($"cat {Bridge}").ShouldBe("1\n");
        Output($"echo 0 > {Bridge}; sysctl -n net.bridge.bridge-nf-call-iptables; cat {Bridge}").ShouldBe("0\n0\n");
        Output("echo 0 | tee /proc/sys/net/ipv4/ip_forward; sysctl net.ipv4.ip_forward").ShouldBe("0\nnet.ipv4.ip_forward = 0\n");
        Output("ls /proc/sys/net").ShouldBe("bridge\nipv4\nnetfilter\n");
        Output("modprobe -r br_netfilter; ls /proc/sys/net").ShouldBe("ipv4\nnetfilter\n");
        _cluster.Run("w1-k8s", $"cat {Bridge}").ShouldBe((1, $"cat: {Bridge}: No such file or directory\n"));
    }

    [Fact]
    public void The_machine_tells_of_itself_in_files()
    {
        Output("grep MemTotal /proc/meminfo; free | awk '/Mem:/ {print $2}'").ShouldBe("MemTotal:        4013136 kB\n4013136\n");
        Output("grep -c '^br_netfilter ' /proc/modules; grep -c ^processor /proc/cpuinfo").ShouldBe("1\n2\n");
        Output("cut -d. -f1 /proc/uptime").ShouldBe("600\n");
        Output("P=$(pgrep -x kubelet); cat /proc/$P/comm; tr '\\0' ' ' < /proc/$P/cmdline | cut -d' ' -f1").ShouldBe("kubelet\n/usr/bin/kubelet\n");
        _cluster.Run("w1-k8s", "ls /proc/99999").ExitCode.ShouldBe(2);
    }

    [Fact]
    public void A_container_sees_its_own_processes_and_its_own_network_settings()
    {
        StartPod();
        _cluster.Kubectl("exec bb -- cat /proc/sys/net/ipv4/ip_forward").ShouldBe("0\n", "a pod's namespace forwards nothing");
        _cluster.Kubectl("exec bb -- cat /proc/mounts").ShouldStartWith("overlay / overlay rw,relatime,");
        _cluster.Kubectl("exec bb -- mount").ShouldContain("tmpfs on /var/run/secrets/kubernetes.io/serviceaccount type tmpfs (ro,relatime,");
        _cluster.Kubectl("exec bb -- ls /proc").Split('\n').Count(name => int.TryParse(name, out _)).ShouldBe(2, "sleep, and ls itself");
    }

    [Fact]
    public void Secrets_and_tokens_of_pods_lie_in_memory_and_containers_on_overlays()
    {
        StartPod();
        Output("findmnt -t overlay -n | wc -l").ShouldBe(Output("ps -e -o comm | grep -v -e shim -e COMMAND | grep -c -e pause -e kube-proxy -e flanneld -e sleep -e coredns -e nginx").Trim() + "\n");
        Output("mount -t tmpfs | grep -c /var/lib/kubelet/pods/.*/kubernetes.io~projected/").Trim().ShouldNotBe("0");
        Output("findmnt -n -T /etc/kubernetes").ShouldBe("/      /dev/vda1 ext4   rw,relatime,errors=remount-ro\n");
        _cluster.Run("w1-k8s", "findmnt /nowhere").ShouldBe((1, ""));
    }

    [Fact]
    public void A_file_system_in_memory_hides_what_was_there_until_it_is_taken_away()
    {
        Output("""
            mkdir -p /mnt/x; echo disk > /mnt/x/f
            mount -t tmpfs none /mnt/x; ls /mnt/x; echo memory > /mnt/x/g; mount | grep /mnt/x | cut -d' ' -f1-5
            umount /mnt/x; cat /mnt/x/f
            mkdir /mnt/y; mount --bind /mnt/x /mnt/y; cat /mnt/y/f
            """).ShouldBe("tmpfs on /mnt/x type tmpfs\ndisk\ndisk\n");
        _cluster.Run("w1-k8s", "umount /mnt").ShouldBe((32, "umount: /mnt: not mounted.\n"));
        _cluster.Run("w1-k8s", "umount /nothing").ShouldBe((32, "umount: /nothing: no mount point specified.\n"));
        _cluster.Run("w1-k8s", "mount /dev/sdb1 /mnt").ShouldBe((32, "mount: /mnt: special device /dev/sdb1 does not exist.\n       dmesg(1) may have more information after failed mount system call.\n"));
    }

    [Fact]
    public void A_command_of_the_node_runs_in_the_network_of_a_pod()
    {
        StartPod();
        var ip = _cluster.Kubectl("get pod bb -o jsonpath={.status.podIP}");
        Output("nsenter -t $(pgrep -x sleep) -n ip addr show eth0").ShouldContain($"inet {ip}/24");
        Output("nsenter --target $(pgrep -x sleep) --net --mount cat /etc/hostname").ShouldBe("bb\n");
        Output("nsenter -t $(pgrep -x sleep) -n hostname").ShouldBe("w1-k8s\n");
        _cluster.Run("w1-k8s", "nsenter -t 99999 -n ip a").ShouldBe((1, "nsenter: cannot open /proc/99999/ns/net: No such file or directory\n"));
        _cluster.Run("w1-k8s", "nsenter -t x -n ip a").ShouldBe((1, "nsenter: failed to parse pid: 'x'\n"));
        _cluster.Run("w1-k8s", "nsenter -t 1 -n nothing").ExitCode.ShouldNotBe(0);
    }

    private void StartPod()
    {
        _cluster.Kubectl("run bb --image=busybox --overrides='{\"spec\":{\"nodeName\":\"w1-k8s\"}}' -- sleep 36000");
        _cluster.Wait(10);
    }

    private string Output(string command) => _cluster.Output("w1-k8s", command);
}
