using KubeLessons.Simulator.Tests.Clusters;

namespace KubeLessons.Simulator.Tests.Kubelet;

/// <summary>A node that runs short, as its cluster and its learner see it.</summary>
public sealed class ClusterPressureTests
{
    [Fact]
    public void A_full_disk_taints_the_node_and_moves_its_pods_but_not_the_critical_ones()
    {
        var cluster = new BootedCluster();
        cluster.Kubectl("create deployment web --image=nginx --replicas=6");
        cluster.Wait(30);
        Running(cluster, "web", "w1-k8s").ShouldBeGreaterThan(0);
        cluster.Output("w1-k8s", "df -h / | tail -1").ShouldContain("/dev/vda1");
        cluster.Output("w1-k8s", "fallocate -l 32G /var/big");
        cluster.Wait(25);
        cluster.Kubectl("get node w1-k8s -o jsonpath='{.status.conditions[?(@.type==\"DiskPressure\")].status} {.status.conditions[?(@.type==\"DiskPressure\")].reason}'")
            .ShouldBe("True KubeletHasDiskPressure");
        cluster.Kubectl("get node w1-k8s -o jsonpath={.spec.taints[*].key}").ShouldContain("node.kubernetes.io/disk-pressure");
        cluster.Wait(120);
        Running(cluster, "web", "w1-k8s").ShouldBe(0);
        Running(cluster, "web", "").ShouldBe(6);

        // Until the taint is there, what comes anew is turned down.
        var pods = cluster.Kubectl("get pods").Split('\n');
        pods.Count(line => line.Contains(" Evicted ", StringComparison.Ordinal)).ShouldBeInRange(1, 400);
        cluster.Kubectl("get pods -o jsonpath='{.items[?(@.status.reason==\"Evicted\")].status.message}'").ShouldContain("The node was low on resource: ephemeral-storage. ");
        cluster.Kubectl("get pods -n kube-system -o wide --field-selector spec.nodeName=w1-k8s").ShouldNotContain("Evicted");

        cluster.Output("w1-k8s", "rm /var/big");
        cluster.Wait(330);
        cluster.Kubectl("get node w1-k8s -o jsonpath={.spec.taints[*].key}").ShouldBe("");
    }

    [Fact]
    public void The_kubelets_configuration_says_how_much_is_to_be_free()
    {
        var cluster = new BootedCluster();
        cluster.Output("w1-k8s", """
            printf 'evictionHard:\n  memory.available: 3800Mi\nevictionPressureTransitionPeriod: 30s\n' > /tmp/more
            sed '/evictionPressureTransitionPeriod/d' /var/lib/kubelet/config.yaml > /tmp/base
            cat /tmp/base /tmp/more > /var/lib/kubelet/config.yaml
            systemctl restart kubelet
            """);
        cluster.Wait(30);
        Memory(cluster).ShouldBe("True");
        cluster.Output("w1-k8s", "cp /tmp/base /var/lib/kubelet/config.yaml && systemctl restart kubelet");
        cluster.Wait(60);
        Memory(cluster).ShouldBe("False");
    }

    [Fact]
    public void A_nodes_own_tools_see_the_logs_of_its_pods()
    {
        var cluster = new BootedCluster();
        cluster.Kubectl("run talk --image=busybox --overrides='{\"spec\": {\"nodeName\": \"w1-k8s\"}}' -- sh -c 'while true; do echo tick; sleep 5; done'");
        cluster.Wait(20);
        cluster.Output("w1-k8s", "ls /var/log/containers").ShouldContain("talk_default_talk-");
        cluster.Output("w1-k8s", "tail -n 1 /var/log/pods/default_talk_*/talk/0.log").ShouldEndWith(" stdout F tick\n");
        cluster.Output("w1-k8s", "timeout 12 tail -f /var/log/pods/default_talk_*/talk/0.log | grep -c tick; true").Trim().ShouldMatch("^[3-9]$|^1[0-9]$");
        cluster.Output("w1-k8s", "crictl logs --tail 1 $(crictl ps --name talk -q)").ShouldBe("tick\n");
        cluster.Output("w1-k8s", "ls /var/lib/kubelet/pods/*/volumes").ShouldContain("kubernetes.io~projected");
    }

    private static int Running(BootedCluster cluster, string app, string node) => cluster
        .Kubectl($"get pods -l app={app} --field-selector status.phase=Running{(node.Length > 0 ? ",spec.nodeName=" + node : "")} -o name")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    private static string Memory(BootedCluster cluster) =>
        cluster.Kubectl("get node w1-k8s -o jsonpath='{.status.conditions[?(@.type==\"MemoryPressure\")].status}'");
}
