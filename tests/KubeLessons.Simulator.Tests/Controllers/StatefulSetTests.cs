using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Controllers;

public class StatefulSetTests
{
    private const string Db = """
        {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"db"},"spec":{"replicas":3,"serviceName":"db","podManagementPolicy":"OrderedReady",
         "updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":0}},"selector":{"matchLabels":{"app":"db"}},
         "template":{"metadata":{"labels":{"app":"db"}},"spec":{"containers":[{"name":"c","image":"nginx"}]}},
         "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}
        """;

    [Fact]
    public void Pods_come_one_after_another_with_names_and_claims_of_their_own()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Db);
        cluster.Advance(0.5);
        Names(cluster).ShouldBe(["db-0"]);
        cluster.Advance(1);
        Names(cluster).ShouldBe(["db-0", "db-1"]);
        cluster.Advance(5);
        Names(cluster).ShouldBe(["db-0", "db-1", "db-2"]);
        var pod = cluster.Get(Resources.Pods, "db-1");
        (pod.Text("spec", "hostname"), pod.Text("spec", "subdomain")).ShouldBe(("db-1", "db"));
        pod.List("spec", "volumes")[0].Text("persistentVolumeClaim", "claimName").ShouldBe("data-db-1");
        cluster.List(Resources.PersistentVolumeClaims).Select(claim => claim.Name()).ShouldBe(["data-db-0", "data-db-1", "data-db-2"]);
        var status = cluster.Get(Resources.StatefulSets, "db")["status"]!;
        (status.Int("replicas"), status.Int("readyReplicas"), status.Int("currentReplicas")).ShouldBe((3, 3, 3));
        status.Text("currentRevision").ShouldBe(status.Text("updateRevision"));
        cluster.Events("db")[..2].ShouldBe(["Normal SuccessfulCreate create Claim data-db-0 Pod db-0 in StatefulSet db success", "Normal SuccessfulCreate create Pod db-0 in StatefulSet db successful"]);
    }

    [Fact]
    public void Scaling_down_goes_from_the_top_and_keeps_the_claims()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Db);
        cluster.Advance(10);
        cluster.Patch(Resources.StatefulSets, "db", """{"spec":{"replicas":1}}""");
        cluster.Advance(0.5);
        cluster.ActivePods("db").Select(pod => pod.Name()).ShouldBe(["db-0", "db-1"]);
        cluster.Advance(5);
        Names(cluster).ShouldBe(["db-0"]);
        cluster.List(Resources.PersistentVolumeClaims).Count.ShouldBe(3);
    }

    [Fact]
    public void The_pod_of_a_lost_node_is_not_replaced_until_it_is_gone()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Db);
        cluster.Advance(10);
        var victim = cluster.Get(Resources.Pods, "db-0");
        var kubelet = cluster.Kubelets.Single(each => each.Node == victim.NodeName());
        kubelet.Stop();
        cluster.Advance(500);
        var stuck = cluster.Get(Resources.Pods, "db-0");
        stuck.Uid().ShouldBe(victim.Uid());
        stuck.IsBeingDeleted().ShouldBeTrue();
        Names(cluster).ShouldBe(["db-0", "db-1", "db-2"]);

        kubelet.Start();
        cluster.Advance(10);
        var fresh = cluster.Get(Resources.Pods, "db-0");
        fresh.Uid().ShouldNotBe(victim.Uid());
        fresh.IsReady().ShouldBeTrue();
    }

    [Fact]
    public void An_update_goes_from_the_top_down_to_the_partition()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Db);
        cluster.Advance(10);
        cluster.Patch(Resources.StatefulSets, "db", """{"spec":{"updateStrategy":{"rollingUpdate":{"partition":1}},"template":{"metadata":{"annotations":{"v":"2"}}}}}""");
        cluster.Advance(0.5);
        cluster.ActivePods("db").Count.ShouldBe(2);
        cluster.Advance(20);
        cluster.Pods("db").Select(pod => pod.Annotation("v")).ShouldBe([null, "2", "2"]);
        var status = cluster.Get(Resources.StatefulSets, "db")["status"]!;
        (status.Int("currentReplicas"), status.Int("updatedReplicas")).ShouldBe((1, 2));
        cluster.Delete(Resources.Pods, "db-0");
        cluster.Advance(5);
        cluster.Get(Resources.Pods, "db-0").Annotation("v").ShouldBeNull();

        cluster.Patch(Resources.StatefulSets, "db", """{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}""");
        cluster.Advance(10);
        cluster.Get(Resources.Pods, "db-0").Annotation("v").ShouldBe("2");
        status = cluster.Get(Resources.StatefulSets, "db")["status"]!;
        status.Text("currentRevision").ShouldBe(status.Text("updateRevision"));
    }

    [Fact]
    public void In_parallel_nobody_waits_for_another()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Db.Replace("OrderedReady", "Parallel"));
        cluster.Advance(0.1);
        Names(cluster).ShouldBe(["db-0", "db-1", "db-2"]);
    }

    [Fact]
    public void A_broken_first_pod_holds_up_the_rest_and_a_failed_one_is_made_anew()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Db.Replace("\"nginx\"", "\"broken\""));
        cluster.Advance(60);
        Names(cluster).ShouldBe(["db-0"]);

        cluster.Apply(Db.Replace("\"nginx\"", "\"failing\"").Replace("\"name\":\"db\"", "\"name\":\"bad\"").Replace("\"app\":\"db\"", "\"app\":\"bad\""));
        cluster.Advance(10);
        cluster.Events("bad").ShouldContain("Warning RecreatingFailedPod StatefulSet default/bad is recreating failed Pod bad-0");
    }

    private static List<string> Names(SimulatedControlPlane cluster) => [.. cluster.Pods("db").Select(pod => pod.Name())];
}
