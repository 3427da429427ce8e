using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Controllers;

public class ReplicaSetTests
{
    private const string Web = """
        {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web"},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},
         "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"nginx"}]}}}}
        """;

    [Fact]
    public void A_replica_set_makes_its_pods_and_counts_them()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Web);
        cluster.Advance(3);

        cluster.ActivePods("web").Count.ShouldBe(3);
        var status = cluster.Get(Resources.ReplicaSets, "web")["status"]!;
        (status.Int("replicas"), status.Int("readyReplicas"), status.Int("availableReplicas"), status.Int("observedGeneration"))
            .ShouldBe((3, 3, 3, 1));
        cluster.Events("web").ShouldAllBe(text => text.StartsWith("Normal SuccessfulCreate Created pod: web-"));
        cluster.Pods("web").Select(pod => pod.ControllerReference()!.Text("name")).Distinct().ShouldBe(["web"]);
    }

    [Fact]
    public void A_deleted_pod_is_replaced_by_its_replica_set()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Web);
        cluster.Advance(3);
        var victim = cluster.Pods("web")[0].Name();
        cluster.Delete(Resources.Pods, victim);
        cluster.Advance(0.1);

        cluster.ActivePods("web").Count.ShouldBe(3);
        cluster.Pods("web").Count.ShouldBe(4);
        cluster.Advance(5);
        cluster.Pods("web").Count.ShouldBe(3);
        cluster.Pods("web").ShouldNotContain(pod => pod.Name() == victim);
    }

    [Fact]
    public void A_pod_that_loses_its_label_is_released_and_replaced_and_one_that_gets_it_is_adopted()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Web);
        cluster.Advance(3);
        var stray = cluster.Pods("web")[0].Name();
        cluster.Patch(Resources.Pods, stray, """{"metadata":{"labels":{"app":"other"}}}""");
        cluster.Advance(1);

        cluster.Get(Resources.Pods, stray).OwnerReferences().ShouldBeEmpty();
        cluster.ActivePods("web").Count.ShouldBe(3);

        cluster.Patch(Resources.Pods, stray, """{"metadata":{"labels":{"app":"web"}}}""");
        cluster.Advance(0.5);
        cluster.ActivePods("web").Count.ShouldBe(3);
        cluster.Advance(5);
        cluster.Pods("web").Count.ShouldBe(3);
    }

    [Fact]
    public void Scaling_down_takes_pods_that_are_not_ready_first_and_then_from_the_fullest_node()
    {
        var cluster = SimulatedControlPlane.WithNodes(nodes: 1);
        cluster.Apply(Web.Replace("\"replicas\":3", "\"replicas\":4"));
        cluster.Advance(3);
        cluster.AddNode("w2-k8s");
        cluster.Advance(2);
        cluster.Patch(Resources.ReplicaSets, "web", """{"spec":{"replicas":5}}""");
        cluster.Advance(3);
        cluster.ActivePods("web").Count(pod => pod.NodeName() == "w2-k8s").ShouldBe(1);

        cluster.Patch(Resources.ReplicaSets, "web", """{"spec":{"replicas":2}}""");
        cluster.Advance(3);
        cluster.ActivePods("web").Select(pod => pod.NodeName()).Order().ShouldBe(["w1-k8s", "w2-k8s"]);
    }

    [Fact]
    public void A_cheaper_pod_goes_first_since_1_22()
    {
        var cluster = SimulatedControlPlane.WithNodes(nodes: 1);
        cluster.Apply(Web);
        cluster.Advance(3);
        var cheap = cluster.Pods("web")[2].Name();
        cluster.Patch(Resources.Pods, cheap, """{"metadata":{"annotations":{"controller.kubernetes.io/pod-deletion-cost":"-10"}}}""");
        cluster.Advance(1);
        cluster.Patch(Resources.ReplicaSets, "web", """{"spec":{"replicas":2}}""");
        cluster.Advance(3);
        cluster.Pods("web").Select(pod => pod.Name()).ShouldNotContain(cheap);
        cluster.Events("web").ShouldContain($"Normal SuccessfulDelete Deleted pod: {cheap}");
    }

    [Fact]
    public void A_refused_creation_is_told_in_a_condition_and_tried_again_with_growing_pauses()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply("""
            {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"bad"},"spec":{"replicas":4,"selector":{"matchLabels":{"app":"bad"}},
             "template":{"metadata":{"labels":{"app":"bad"},"finalizers":["not a name"]},"spec":{"containers":[{"name":"c","image":"nginx"}]}}}}
            """);
        cluster.Advance(3);

        var set = cluster.Get(Resources.ReplicaSets, "bad");
        Conditions.Find(set, "ReplicaFailure")!.Text("reason").ShouldBe("FailedCreate");
        cluster.Pods("bad").ShouldBeEmpty();
        cluster.List(Resources.Events).Where(e => e.Text("involvedObject", "name") == "bad").Sum(e => e.Int("count")!.Value).ShouldBe(10);
    }

    [Fact]
    public void The_pods_of_a_stopped_controller_manager_are_not_replaced_until_it_leads_again()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Web);
        cluster.Advance(3);
        cluster.ControllerManager!.Exit(0);
        cluster.Delete(Resources.Pods, cluster.Pods("web")[0].Name());
        cluster.Advance(60);
        cluster.Pods("web").Count.ShouldBe(2);

        var start = cluster.Now;
        cluster.StartControllerManager();
        cluster.World.RunUntil(() => cluster.ActivePods("web").Count == 3, start + TimeSpan.FromMinutes(1)).ShouldBeTrue();
        (cluster.Now - start).TotalSeconds.ShouldBeInRange(15, 20);
    }
}
