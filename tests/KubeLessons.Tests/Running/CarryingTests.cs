using System.Collections.Immutable;
using KubeLessons.Clusters;
using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Running;
using KubeLessons.Testing;

namespace KubeLessons.Tests.Running;

public class CarryingTests
{
    private static readonly ClusterInventory Kit = new(
        ImmutableSortedDictionary<string, ImmutableSortedSet<string>>.Empty.Add("m-k8s", ["kubelet", "ssh"]).Add("w1-k8s", ["kubelet", "ssh"]),
        ["br_netfilter"],
        IsKernelShared: false,
        MissingPrograms: ["docker", "lsmod"],
        MissingPaths: ["/etc/kubernetes/manifests/kube-scheduler.yaml"],
        MissingObjects: ["daemonset/kube-proxy"],
        CanStopKubelet: true)
    {
        IsReachedBySsh = true,
    };

    [Theory]
    [InlineData("systemctl stop kubelet", null)]
    [InlineData("systemctl kill -s KILL kubelet", null)]
    [InlineData("systemctl restart network", "m-k8s has no service network")]
    [InlineData("modprobe br_netfilter", null)]
    [InlineData("modprobe -r br-netfilter", "the kernel has br-netfilter built in, so that it cannot be taken out")]
    [InlineData("lsmod | grep br_", "this cluster's nodes have no lsmod")]
    [InlineData("echo docker is no program here", null)]
    [InlineData("mv /etc/kubernetes/manifests/kube-scheduler.yaml /tmp/", "this cluster has no /etc/kubernetes/manifests/kube-scheduler.yaml: its control plane is set up in another way")]
    [InlineData("kubectl -n kube-system rollout undo ds/kube-proxy", "this cluster has no daemonset/kube-proxy")]
    [InlineData("kubectl get pods -l k8s-app=kube-proxy", "this cluster has no daemonset/kube-proxy")]
    [InlineData("journalctl -u kube-proxy", null)]
    public void A_step_that_needs_what_is_not_there_is_told_why(string commands, string? reason) =>
        Carrying.Needs(commands, "m-k8s", Kit)?.ToString().ShouldBe(reason);

    [Theory]
    [InlineData("iptables -A INPUT -p tcp --dport 22 -j REJECT", true)]
    [InlineData("iptables -A INPUT -j DROP", true)]
    [InlineData("iptables -P INPUT DROP", true)]
    [InlineData("systemctl stop ssh", true)]
    [InlineData("systemctl stop sshd.service", true)]
    [InlineData("ip link set eth1 down", true)]
    [InlineData("poweroff", true)]
    [InlineData("iptables -A INPUT -p tcp --dport 9999 -j DROP", false)]
    [InlineData("iptables -I INPUT -p tcp --dport 22 -j ACCEPT", false)]
    [InlineData("iptables -t nat -F KUBE-SERVICES", false)]
    [InlineData("systemctl start ssh", false)]
    [InlineData("ssh w3-k8s hostname", false)]
    [InlineData("echo 'do not reboot'", false)]
    public void What_would_cut_the_way_to_a_node_is_found(string commands, bool isFound) => (CutOff.In(commands) is not null).ShouldBe(isFound);

    [Fact]
    public async Task What_follows_a_step_that_was_left_out_is_left_out_until_the_next_section_and_counts_for_nothing()
    {
        var lesson = LessonText.Parse(
            """
            ## One

            ```bash {name=unload on=w1-k8s}
            modprobe -r br_netfilter
            ```

            ```yaml {check=gone}
            that: module w1-k8s/br_netfilter absent
            ```

            ```bash {name=ask}
            echo asked
            ```

            ```yaml {check=asked}
            that: output contains asked
            ```

            ## Two

            ```bash {name=hello}
            echo hello
            ```

            ```yaml {check=greeted}
            that: output contains hello
            ```
            """);
        var plain = new ScriptedCluster();
        var cluster = new ScriptedCluster { Description = plain.Description with { Kind = ClusterKind.Real, Inventory = Kit } }
            .On("echo hello", (_, _) => (0, "hello\n"));

        var report = await LessonRunner.RunAsync(
            lesson, cluster, ScriptedLearner.Obedient, _ => { }, RunOptions.Standard, TestContext.Current.CancellationToken);

        report.Checks.ToDictionary(check => check.Check.Id, check => check.Outcome).ShouldBe(new Dictionary<string, CheckOutcome>
        {
            ["gone"] = CheckOutcome.Skipped,
            ["asked"] = CheckOutcome.Skipped,
            ["greeted"] = CheckOutcome.Passed,
        }, ignoreOrder: true);
        (report.PointsEarned, report.PointsPossible, report.Outcome).ShouldBe((1, 1, LessonOutcome.Passed));
        cluster.Commands.Select(command => command.Script.Trim()).ShouldBe(["echo hello"]);
        report.Checks.First().Reason!.ToString().ShouldContain("built in");
    }
}
