using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Tests.Controllers;

namespace KubeLessons.Simulator.Tests.Scheduling;

public class PlacementTests
{
    private const string Zone = "topology.kubernetes.io/zone";

    [Fact]
    public void Affinity_brings_pods_together_and_anti_affinity_keeps_them_apart()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        SchedulerTests.Run(cluster, "db");
        cluster.Advance(1);
        var home = cluster.Get(Resources.Pods, "db").NodeName();
        SchedulerTests.Run(cluster, "near", spec: Affinity("podAffinity", "db", "kubernetes.io/hostname"));
        SchedulerTests.Run(cluster, "far", spec: Affinity("podAntiAffinity", "db", "kubernetes.io/hostname"));
        SchedulerTests.Run(cluster, "lonely", spec: Affinity("podAffinity", "nobody", "kubernetes.io/hostname"));
        cluster.Advance(2);
        cluster.Get(Resources.Pods, "near").NodeName().ShouldBe(home);
        cluster.Get(Resources.Pods, "far").NodeName().ShouldNotBe(home);
        cluster.Get(Resources.Pods, "lonely").NodeName().ShouldBeNull();
        cluster.Events("lonely")[0].ShouldStartWith("Warning FailedScheduling 0/3 nodes are available: 3 node(s) didn't match pod affinity rules.");
    }

    [Fact]
    public void One_replica_a_node_and_the_fourth_waits_for_a_node()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        for (var i = 0; i < 4; i++)
        {
            SchedulerTests.Run(cluster, $"web{i}", spec: Affinity("podAntiAffinity", "*", "kubernetes.io/hostname"));
        }

        cluster.Advance(2);
        cluster.Pods().Select(pod => pod.NodeName()).Order().ShouldBe([null, "w1-k8s", "w2-k8s", "w3-k8s"]);
        cluster.AddNode("w4-k8s");
        cluster.Advance(12);
        cluster.Pods().Select(pod => pod.NodeName()).Order().ShouldBe(["w1-k8s", "w2-k8s", "w3-k8s", "w4-k8s"]);
    }

    [Fact]
    public void A_pod_that_likes_itself_may_be_the_first()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        for (var i = 0; i < 3; i++)
        {
            SchedulerTests.Run(cluster, $"web{i}", spec: Affinity("podAffinity", "*", "kubernetes.io/hostname"));
        }

        cluster.Advance(2);
        cluster.Pods().Select(pod => pod.NodeName()).Distinct().Single().ShouldNotBeNull();
    }

    [Fact]
    public void Spread_over_zones_is_kept_when_it_must_be()
    {
        var cluster = SimulatedControlPlane.WithNodes(0);
        cluster.AddNode("a1", labels: Doc.Obj((Zone, "a")));
        cluster.AddNode("a2", labels: Doc.Obj((Zone, "a")));
        cluster.AddNode("b1", labels: Doc.Obj((Zone, "b")));
        cluster.AddNode("nowhere");
        cluster.Advance(3);
        const string Spread = "\"topologySpreadConstraints\":[{\"maxSkew\":1,\"topologyKey\":\"topology.kubernetes.io/zone\",\"whenUnsatisfiable\":\"DoNotSchedule\",\"labelSelector\":{\"matchExpressions\":[{\"key\":\"run\",\"operator\":\"Exists\"}]}}],";
        for (var i = 0; i < 6; i++)
        {
            SchedulerTests.Run(cluster, $"web{i}", spec: Spread);
            cluster.Advance(0.5);
        }

        cluster.Pods().Count(pod => pod.NodeName() == "b1").ShouldBe(3);
        cluster.Pods().Count(pod => pod.NodeName() is "a1" or "a2").ShouldBe(3);

        cluster.Patch(Resources.Nodes, "b1", """{"spec":{"unschedulable":true}}""", "");
        cluster.Advance(1);
        SchedulerTests.Run(cluster, "web6", spec: Spread);
        cluster.Advance(1);
        SchedulerTests.Run(cluster, "web7", spec: Spread);
        cluster.Advance(1);
        cluster.Get(Resources.Pods, "web6").NodeName().ShouldNotBeNull();
        cluster.Events("web7")[0].ShouldStartWith("Warning FailedScheduling 0/4 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label), "
            + "1 node(s) were unschedulable, 2 node(s) didn't match pod topology spread constraints.");
    }

    [Fact]
    public void A_more_important_pod_takes_the_place_of_as_few_as_possible()
    {
        var cluster = SimulatedControlPlane.WithNodes(2, cpu: "2");
        Class(cluster, "p1000", 1000);
        foreach (var (name, cpu) in new[] { ("a", "1500m"), ("b", "700m"), ("c", "700m") })
        {
            SchedulerTests.Run(cluster, name, "\"resources\":{\"requests\":{\"cpu\":\"" + cpu + "\"}}");
            cluster.Advance(3);
        }

        SchedulerTests.Run(cluster, "boss", """ "resources":{"requests":{"cpu":"1200m"}} """, "\"priorityClassName\":\"p1000\",");
        cluster.Advance(0.5);
        var boss = cluster.Get(Resources.Pods, "boss");
        boss.Text("status", "nominatedNodeName").ShouldBe(cluster.Get(Resources.Pods, "b").NodeName());
        cluster.Pods().Where(pod => pod.IsBeingDeleted()).Select(pod => pod.Name()).ShouldBe(["c"]);
        Conditions.Find(cluster.Get(Resources.Pods, "c"), "DisruptionTarget")!.Text("reason").ShouldBe("PreemptionByScheduler");
        cluster.Events("c").ShouldContain($"Normal Preempted Preempted by pod {boss.Uid()} on node {boss.Text("status", "nominatedNodeName")}");
        cluster.Advance(5);
        cluster.Get(Resources.Pods, "boss").NodeName().ShouldBe(boss.Text("status", "nominatedNodeName"));
        cluster.Get(Resources.Pods, "a").IsReady().ShouldBeTrue();
    }

    [Fact]
    public void Nobody_is_preempted_by_a_pod_that_does_not_want_it_or_by_an_equal()
    {
        var cluster = SimulatedControlPlane.WithNodes(1, cpu: "2");
        Class(cluster, "p10", 10);
        Class(cluster, "polite20", 20, "Never");
        SchedulerTests.Run(cluster, "a", """ "resources":{"requests":{"cpu":"1500m"}} """, "\"priorityClassName\":\"p10\",");
        cluster.Advance(2);
        SchedulerTests.Run(cluster, "equal", """ "resources":{"requests":{"cpu":"1500m"}} """, "\"priorityClassName\":\"p10\",");
        SchedulerTests.Run(cluster, "polite", """ "resources":{"requests":{"cpu":"1500m"}} """, "\"priorityClassName\":\"polite20\",");
        cluster.Advance(5);
        cluster.Get(Resources.Pods, "a").IsBeingDeleted().ShouldBeFalse();
        cluster.Events("equal")[0].ShouldEndWith("preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.");
        cluster.Events("polite")[0].ShouldEndWith("preemption: not eligible due to preemptionPolicy=Never.");
    }

    [Fact]
    public void The_room_that_was_made_is_kept_for_whom_it_was_made()
    {
        var cluster = SimulatedControlPlane.WithNodes(1, cpu: "2");
        Class(cluster, "p1000", 1000);
        SchedulerTests.Run(cluster, "a", """ "resources":{"requests":{"cpu":"1500m"}} """);
        cluster.Advance(2);
        SchedulerTests.Run(cluster, "boss", """ "resources":{"requests":{"cpu":"1800m"}} """, "\"priorityClassName\":\"p1000\",");
        cluster.Advance(0.1);
        SchedulerTests.Run(cluster, "thief", """ "resources":{"requests":{"cpu":"400m"}} """);
        cluster.Advance(10);
        cluster.Get(Resources.Pods, "boss").NodeName().ShouldBe("w1-k8s");
        cluster.Get(Resources.Pods, "thief").NodeName().ShouldBeNull();
    }

    [Fact]
    public void A_gated_pod_waits_for_its_gate()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        SchedulerTests.Run(cluster, "gated", spec: "\"schedulingGates\":[{\"name\":\"example.com/wait\"}],");
        cluster.Advance(5);
        cluster.Get(Resources.Pods, "gated").NodeName().ShouldBeNull();
        cluster.Events("gated").ShouldBeEmpty();
        cluster.Patch(Resources.Pods, "gated", """{"spec":{"schedulingGates":null}}""");
        cluster.Advance(1);
        cluster.Get(Resources.Pods, "gated").NodeName().ShouldNotBeNull();
    }

    private static void Class(SimulatedControlPlane cluster, string name, int value, string policy = "PreemptLowerPriority") => cluster.Apply(
        "{\"apiVersion\":\"scheduling.k8s.io/v1\",\"kind\":\"PriorityClass\",\"metadata\":{\"name\":\"" + name + "\"},\"value\":" + value
        + ",\"preemptionPolicy\":\"" + policy + "\"}");

    private static string Affinity(string kind, string run, string topology) =>
        "\"affinity\":{\"" + kind + "\":{\"requiredDuringSchedulingIgnoredDuringExecution\":[{\"topologyKey\":\"" + topology + "\",\"labelSelector\":{\"matchExpressions\":[{\"key\":\"run\","
        + (run == "*" ? "\"operator\":\"Exists\"" : "\"operator\":\"In\",\"values\":[\"" + run + "\"]") + "}]}}]}},";
}
