using KubeLessons.Simulator.Tests.Clusters;

namespace KubeLessons.Simulator.Tests.Hosts.Tools;

/// <summary>tcpdump, ctr, crictl stats, and the editors without a screen.</summary>
public sealed class CaptureAndRuntimeToolTests
{
    private readonly BootedCluster _cluster = new();

    [Fact]
    public void The_packets_of_a_request_are_seen_where_they_pass_and_only_those_asked_for()
    {
        _cluster.Kubectl("run web --image=nginx --overrides='{\"spec\":{\"nodeName\":\"w1-k8s\"}}'");
        _cluster.Wait(20);
        var ip = _cluster.Kubectl("get pod web -o jsonpath={.status.podIP}");
        var lines = Output("w1-k8s", $"tcpdump -i cni0 -n -c 3 tcp port 80 and host {ip} 2> /dev/null & sleep 1; curl -s {ip} > /dev/null; wait").Trim().Split('\n');
        lines.Length.ShouldBe(3);
        lines[0].ShouldMatch($@"^\d\d:\d\d:\d\d\.\d{{6}} IP 172\.16\.1\.1\.\d+ > {ip}\.80: Flags \[S\], length 0$");
        lines[1].ShouldMatch($@" IP {ip}\.80 > 172\.16\.1\.1\.\d+: Flags \[S\.\], length 0$");
        lines[2].ShouldMatch(@": Flags \[\.\], length 0$");
    }

    [Fact]
    public void A_capture_ends_with_a_signal_and_counts_what_it_saw()
    {
        Output("w1-k8s", "tcpdump -i eth0 -n icmp > /root/seen 2> /root/said & sleep 1; ping -c 2 192.168.1.10 > /dev/null; sleep 1; kill -INT $!; wait; cat /root/said")
            .ShouldEndWith("listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n\n4 packets captured\n4 packets received by filter\n0 packets dropped by kernel\n");
        Output("w1-k8s", "cut -d' ' -f2- /root/seen | sed 's/id [0-9]*/id N/' | head -2")
            .ShouldBe("IP 192.168.1.101 > 192.168.1.10: ICMP echo request, id N, seq 1, length 64\nIP 192.168.1.10 > 192.168.1.101: ICMP echo reply, id N, seq 1, length 64\n");
        _cluster.Run("w1-k8s", "tcpdump -i eth9").ShouldBe((1, "tcpdump: eth9: No such device exists\n(No such device exists)\n"));
        _cluster.Run("w1-k8s", "tcpdump -i lo port").ShouldBe((1, "tcpdump: can't parse filter expression: syntax error\n"));
    }

    [Fact]
    public void What_Kubernetes_runs_is_in_the_namespace_k8s_io_of_containerd()
    {
        Output("w1-k8s", "ctr containers ls").ShouldBe("CONTAINER    IMAGE    RUNTIME    \n");
        Output("w1-k8s", "ctr -n k8s.io containers ls -q | wc -l").ShouldBe(Output("w1-k8s", "echo $(( $(crictl ps -aq | wc -l) + $(crictl pods -q | wc -l) ))"));
        Output("w1-k8s", "ctr -n k8s.io images ls -q | grep pause:").ShouldBe("registry.k8s.io/pause:3.10\n");
        Output("w1-k8s", "ctr -n k8s.io images pull docker.io/library/busybox:1.36 | tail -1").ShouldStartWith("done: ");
        Output("w1-k8s", "crictl images | grep -c busybox").ShouldBe("1\n");
        var id = Output("w1-k8s", "crictl ps -q --name kube-proxy --no-trunc").Trim();
        Output("w1-k8s", $"ctr -n k8s.io task ls | grep {id}").ShouldMatch($@"^{id}    \d+ +RUNNING    \n$");
        Output("w1-k8s", $"ctr -n k8s.io task kill -s SIGKILL {id}");
        _cluster.Wait(30);
        Output("w1-k8s", "crictl ps -q --name kube-proxy").Trim().ShouldNotBe(id);
    }

    [Fact]
    public void Without_containerd_its_clients_say_so_each_in_its_own_words()
    {
        Output("w1-k8s", "systemctl stop containerd");
        var start = _cluster.World.Now;
        _cluster.Run("w1-k8s", "ctr ns ls").ShouldBe(
            (1, "ctr: failed to dial \"/run/containerd/containerd.sock\": context deadline exceeded: connection error: desc = \"transport: error while dialing: dial unix:///run/containerd/containerd.sock: timeout\"\n"));
        (_cluster.World.Now - start).TotalSeconds.ShouldBe(10, 0.1);
        _cluster.Run("w1-k8s", "crictl ps").Output.ShouldContain("dial unix /run/containerd/containerd.sock: connect: no such file or directory");
    }

    [Fact]
    public void Containers_are_listed_with_what_they_use()
    {
        var lines = Output("w1-k8s", "crictl stats").Trim().Split('\n');
        lines[0].ShouldMatch("^CONTAINER +NAME +CPU % +MEM +DISK +INODES$");
        lines.Length.ShouldBe(1 + int.Parse(Output("w1-k8s", "crictl ps -q | wc -l")));
        lines.ShouldContain(line => line.Contains("kube-proxy", StringComparison.Ordinal) && line.Contains("MB", StringComparison.Ordinal));
    }

    [Fact]
    public void An_editor_takes_its_commands_from_standard_input()
    {
        Output("w1-k8s", """
            printf 'one\ntwo\nthree\n' > f
            vi f 2> /dev/null << 'EOF'
            :%s/o/0/g
            :2d
            $a
            four
            five
            .
            :wq
            EOF
            cat f
            """).ShouldBe("0ne\nthree\nfour\nfive\n");
        Output("w1-k8s", "vim -c '/three/s/ee$/3/' -c wq f; cat f").ShouldBe("0ne\nthr3\nfour\nfive\n");
        Output("w1-k8s", "printf '1p\\ng/f/d\\nw\\nq\\n' | ed -s f; cat f").ShouldBe("0ne\n8\n0ne\nthr3\n".Replace("8\n", "9\n", StringComparison.Ordinal));
        Output("w1-k8s", "printf ':i\\nfirst\\n.\\n:x\\n' | vi g 2> /dev/null; cat g").ShouldBe("first\n");
    }

    [Fact]
    public void Changes_that_are_not_written_are_lost_and_wrong_commands_named()
    {
        Output("w1-k8s", "echo a > f; printf ':d\\n:q!\\n' | vi f 2> /dev/null; cat f").ShouldBe("a\n");
        _cluster.Run("w1-k8s", "printf 'd\\n' | ex f").ShouldBe((1, "E37: No write since last change (add ! to override)\n"));
        _cluster.Run("w1-k8s", "printf 'frobnicate\\n9d\\ns/zz/y/\\nq\\n' | ex f").Output
            .ShouldBe("E492: Not an editor command: frobnicate\nE16: Invalid range\nE486: Pattern not found: zz\n");
    }

    private string Output(string host, string command) => _cluster.Output(host, command);
}
