using KubeLessons.Simulator.Clusters;

namespace KubeLessons.Simulator.Tests.Clusters;

/// <summary>What a stopped kubelet leads to, on a whole cluster, to the second.</summary>
public sealed class KubeletStopTests
{
    private const string Unreachable = "node.kubernetes.io/unreachable";

    [Theory]
    [InlineData(31, 30, 45)]
    [InlineData(33, 40, 55)]
    public void A_stopped_kubelet_is_noticed_after_the_grace_period_and_its_pods_run_on(int minor, double atLeast, double atMost)
    {
        var cluster = new BootedCluster(new ClusterSpec { Version = new(minor) });
        cluster.Kubectl("run web --image=nginx");
        cluster.Wait(30);
        var node = cluster.Kubectl("get pod web -o jsonpath='{.spec.nodeName}'");
        var ip = cluster.Kubectl("get pod web -o jsonpath='{.status.podIP}'");
        cluster.Wait(7);
        var stopped = cluster.World.Now;
        cluster.Output(node, "systemctl stop kubelet");
        cluster.Run(node, "systemctl is-active kubelet").ShouldBe((3, "inactive\n"));
        cluster.Wait(120);

        var unknown = cluster.SecondsUntil(stopped, "nodes", node, value => BootedCluster.Condition(value, "Ready") == "Unknown");
        unknown.ShouldBeInRange(atLeast, atMost);
        var noSchedule = cluster.SecondsUntil(stopped, "nodes", node, value => BootedCluster.HasTaint(value, Unreachable, "NoSchedule"));
        var noExecute = cluster.SecondsUntil(stopped, "nodes", node, value => BootedCluster.HasTaint(value, Unreachable, "NoExecute"));
        (noSchedule - unknown).ShouldBeInRange(0, 0.1);
        (noExecute - unknown).ShouldBeInRange(0, 5.1);
        var podNotReady = cluster.SecondsUntil(stopped, "pods", "web", value => BootedCluster.Condition(value, "Ready") == "False");
        (podNotReady - unknown).ShouldBeInRange(0, 0.1);
        cluster.Kubectl("get pod web --no-headers").ShouldContain(" 1/1 ");
        cluster.Kubectl($"get node {node} --no-headers").ShouldContain(" NotReady ");
        cluster.Output("m-k8s", $"curl -s http://{ip}").ShouldContain("Welcome to nginx!");
        cluster.Output(node, "crictl ps").ShouldContain(" web ");
    }

    [Fact]
    public void A_pod_that_is_deleted_meanwhile_hangs_in_Terminating_until_the_kubelet_is_back()
    {
        var cluster = new BootedCluster();
        cluster.Kubectl("run web --image=nginx");
        cluster.Wait(30);
        var node = cluster.Kubectl("get pod web -o jsonpath='{.spec.nodeName}'");
        cluster.Output(node, "systemctl stop kubelet");
        cluster.Kubectl("delete pod web --wait=false");
        cluster.Wait(200);
        cluster.Kubectl("get pods").ShouldContain("Terminating");
        var started = cluster.World.Now;
        cluster.Output(node, "systemctl start kubelet");
        cluster.Wait(60);
        cluster.SecondsUntilGone(started, "pods", "web").ShouldBeInRange(0.5, 40);
        cluster.SecondsUntil(started, "nodes", node, value => BootedCluster.Condition(value, "Ready") == "True").ShouldBeInRange(0.5, 20);
    }

    [Fact]
    public void The_pods_of_a_deployment_are_replaced_after_the_toleration_and_the_old_ones_go_when_the_kubelet_is_back()
    {
        var cluster = new BootedCluster();
        cluster.Kubectl("create deployment web --image=nginx --replicas=3");
        cluster.Wait(30);
        var pod = cluster.Kubectl("get pods -o jsonpath='{.items[0].metadata.name}'");
        var node = cluster.Kubectl($"get pod {pod} -o jsonpath='{{.spec.nodeName}}'");
        var stopped = cluster.World.Now;
        cluster.Output(node, "systemctl stop kubelet");
        cluster.Wait(500);
        var noExecute = cluster.SecondsUntil(stopped, "nodes", node, value => BootedCluster.HasTaint(value, Unreachable, "NoExecute"));
        var deleted = cluster.SecondsUntil(stopped, "pods", pod, value => value.At("metadata", "deletionTimestamp") is not null);
        (deleted - noExecute).ShouldBeInRange(300, 301);
        var pods = cluster.Kubectl("get pods --no-headers").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        pods.Count(line => line.Contains(" Running ")).ShouldBe(3);
        pods.Count(line => line.Contains(" Terminating ")).ShouldBe(1);
        cluster.Output(node, "systemctl start kubelet");
        cluster.Wait(60);
        cluster.Kubectl("get pods --no-headers").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
    }
}
