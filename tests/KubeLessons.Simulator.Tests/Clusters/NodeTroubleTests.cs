using KubeLessons.Simulator.Clusters;

namespace KubeLessons.Simulator.Tests.Clusters;

/// <summary>A node in want of memory, disk or a pod network, in the words that a real one finds.</summary>
public sealed class NodeTroubleTests
{
    [Theory]
    [InlineData(20, "memory.available: 1000Gi", "MemoryPressure",
        "The node was low on resource: memory. Container web was using 9Mi, which exceeds its request of 0. ")]
    [InlineData(33, "memory.available: 1000Gi", "MemoryPressure",
        "The node was low on resource: memory. Threshold quantity: 1000Gi, available: ")]
    [InlineData(20, "nodefs.available: 99%", "DiskPressure", "The node was low on resource: ephemeral-storage. ")]
    public void A_kubelet_evicts_by_the_thresholds_of_its_configuration(int minor, string threshold, string condition, string message)
    {
        var cluster = new BootedCluster(new ClusterSpec { Version = new(minor) });
        cluster.Kubectl("""run web --image=nginx --overrides='{"spec":{"nodeName":"w1-k8s"}}'""");
        cluster.Wait(10);
        cluster.Output("w1-k8s", $"printf 'evictionHard: {{{threshold.Replace("%", "%%", StringComparison.Ordinal)}}}\n' >> /var/lib/kubelet/config.yaml; systemctl restart kubelet");
        cluster.Wait(60);
        cluster.Kubectl($$"""get node w1-k8s -o jsonpath='{.status.conditions[?(@.type=="{{condition}}")].status}'""").ShouldBe("True");
        cluster.Kubectl("get pod web -o jsonpath='{.status.phase} {.status.reason}'").ShouldBe("Failed Evicted");
        cluster.Kubectl("get pod web -o jsonpath='{.status.message}'").ShouldStartWith(message);
    }

    [Fact]
    public void A_CNI_configuration_that_was_moved_away_and_back_counts_once_it_is_written_or_containerd_starts_anew()
    {
        var cluster = new BootedCluster();
        cluster.Output("w1-k8s", "mv /etc/cni/net.d/10-flannel.conflist /root/");
        cluster.Wait(15);
        cluster.Kubectl("get node w1-k8s --no-headers").ShouldContain(" NotReady ");
        cluster.Output("w1-k8s", "mv /root/10-flannel.conflist /etc/cni/net.d/");
        cluster.Wait(30);
        cluster.Kubectl("get node w1-k8s --no-headers").ShouldContain(" NotReady ");
        cluster.Output("w1-k8s", "systemctl restart containerd");
        cluster.Wait(30);
        cluster.Kubectl("get node w1-k8s --no-headers").ShouldContain(" Ready ");
        cluster.Output("w1-k8s", "cd /etc/cni/net.d && mv 10-flannel.conflist /root/ && sleep 15 && cp /root/10-flannel.conflist .");
        cluster.Wait(30);
        cluster.Kubectl("get node w1-k8s --no-headers").ShouldContain(" Ready ");
    }

    [Fact]
    public void What_kubectl_logs_asks_for_is_in_the_words_of_its_failure()
    {
        var cluster = new BootedCluster();
        cluster.Kubectl("""run web --image=nginx --overrides='{"spec":{"nodeName":"w1-k8s"}}'""");
        cluster.Wait(10);
        cluster.Output("w1-k8s", "systemctl stop kubelet");
        cluster.Run("m-k8s", "kubectl logs web --tail=1 -f").Output.ShouldBe(
            "Error from server: Get \"https://192.168.1.101:10250/containerLogs/default/web/web?follow=true&tailLines=1\": dial tcp 192.168.1.101:10250: connect: connection refused\n");
    }

    [Fact]
    public void A_request_that_may_not_take_long_is_given_up()
    {
        var cluster = new BootedCluster();
        cluster.Output("m-k8s", "mkdir /root/away && mv /etc/kubernetes/manifests/etcd.yaml /root/away/");
        cluster.Wait(10);
        var asked = cluster.World.Now;
        cluster.Run("m-k8s", "kubectl get pods --request-timeout=5s").ShouldBe(
            (1, "Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)\n"));
        (cluster.World.Now - asked).TotalSeconds.ShouldBeInRange(5, 6);
    }
}
