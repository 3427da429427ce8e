using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Tests.Kubelet;

public sealed class NodeStatusTests
{
    [Fact]
    public void A_kubelet_registers_its_node_and_says_that_it_is_ready()
    {
        var node = new KubeletFixture();
        var ready = Condition(node, "Ready");
        (ready.Text("status"), ready.Text("reason"), ready.Text("message")).ShouldBe(("True", "KubeletReady", "kubelet is posting ready status"));
        node.Node.List("status", "conditions").Select(condition => condition.Text("reason"))
            .ShouldBe(["KubeletHasSufficientMemory", "KubeletHasNoDiskPressure", "KubeletHasSufficientPID", "KubeletReady"]);
        node.Node.Text("status", "nodeInfo", "kubeletVersion").ShouldBe("v1.33.1");
        node.Node.Text("status", "capacity", "pods").ShouldBe("110");
        node.Node.Text("metadata", "labels", "kubernetes.io/hostname").ShouldBe("w1-k8s");
        node.Events("w1-k8s").Select(line => line.Split(':')[0]).ShouldBe(
            ["Starting", "NodeAllocatableEnforced", "NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID", "NodeReady"], ignoreOrder: true);
    }

    [Fact]
    public void A_node_whose_runtime_is_down_says_so_after_half_a_minute_and_later_of_its_event_generator()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 8);
        node.Host.Units.Stop(node.Runtime);
        var before = node.Now;

        node.RunUntil(() => Condition(node, "Ready").Text("status") == "False", 60);

        (node.Now - before).ShouldBeInRange(TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(41));
        Condition(node, "Ready").Text("reason").ShouldBe("KubeletNotReady");
        Condition(node, "Ready").Text("message").ShouldBe("container runtime is down");
        node.Container("web").Process!.HasExited.ShouldBeFalse();
        node.Client.IsRenewed("kube-node-lease", "w1-k8s").ShouldBeTrue();
        node.RunUntil(() => Condition(node, "Ready").Text("message")!.StartsWith("[container runtime is down, PLEG is not healthy: pleg was last seen active 3m", StringComparison.Ordinal), 200);

        node.CreatePod("late", "nginx");
        node.Run(20);
        node.Pod("late")!.Text("status", "phase").ShouldBe("Pending");
        node.Host.Units.Start(node.Runtime);
        node.RunUntil(() => Condition(node, "Ready").Text("status") == "True", 20);
        node.RunUntil(() => node.IsReady("late"), 20);
        node.Status("web").Int("restartCount").ShouldBe(0);
        node.Events("w1-k8s").ShouldContain("NodeNotReady: Node w1-k8s status is now: NodeNotReady");
    }

    [Fact]
    public void Without_a_network_plugin_the_node_is_not_ready_and_only_host_network_pods_start()
    {
        var node = new KubeletFixture { NetworkFault = "cni plugin not initialized" };
        node.Host.Files.Remove("/etc/cni/net.d/10-flannel.conflist");
        node.Host.Files.Write("/etc/cni/net.d/x", "");
        node.RunUntil(() => Condition(node, "Ready").Text("status") == "False", 12);
        Condition(node, "Ready").Text("message").ShouldBe(
            "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized");
        node.CreatePod("web", "nginx");
        node.CreatePod("""{metadata: {name: host}, spec: {hostNetwork: true, containers: [{name: host, image: nginx}]}}""");
        node.RunUntil(() => node.IsReady("host"), 8);
        node.Pod("host")!.Text("status", "podIP").ShouldBe("192.168.1.101");
        node.Shown("web").ShouldBe("ContainerCreating");
        node.Events("web").ShouldContain(line => line.StartsWith("NetworkNotReady: network is not ready: container runtime network not ready: NetworkReady=false", StringComparison.Ordinal));
        node.NetworkFault = null;
        node.RunUntil(() => node.IsReady("web"), 10);
        node.RunUntil(() => Condition(node, "Ready").Text("status") == "True", 12);
    }

    private static Doc Condition(KubeletFixture node, string type) =>
        node.Node.List("status", "conditions").First(condition => condition.Text("type") == type);
}
