using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Controllers;

public class DaemonSetTests
{
    private const string Proxy = """
        {"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"proxy"},"spec":{"selector":{"matchLabels":{"app":"proxy"}},
         "updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":1,"maxSurge":0}},
         "template":{"metadata":{"labels":{"app":"proxy"}},"spec":{"containers":[{"name":"c","image":"nginx"}]}}}}
        """;

    [Fact]
    public void Every_node_has_one_pod_and_a_new_node_gets_one()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Proxy);
        cluster.Advance(3);
        Nodes(cluster).ShouldBe(["w1-k8s", "w2-k8s", "w3-k8s"]);
        cluster.AddNode("w4-k8s");
        cluster.Advance(3);
        Nodes(cluster).ShouldBe(["w1-k8s", "w2-k8s", "w3-k8s", "w4-k8s"]);

        var status = cluster.Get(Resources.DaemonSets, "proxy")["status"]!;
        (status.Int("desiredNumberScheduled"), status.Int("currentNumberScheduled"), status.Int("numberReady"), status.Int("numberAvailable"), status.Int("updatedNumberScheduled"))
            .ShouldBe((4, 4, 4, 4, 4));
        cluster.Pods("proxy").Select(pod => pod.Label(Revisions.HashLabel)).Distinct().Single().ShouldNotBeNull();
        cluster.List(Resources.ControllerRevisions).Single().Int("revision").ShouldBe(1);
    }

    [Fact]
    public void Nodes_with_a_taint_or_without_the_label_have_none_and_cordoned_ones_have()
    {
        var cluster = SimulatedControlPlane.WithNodes(1);
        cluster.AddNode("m-k8s", taints: Doc.Arr(Doc.Obj(("key", "node-role.kubernetes.io/control-plane"), ("effect", "NoSchedule"))));
        cluster.Advance(3);
        cluster.Patch(Resources.Nodes, "w1-k8s", """{"spec":{"unschedulable":true}}""", "");
        cluster.Advance(1);
        cluster.Apply(Proxy);
        cluster.Advance(3);
        Nodes(cluster).ShouldBe(["w1-k8s"]);
        cluster.Patch(Resources.DaemonSets, "proxy", """{"spec":{"template":{"spec":{"tolerations":[{"operator":"Exists"}]}}}}""");
        cluster.Advance(5);
        Nodes(cluster).ShouldBe(["m-k8s", "w1-k8s"]);
        cluster.Patch(Resources.DaemonSets, "proxy", """{"spec":{"template":{"spec":{"nodeSelector":{"disk":"ssd"}}}}}""");
        cluster.Advance(5);
        Nodes(cluster).ShouldBeEmpty();
        cluster.Get(Resources.DaemonSets, "proxy").Int("status", "desiredNumberScheduled").ShouldBe(0);
    }

    [Fact]
    public void The_pod_of_a_lost_node_is_not_touched()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Proxy);
        cluster.Advance(3);
        cluster.Kubelets[0].Stop();
        cluster.Advance(1000);
        cluster.Pods("proxy").Count.ShouldBe(3);
        cluster.Pods("proxy").ShouldAllBe(pod => !pod.IsBeingDeleted());
        cluster.Get(Resources.DaemonSets, "proxy").Int("status", "numberReady").ShouldBe(2);
    }

    [Fact]
    public void An_update_replaces_one_pod_after_another()
    {
        var cluster = SimulatedControlPlane.WithNodes(4);
        cluster.Apply(Proxy);
        cluster.Advance(3);
        cluster.Patch(Resources.DaemonSets, "proxy", """{"spec":{"template":{"metadata":{"annotations":{"v":"2"}}}}}""");
        var least = 4;
        for (var step = 0; step < 200; step++)
        {
            cluster.Advance(0.1);
            least = Math.Min(least, cluster.ActivePods("proxy").Count(pod => pod.IsReady()));
        }

        least.ShouldBe(3);
        cluster.Pods("proxy").Select(pod => pod.Annotation("v")).Distinct().ShouldBe(["2"]);
        cluster.List(Resources.ControllerRevisions).Select(revision => revision.Int("revision")!.Value).Order().ShouldBe([1, 2]);
    }

    [Fact]
    public void Failed_pods_are_replaced_with_growing_pauses()
    {
        var cluster = SimulatedControlPlane.WithNodes(1);
        cluster.Apply(Proxy.Replace("\"nginx\"", "\"failing\""));
        cluster.Advance(60);
        cluster.Events("proxy").Count(text => text.StartsWith("Warning FailedDaemonPod Found failed daemon pod default/proxy-")).ShouldBeInRange(4, 7);
    }

    private static List<string?> Nodes(SimulatedControlPlane cluster) => [.. cluster.ActivePods("proxy").Select(pod => pod.NodeName()).Order(StringComparer.Ordinal)];
}
