using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Controllers.Deployments;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Tests.Controllers;

public class DeploymentTests
{
    [Fact]
    public void A_deployment_makes_a_replica_set_named_after_its_template_and_reports_success()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 3);
        cluster.Advance(5);

        var set = cluster.List(Resources.ReplicaSets).Single();
        set.Name().ShouldMatch("^web-[bcdfghjklmnpqrstvwxz2456789]{7,10}$");
        set.Label(PodTemplateHash.Label).ShouldBe(set.Name()[4..]);
        set.Annotation(DeploymentAnnotations.Revision).ShouldBe("1");
        set.Annotation(DeploymentAnnotations.MaxReplicas).ShouldBe("4");
        cluster.Pods("web").Select(pod => pod.Label(PodTemplateHash.Label)).Distinct().ShouldBe([set.Name()[4..]]);

        var deployment = cluster.Get(Resources.Deployments, "web");
        deployment.Annotation(DeploymentAnnotations.Revision).ShouldBe("1");
        deployment.At("status")!.Int("availableReplicas").ShouldBe(3);
        deployment.At("status")!.Int("unavailableReplicas").ShouldBeNull();
        deployment.List("status", "conditions").Select(c => $"{c.Text("type")} {c.Text("status")} {c.Text("reason")}")
            .ShouldBe(["Available True MinimumReplicasAvailable", "Progressing True NewReplicaSetAvailable"]);
        Conditions.Find(deployment, "Progressing")!.Text("message").ShouldBe($"ReplicaSet \"{set.Name()}\" has successfully progressed.");
        cluster.Events("web").ShouldBe([$"Normal ScalingReplicaSet Scaled up replica set {set.Name()} from 0 to 3"]);
    }

    [Fact]
    public void The_same_template_has_the_same_hash_in_every_world_and_another_template_another()
    {
        var (a, b) = (SimulatedControlPlane.WithNodes(seed: 1), SimulatedControlPlane.WithNodes(seed: 2));
        a.CreateDeployment("web", 1);
        b.CreateDeployment("web", 1);
        a.CreateDeployment("api", 1, "httpd");
        a.Advance(2);
        b.Advance(2);
        var names = a.List(Resources.ReplicaSets).Select(set => set.Name()).ToList();
        names.ShouldContain(b.List(Resources.ReplicaSets).Single().Name());
        names.Select(name => name[4..]).Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData(3, "25%", "25%")]
    [InlineData(10, "25%", "25%")]
    [InlineData(4, "1", "0")]
    [InlineData(4, "0", "2")]
    [InlineData(1, "0", "1%")]
    public void A_rolling_update_never_leaves_its_limits(int replicas, string surge, string unavailable)
    {
        var cluster = SimulatedControlPlane.WithNodes(4, cpu: "16");
        cluster.CreateDeployment("web", replicas, extra:
            $"\"strategy\":{{\"rollingUpdate\":{{\"maxSurge\":{Quoted(surge)},\"maxUnavailable\":{Quoted(unavailable)}}}}},");
        cluster.Advance(10);
        var limits = RolloutLimits.Of(cluster.Get(Resources.Deployments, "web"));
        cluster.Patch(Resources.Deployments, "web", """{"spec":{"template":{"metadata":{"annotations":{"v":"2"}}}}}""");
        var (most, least) = (0, int.MaxValue);
        for (var step = 0; step < 300; step++)
        {
            cluster.Advance(0.2);
            most = Math.Max(most, cluster.ActivePods("web").Count);
            least = Math.Min(least, cluster.ActivePods("web").Count(pod => pod.IsReady()));
        }

        most.ShouldBeLessThanOrEqualTo(replicas + (int)limits.MaxSurge);
        least.ShouldBeGreaterThanOrEqualTo(replicas - (int)limits.MaxUnavailable);
        cluster.Pods("web").Count.ShouldBe(replicas);
        cluster.Pods("web").Select(pod => pod.Annotation("v")).Distinct().ShouldBe(["2"]);
        cluster.Get(Resources.Deployments, "web").Annotation(DeploymentAnnotations.Revision).ShouldBe("2");
        Conditions.Find(cluster.Get(Resources.Deployments, "web"), "Progressing")!.Text("reason").ShouldBe("NewReplicaSetAvailable");
    }

    [Fact]
    public void Going_back_to_an_old_template_reuses_its_replica_set_under_a_new_revision()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 2);
        cluster.Advance(10);
        var first = cluster.List(Resources.ReplicaSets).Single();
        SetImage(cluster, "httpd");
        cluster.Advance(20);
        SetImage(cluster, "nginx");
        cluster.Advance(20);

        cluster.List(Resources.ReplicaSets).Count.ShouldBe(2);
        var again = cluster.Get(Resources.ReplicaSets, first.Name());
        again.Annotation(DeploymentAnnotations.Revision).ShouldBe("3");
        again.Annotation(DeploymentAnnotations.RevisionHistory).ShouldBe("1");
        again.Int("spec", "replicas").ShouldBe(2);
        cluster.Get(Resources.Deployments, "web").Annotation(DeploymentAnnotations.Revision).ShouldBe("3");
    }

    [Fact]
    public void A_rollout_that_does_not_come_up_keeps_the_old_pods_and_times_out()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 3, extra: "\"progressDeadlineSeconds\":60,");
        cluster.Advance(10);
        SetImage(cluster, "broken");
        cluster.Advance(30);
        cluster.ActivePods("web").Count(pod => pod.IsReady()).ShouldBe(3);
        cluster.ActivePods("web").Count.ShouldBe(4);
        cluster.Advance(60);

        var progressing = Conditions.Find(cluster.Get(Resources.Deployments, "web"), "Progressing")!;
        (progressing.Text("status"), progressing.Text("reason")).ShouldBe(("False", "ProgressDeadlineExceeded"));
        progressing.Text("message")!.ShouldEndWith("has timed out progressing.");
    }

    [Fact]
    public void Recreate_starts_new_pods_when_the_last_old_one_is_gone()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 3, extra: "\"strategy\":{\"type\":\"Recreate\"},");
        cluster.Advance(10);
        SetImage(cluster, "httpd");
        for (var step = 0; step < 100; step++)
        {
            cluster.Advance(0.1);
            cluster.Pods("web").Select(pod => pod.List("spec", "containers")[0].Text("image")).Distinct().Count().ShouldBeLessThanOrEqualTo(1);
        }

        cluster.Pods("web").Count(pod => pod.IsReady() && pod.List("spec", "containers")[0].Text("image") == "httpd").ShouldBe(3);
    }

    [Fact]
    public void A_change_of_size_in_the_middle_of_a_rollout_is_shared_out()
    {
        var cluster = SimulatedControlPlane.WithNodes(4, cpu: "16");
        cluster.CreateDeployment("web", 10, extra: "\"strategy\":{\"rollingUpdate\":{\"maxSurge\":3,\"maxUnavailable\":2}},");
        cluster.Advance(10);
        SetImage(cluster, "broken");
        cluster.Advance(10);
        Sizes().ShouldBe([5, 8]);

        cluster.Patch(Resources.Deployments, "web", """{"spec":{"replicas":15}}""");
        cluster.Advance(10);
        Sizes().ShouldBe([7, 11]);

        List<long> Sizes() => [.. cluster.List(Resources.ReplicaSets).Select(set => set.Int("spec", "replicas")!.Value).Order()];
    }

    [Fact]
    public void A_paused_deployment_collects_changes_and_rolls_them_out_at_once()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 2);
        cluster.Advance(10);
        cluster.Patch(Resources.Deployments, "web", """{"spec":{"paused":true}}""");
        SetImage(cluster, "httpd");
        cluster.Advance(10);
        cluster.List(Resources.ReplicaSets).Count.ShouldBe(1);
        Conditions.Find(cluster.Get(Resources.Deployments, "web"), "Progressing")!.Text("reason").ShouldBe("DeploymentPaused");

        cluster.Patch(Resources.Deployments, "web", """{"spec":{"paused":false}}""");
        cluster.Advance(20);
        cluster.List(Resources.ReplicaSets).Count.ShouldBe(2);
        cluster.Get(Resources.Deployments, "web").Int("status", "updatedReplicas").ShouldBe(2);
    }

    [Fact]
    public void Old_revisions_beyond_the_limit_are_deleted()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 1, extra: "\"revisionHistoryLimit\":2,");
        cluster.Advance(10);
        for (var version = 2; version <= 6; version++)
        {
            SetImage(cluster, $"nginx:{version}");
            cluster.Advance(20);
        }

        cluster.List(Resources.ReplicaSets).Select(DeploymentAnnotations.RevisionOf).Order().ShouldBe([4L, 5L, 6L]);
    }

    [Theory]
    [InlineData(20, "Scaled up replica set web to 3", "Scaled down replica set web to 1")]
    [InlineData(28, "Scaled up replica set web to 3", "Scaled down replica set web to 1 from 3")]
    [InlineData(33, "Scaled up replica set web from 0 to 3", "Scaled down replica set web from 3 to 1")]
    public void Events_are_worded_as_the_version_words_them(int minor, string up, string down)
    {
        var cluster = SimulatedControlPlane.WithNodes(minor: minor);
        cluster.CreateDeployment("web", 3);
        cluster.Advance(5);
        cluster.Patch(Resources.Deployments, "web", """{"spec":{"replicas":1}}""");
        cluster.Advance(5);
        var set = cluster.List(Resources.ReplicaSets).Single().Name();
        cluster.Events("web").Select(text => text.Replace(set, "web")).ShouldBe(["Normal ScalingReplicaSet " + up, "Normal ScalingReplicaSet " + down]);
    }

    [Fact]
    public void Writes_of_a_settled_deployment_cease()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 3);
        cluster.Advance(20);
        var writes = cluster.Timeline(TimeSpan.Zero, change => change.Key.Resource is "deployments.apps" or "replicasets.apps" ? change.Key.ToString() : null);
        writes.Count.ShouldBeLessThan(20);
        var revision = cluster.Server.Store.Revision;
        cluster.Advance(3600);
        cluster.Server.Store.Revision.ShouldBe(revision);
    }

    private static string Quoted(string value) => value.EndsWith('%') ? $"\"{value}\"" : value;

    private static void SetImage(SimulatedControlPlane cluster, string image) => cluster.Patch(
        Resources.Deployments, "web", $$"""{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"{{image}}"}]} } } }""");
}
