using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Controllers.Nodes;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Tests.Controllers;

public class NodeLifecycleTests
{
    [Theory]
    [InlineData(20, 40)]
    [InlineData(33, 50)]
    public void A_stopped_kubelet_is_followed_by_the_recorded_timeline(int minor, int grace)
    {
        var cluster = SimulatedControlPlane.WithNodes(3, minor);
        cluster.CreateDeployment("web", 3);
        cluster.Advance(20.4);
        var victim = cluster.Kubelets[0];
        var stopped = cluster.Now;
        victim.Stop();
        cluster.Advance(500);
        var back = cluster.Now;
        victim.Start();
        cluster.Advance(30);

        var lines = cluster.Timeline(stopped, Describe).TakeWhile(line => double.Parse(line.Split(' ')[0]) < (back - stopped).TotalSeconds).ToList();
        var unknown = double.Parse(lines.First(line => line.Contains("Ready=Unknown")).Split(' ')[0]);
        unknown.ShouldBeInRange(grace - 10, grace + 5);
        lines.Select(line => Relative(line, unknown)).ShouldBe(
        [
            "+0.0 node w1-k8s Ready=Unknown",
            "+0.0 event NodeNotReady Node w1-k8s status is now: NodeNotReady",
            "+0.0 pod Ready=False",
            "+0.0 event NodeNotReady Node is not ready",
            "+0.0 taint unreachable:NoSchedule",
            "+5.0 taint unreachable:NoSchedule unreachable:NoExecute",
            "+305.0 event TaintManagerEviction Marking for deletion Pod default/web",
            .. minor >= 26 ? new[] { "+305.0 pod DisruptionTarget" } : [],
            "+305.0 pod Terminating",
            "+305.0 pod created",
        ]);

        var after = cluster.Timeline(back, Describe).Where(line => !line.Contains("pod Ready=False"));
        after.ShouldBe(
        [
            "+0.0 node w1-k8s Ready=True",
            "+0.0 taint unreachable:NoExecute",
            "+1.0 pod gone",
            $"+{NextTick(cluster, back)} taint",
        ], customMessage: string.Join('\n', cluster.Timeline(back, Describe)));
    }

    [Fact]
    public void Every_phase_of_the_kubelets_renewals_gives_30_to_45_seconds_with_40_of_grace()
    {
        for (var phase = 0; phase < 10; phase++)
        {
            var cluster = SimulatedControlPlane.WithNodes(2, 20);
            cluster.Advance(13 + (phase * 1.1));
            var stopped = cluster.Now;
            cluster.Kubelets[1].Stop();
            cluster.World.RunUntil(() => ReadyOf(cluster, "w2-k8s") == "Unknown", stopped + TimeSpan.FromMinutes(2)).ShouldBeTrue();
            (cluster.Now - stopped).TotalSeconds.ShouldBeInRange(30, 45);
        }
    }

    [Fact]
    public void A_healthy_cluster_costs_no_turns()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 3);
        cluster.Advance(1200); // until the rollout's deadline has been looked at, too
        var (turns, revision) = (cluster.World.TurnsRun, cluster.Server.Store.Revision);
        cluster.Advance(24 * 3600);
        (cluster.World.TurnsRun - turns).ShouldBe(0);
        cluster.Server.Store.Revision.ShouldBe(revision);
    }

    [Fact]
    public void A_node_that_comes_back_in_time_keeps_its_pods()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 3);
        cluster.Advance(10);
        var names = cluster.Pods("web").Select(pod => pod.Name()).ToList();
        cluster.Kubelets[0].Stop();
        cluster.Advance(200);
        cluster.Kubelets[0].Start();
        cluster.Advance(600);

        cluster.Pods("web").Select(pod => pod.Name()).ShouldBe(names);
        cluster.Pods("web").ShouldAllBe(pod => pod.IsReady());
        var victim = cluster.Pods("web").First(pod => pod.NodeName() == "w1-k8s").Name();
        cluster.Events(victim).ShouldContain($"Normal TaintManagerEviction Cancelling deletion of Pod default/{victim}");
    }

    [Fact]
    public void When_all_nodes_are_lost_nothing_is_evicted()
    {
        var cluster = SimulatedControlPlane.WithNodes(2);
        cluster.CreateDeployment("web", 4);
        cluster.Advance(10);
        foreach (var kubelet in cluster.Kubelets)
        {
            kubelet.Stop();
        }

        cluster.Advance(1200);
        cluster.Pods("web").Count.ShouldBe(4);
        cluster.Pods("web").ShouldAllBe(pod => !pod.IsBeingDeleted() && !pod.IsReady());
        cluster.List(Resources.Nodes, "").ShouldAllBe(node => NodeTaints.WithEffect(node, "NoExecute").Count == 0);

        cluster.Kubelets[0].Start();
        cluster.Advance(20);
        NodeTaints.Has(cluster.Get(Resources.Nodes, "w2-k8s", ""), NodeTaints.Unreachable, "NoExecute").ShouldBeTrue();
        cluster.Advance(310);
        cluster.ActivePods("web").ShouldAllBe(pod => pod.NodeName() == "w1-k8s");
    }

    [Fact]
    public void In_a_small_zone_of_which_most_nodes_are_lost_taints_stop_and_otherwise_come_ten_seconds_apart()
    {
        var cluster = SimulatedControlPlane.WithNodes(4);
        cluster.Advance(20);
        cluster.Kubelets[0].Stop();
        cluster.Kubelets[1].Stop();
        cluster.Advance(80);
        var times = cluster.Timeline(TimeSpan.Zero, change => change.Key.Resource == "nodes"
            && change.After.Object is { } node
            && NodeTaints.Has(node, NodeTaints.Unreachable, "NoExecute") ? node.Name() : null)
            .Select(line => double.Parse(line.Split(' ')[0])).ToList();
        times.Count.ShouldBe(2);
        (times[1] - times[0]).ShouldBe(10, 0.2);

        cluster.Kubelets[2].Stop();
        cluster.Advance(120);
        NodeTaints.Has(cluster.Get(Resources.Nodes, "w3-k8s", ""), NodeTaints.Unreachable, "NoSchedule").ShouldBeTrue();
        NodeTaints.Has(cluster.Get(Resources.Nodes, "w3-k8s", ""), NodeTaints.Unreachable, "NoExecute").ShouldBeFalse();
    }

    [Fact]
    public void While_the_controller_manager_is_stopped_a_dead_node_stays_ready_and_its_grace_counts_from_the_first_look()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Advance(20);
        cluster.ControllerManager!.Exit(0);
        cluster.Kubelets[0].Stop();
        cluster.Advance(300);
        ReadyOf(cluster, "w1-k8s").ShouldBe("True");

        var start = cluster.Now;
        cluster.StartControllerManager();
        cluster.World.RunUntil(() => ReadyOf(cluster, "w1-k8s") == "Unknown", start + TimeSpan.FromMinutes(3)).ShouldBeTrue();
        (cluster.Now - start).TotalSeconds.ShouldBeInRange(65, 71);
    }

    [Fact]
    public void An_API_server_that_was_away_is_followed_by_no_evictions()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 3);
        cluster.Advance(20);
        cluster.StopServer();
        cluster.Advance(11);
        cluster.ControllerManager!.HasExited.ShouldBeTrue();
        cluster.ControllerManager.ExitCode.ShouldBe(1);
        cluster.Scheduler!.HasExited.ShouldBeTrue();
    }

    [Fact]
    public void Every_node_has_a_range_of_pod_addresses_of_its_own()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.List(Resources.Nodes, "").Select(node => node.Text("spec", "podCIDR")).ShouldBe(["172.16.0.0/24", "172.16.1.0/24", "172.16.2.0/24"]);
        cluster.List(Resources.Nodes, "").ShouldAllBe(node => node.Annotation("node.alpha.kubernetes.io/ttl") == "0");
        cluster.Kubelets[1].Stop();
        cluster.Delete(Resources.Nodes, "w2-k8s", "");
        cluster.AddNode("w4-k8s");
        cluster.Advance(1);
        cluster.Get(Resources.Nodes, "w4-k8s", "").Text("spec", "podCIDR").ShouldBe("172.16.3.0/24");
    }

    [Fact]
    public void Nodes_are_announced_when_they_come_and_go()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Events("w1-k8s").ShouldBe(["Normal RegisteredNode Node w1-k8s event: Registered Node w1-k8s in Controller"]);
        cluster.Kubelets[0].Stop();
        cluster.Delete(Resources.Nodes, "w1-k8s", "");
        cluster.Advance(6);
        cluster.Events("w1-k8s").ShouldContain("Normal RemovingNode Node w1-k8s event: Removing Node w1-k8s from Controller");
    }

    private static string? ReadyOf(SimulatedControlPlane cluster, string node) =>
        Conditions.Find(cluster.Get(Resources.Nodes, node, ""), "Ready")?.Text("status");

    private static string NextTick(SimulatedControlPlane cluster, TimeSpan back)
    {
        var taints = cluster.Timeline(back, change => change.Key is { Resource: "nodes", Name: "w1-k8s" }
            && change.After.Object is { } node && node.List("spec", "taints").IsEmpty ? "x" : null);
        var seconds = taints[0].Split(' ')[0][1..];
        double.Parse(seconds).ShouldBeInRange(0, 5);
        return seconds;
    }

    private static string Relative(string line, double zero)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return $"+{double.Parse(line[..space]) - zero:0.0}{line[space..]}";
    }

    // What a learner would see of w1-k8s and of the pod on it.
    private static string? Describe(StoreChange change)
    {
        var (before, after) = (change.Before?.Object, change.After.Object);
        switch (change.Key.Resource)
        {
            case "nodes" when change.Key.Name == "w1-k8s" && before is not null && after is not null:
                var ready = Conditions.Find(after, "Ready")?.Text("status");
                return ready != Conditions.Find(before, "Ready")?.Text("status") ? $"node w1-k8s Ready={ready}"
                    : !Equals(before.At("spec", "taints"), after.At("spec", "taints")) ? "taint" + TaintsOf(after)
                    : null;
            case "pods" when before is null:
                return "pod created";
            case "pods" when before.NodeName() == "w1-k8s":
                return after is null ? "pod gone"
                    : after.IsBeingDeleted() && !before.IsBeingDeleted() ? "pod Terminating"
                    : Conditions.Find(after, "DisruptionTarget") is not null && Conditions.Find(before, "DisruptionTarget") is null ? "pod DisruptionTarget"
                    : before.IsReady() && !after.IsReady() ? "pod Ready=False"
                    : null;
            case "events" when before is null && after!.Text("reason") is "NodeNotReady" or "TaintManagerEviction":
                var message = after!.Text("message")!;
                var pod = message.IndexOf("default/web", StringComparison.Ordinal);
                return $"event {after.Text("reason")} {(pod < 0 ? message : message[..(pod + 11)])}";
            default:
                return null;
        }
    }

    private static string TaintsOf(Doc node) => string.Concat(
        node.List("spec", "taints").Select(taint => $" {taint.Text("key")!.Split('/')[1]}:{taint.Text("effect")}"));
}
