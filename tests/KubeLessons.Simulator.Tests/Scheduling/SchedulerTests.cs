using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Scheduling;
using KubeLessons.Simulator.Tests.Controllers;

namespace KubeLessons.Simulator.Tests.Scheduling;

public class SchedulerTests
{
    [Fact]
    public void A_pod_gets_a_node_within_milliseconds_and_an_event_that_says_so()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        Run(cluster, "web");
        cluster.Advance(0.02);
        var pod = cluster.Get(Resources.Pods, "web");
        pod.NodeName().ShouldNotBeNull();
        Conditions.Find(pod, "PodScheduled")!.Text("status").ShouldBe("True");
        cluster.Events("web").ShouldBe([$"Normal Scheduled Successfully assigned default/web to {pod.NodeName()}"]);
    }

    [Fact]
    public void Pods_of_one_controller_are_spread_over_the_nodes()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 9);
        cluster.Advance(3);
        cluster.Pods("web").GroupBy(pod => pod.NodeName()).Select(group => group.Count()).ShouldBe([3, 3, 3]);
    }

    [Theory]
    [InlineData(20, "0/3 nodes are available: 1 node(s) had taint {node-role.kubernetes.io/master: }, that the pod didn't tolerate, 2 Insufficient cpu.")]
    [InlineData(24, "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/master: }, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.")]
    [InlineData(33, "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/master: }, 2 Insufficient cpu. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.")]
    public void A_pod_that_fits_nowhere_says_why_in_the_words_of_the_version(int minor, string message)
    {
        var cluster = SimulatedControlPlane.WithNodes(2, minor, cpu: "2");
        cluster.AddNode("m-k8s", "2", taints: Doc.Arr(Doc.Obj(("key", "node-role.kubernetes.io/master"), ("effect", "NoSchedule"))));
        cluster.Advance(5);
        Run(cluster, "big", """ "resources":{"requests":{"cpu":"100"}} """);
        cluster.Advance(1);

        var pod = cluster.Get(Resources.Pods, "big");
        pod.NodeName().ShouldBeNull();
        var scheduled = Conditions.Find(pod, "PodScheduled")!;
        (scheduled.Text("status"), scheduled.Text("reason"), scheduled.Text("message")).ShouldBe(("False", "Unschedulable", message));
        cluster.Events("big").ShouldBe(["Warning FailedScheduling " + message]);
    }

    [Fact]
    public void An_empty_cluster_has_no_nodes_available()
    {
        var cluster = SimulatedControlPlane.WithNodes(0);
        Run(cluster, "web");
        cluster.Advance(1);
        cluster.Events("web").ShouldBe(["Warning FailedScheduling no nodes available to schedule pods"]);
        cluster.AddNode("w1-k8s");
        cluster.Advance(3);
        cluster.Get(Resources.Pods, "web").NodeName().ShouldBe("w1-k8s");
    }

    [Fact]
    public void A_waiting_pod_is_placed_when_another_makes_room()
    {
        var cluster = SimulatedControlPlane.WithNodes(1, cpu: "2");
        Run(cluster, "first", """ "resources":{"requests":{"cpu":"1500m"}} """);
        cluster.Advance(3);
        Run(cluster, "second", """ "resources":{"requests":{"cpu":"1500m"}} """);
        cluster.Advance(30);
        cluster.Get(Resources.Pods, "second").NodeName().ShouldBeNull();
        cluster.Events("second").Count.ShouldBe(1);
        cluster.Delete(Resources.Pods, "first");
        cluster.Advance(3);
        cluster.Get(Resources.Pods, "second").NodeName().ShouldBe("w1-k8s");
    }

    [Fact]
    public void A_cordoned_node_gets_no_pods_until_it_is_open_again()
    {
        var cluster = SimulatedControlPlane.WithNodes(2);
        cluster.Patch(Resources.Nodes, "w1-k8s", """{"spec":{"unschedulable":true}}""", "");
        cluster.Advance(1);
        cluster.CreateDeployment("web", 4);
        cluster.Advance(3);
        cluster.Pods("web").Select(pod => pod.NodeName()).Distinct().ShouldBe(["w2-k8s"]);
        cluster.Patch(Resources.Nodes, "w2-k8s", """{"spec":{"unschedulable":true}}""", "");
        cluster.Advance(1);
        Run(cluster, "late");
        cluster.Advance(2);
        cluster.Events("late")[0].ShouldStartWith("Warning FailedScheduling 0/2 nodes are available: 2 node(s) were unschedulable.");
        cluster.Patch(Resources.Nodes, "w1-k8s", """{"spec":{"unschedulable":false}}""", "");
        cluster.Advance(5);
        cluster.Get(Resources.Pods, "late").NodeName().ShouldBe("w1-k8s");
    }

    [Theory]
    [InlineData(""" "nodeSelector":{"disk":"ssd"}, """, "w2-k8s")]
    [InlineData(""" "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"disk","operator":"In","values":["ssd","nvme"]}]}]}}}, """, "w2-k8s")]
    [InlineData(""" "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchFields":[{"key":"metadata.name","operator":"In","values":["w3-k8s"]}]}]}}}, """, "w3-k8s")]
    [InlineData(""" "affinity":{"nodeAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":50,"preference":{"matchExpressions":[{"key":"disk","operator":"Exists"}]}}]}}, """, "w2-k8s")]
    [InlineData(""" "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"disk","operator":"Gt","values":["5"]}]}]}}}, """, null)]
    public void Node_selectors_and_affinity_are_kept(string spec, string? node)
    {
        var cluster = SimulatedControlPlane.WithNodes(1);
        cluster.AddNode("w2-k8s", labels: Doc.Obj(("disk", "ssd")));
        cluster.AddNode("w3-k8s");
        cluster.Advance(5);
        Run(cluster, "web", spec: spec);
        cluster.Advance(1);
        cluster.Get(Resources.Pods, "web").NodeName().ShouldBe(node);
    }

    [Fact]
    public void One_host_port_is_had_by_one_pod_of_a_node()
    {
        var cluster = SimulatedControlPlane.WithNodes(2);
        foreach (var name in new[] { "a", "b", "c" })
        {
            Run(cluster, name, """ "ports":[{"containerPort":80,"hostPort":8080}] """);
        }

        cluster.Advance(2);
        cluster.Pods().Select(pod => pod.NodeName()).Order().ShouldBe([null, "w1-k8s", "w2-k8s"]);
        cluster.Events("c")[0].ShouldContain("2 node(s) didn't have free ports for the requested pod ports");
    }

    [Fact]
    public void While_the_scheduler_is_stopped_new_pods_wait_without_a_word()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Scheduler!.Exit(0);
        cluster.Advance(5);
        Run(cluster, "web");
        cluster.Advance(60);
        var pod = cluster.Get(Resources.Pods, "web");
        pod.NodeName().ShouldBeNull();
        Conditions.Find(pod, "PodScheduled").ShouldBeNull();
        cluster.Events("web").ShouldBeEmpty();

        var start = cluster.Now;
        cluster.StartScheduler();
        cluster.World.RunUntil(() => cluster.Get(Resources.Pods, "web").NodeName() is not null, start + TimeSpan.FromMinutes(1)).ShouldBeTrue();
        (cluster.Now - start).TotalSeconds.ShouldBeInRange(15, 20);
    }

    [Fact]
    public void A_pod_that_names_another_scheduler_is_left_alone()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        Run(cluster, "web", spec: """ "schedulerName":"mine", """);
        cluster.Advance(5);
        cluster.Get(Resources.Pods, "web").NodeName().ShouldBeNull();
    }

    internal static void Run(SimulatedControlPlane cluster, string name, string container = "", string spec = "") => cluster.Apply(
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"run\":\"" + name + "\"}},\"spec\":{" + spec
        + "\"containers\":[{\"name\":\"c\",\"image\":\"nginx\"" + (container.Length > 0 ? "," + container : "") + "}]}}");
}
