using KubeLessons.Simulator.Tests.Clusters;

namespace KubeLessons.Simulator.Tests.Hosts.Tools;

/// <summary>What is said when a disk is full or the kernel refuses a value, and what df shows of it.</summary>
public sealed class FullDiskTests
{
    private readonly BootedCluster _cluster = new();

    [Theory]
    [InlineData("echo hello > g", 1, "bash: line 1: echo: write error: No space left on device\n")]
    [InlineData("printf hello > g", 1, "bash: line 1: printf: write error: No space left on device\n")]
    [InlineData("cat /etc/os-release > g", 1, "cat: write error: No space left on device\n")]
    [InlineData("seq 9 > g", 1, "seq: write error: No space left on device\n")]
    [InlineData("ls / > g", 2, "ls: write error: No space left on device\n")]
    [InlineData("grep -i debian /etc/os-release > g", 2, "grep: write error: No space left on device\n")]
    [InlineData("sed p /etc/os-release > g", 4, "sed: couldn't flush stdout: No space left on device\n")]
    [InlineData("sort /etc/os-release > g", 2, "sort: fflush failed: 'standard output': No space left on device\nsort: write error\n")]
    [InlineData("cp /etc/os-release g", 1, "cp: error writing 'g': No space left on device\n")]
    [InlineData("echo hello | tee g", 1, "hello\ntee: g: No space left on device\n")]
    [InlineData("{ echo a; echo b; } > g", 1, "bash: line 1: echo: write error: No space left on device\nbash: line 1: echo: write error: No space left on device\n")]
    public void Nothing_can_be_written_to_a_full_disk_and_every_tool_says_so_in_its_words(string command, int code, string words)
    {
        Fill();
        _cluster.Run("w1-k8s", command).ShouldBe((code, words));
        Output("stat -c %s g 2> /dev/null || echo 0").ShouldBe("0\n");
        Output("rm /root/full; echo again > g; cat g").ShouldBe("again\n");
    }

    [Fact]
    public void A_full_disk_still_has_names_for_files_and_memory_is_no_disk()
    {
        Fill();
        Output("mkdir d; touch n; ls -d d n; mkdir -p /mnt/m; mount -t tmpfs none /mnt/m; echo memory > /mnt/m/f; cat /mnt/m/f").ShouldBe("d\nn\nmemory\n");
        Output("df / | tail -1 | awk '{print $4, $5}'").ShouldBe("0 100%\n");
        Output("sed -i s/a/b/ /root/full 2> /dev/null; ls -s /root/full > /dev/null; : > /root/full; df / | tail -1 | awk '{print ($4 > 1000)}'").ShouldBe("1\n");
    }

    [Theory]
    [InlineData("echo abc > /proc/sys/vm/swappiness", 1, "bash: line 1: echo: write error: Invalid argument\n")]
    [InlineData("echo 5 > /proc/sys/vm/overcommit_memory", 1, "bash: line 1: echo: write error: Invalid argument\n")]
    [InlineData("cat /etc/hostname > /proc/sys/net/ipv4/ip_forward", 1, "cat: write error: Invalid argument\n")]
    [InlineData("cp /etc/hostname /proc/sys/net/ipv4/ip_forward", 1, "cp: error writing '/proc/sys/net/ipv4/ip_forward': Invalid argument\n")]
    [InlineData("echo abc | tee /proc/sys/vm/swappiness", 1, "abc\ntee: /proc/sys/vm/swappiness: Invalid argument\n")]
    [InlineData("sysctl -w vm.swappiness=abc", 1, "sysctl: setting key \"vm.swappiness\": Invalid argument\n")]
    [InlineData("sysctl -w vm.swappiness", 1, "sysctl: command line(0): invalid syntax, continuing...\n")]
    [InlineData("sysctl foo.bar", 1, "sysctl: cannot stat /proc/sys/foo/bar: No such file or directory\n")]
    [InlineData("sysctl -p /nofile", 1, "sysctl: cannot open \"/nofile\": No such file or directory\n")]
    public void The_kernel_takes_no_wrong_value(string command, int code, string words)
    {
        _cluster.Run("w1-k8s", command).ShouldBe((code, words));
        Output("sysctl -n vm.swappiness vm.overcommit_memory net.ipv4.ip_forward").ShouldBe("60\n0\n1\n");
    }

    [Fact]
    public void Settings_are_read_from_files_and_a_wrong_line_does_not_stop_the_others()
    {
        _cluster.Run("w1-k8s", "printf '# mine\\nvm.swappiness = 10\\nfoo.bar = 1\\nnet.ipv4.ip_forward=0\\n' > /etc/sysctl.d/99-mine.conf; sysctl -p /etc/sysctl.d/99-mine.conf")
            .ShouldBe((1, "vm.swappiness = 10\nsysctl: cannot stat /proc/sys/foo/bar: No such file or directory\nnet.ipv4.ip_forward = 0\n"));
        Output("cat /proc/sys/vm/swappiness; sysctl -a | grep -c '^net.ipv4.ip_forward = 0$'").ShouldBe("10\n1\n");
    }

    [Fact]
    public void Df_shows_the_mounts_that_have_room()
    {
        Output("df -h / /proc; df -T /etc | tail -1 | awk '{print $2, $NF}'").ShouldBe("""
            Filesystem      Size  Used Avail Use% Mounted on
            /dev/vda1        40G  4.8G   35G  13% /
            proc               0     0     0    - /proc
            ext4 /

            """);
        Output("df -t ext4 | wc -l; df | grep -c overlay; mount | grep -c 'type overlay'").Split('\n')[1..].Distinct().Count().ShouldBe(2, "as many as there are mounts");
        Output("mkdir /mnt/m; mount -t tmpfs -o size=1024k none /mnt/m; seq 1000 > /mnt/m/f; df /mnt/m | tail -1 | awk '{print $3, $NF}'").ShouldBe("4 /mnt/m\n");
        _cluster.Run("w1-k8s", "df /nothing").ShouldBe((1, "df: /nothing: No such file or directory\n"));
        _cluster.Run("w1-k8s", "df --foo").ShouldBe((1, "df: unrecognized option '--foo'\nTry 'df --help' for more information.\n"));
        Output("df -i / | tail -1 | awk '{print $2, ($3 > 0)}'").ShouldBe("2563726 1\n");
    }

    [Fact]
    public void A_container_sees_the_disk_of_its_node_and_is_told_when_it_is_full()
    {
        _cluster.Kubectl("run bb --image=busybox --overrides='{\"spec\":{\"nodeName\":\"w1-k8s\"}}' -- sleep 36000");
        _cluster.Wait(10);
        _cluster.Kubectl("exec bb -- df / ").ShouldContain("overlay ");
        Fill();
        _cluster.Run("m-k8s", "kubectl exec bb -- sh -c 'echo x > /f'").ShouldBe((1, "sh: write error: No space left on device\ncommand terminated with exit code 1\n"));
    }

    private void Fill() => Output("fallocate -l $(($(df --output=avail / | tail -1) * 1024)) /root/full; df --output=avail / | tail -1 | tr -d ' '").ShouldBe("0\n");

    private string Output(string command) => _cluster.Output("w1-k8s", command);
}
