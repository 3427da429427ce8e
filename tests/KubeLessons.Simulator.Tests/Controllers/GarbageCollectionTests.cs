using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Controllers;

public class GarbageCollectionTests
{
    [Fact]
    public void A_deployment_that_is_deleted_takes_its_replica_sets_and_pods_along()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 3);
        cluster.Advance(10);
        cluster.Delete(Resources.Deployments, "web");
        cluster.Find(Resources.Deployments, "web").ShouldBeNull();
        cluster.List(Resources.ReplicaSets).Count.ShouldBe(1);
        cluster.Advance(5);
        cluster.List(Resources.ReplicaSets).ShouldBeEmpty();
        cluster.Pods().ShouldBeEmpty();
    }

    [Fact]
    public void In_the_foreground_the_owner_goes_last()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 2);
        cluster.Advance(10);
        cluster.Delete(Resources.Deployments, "web", propagation: "Foreground");
        cluster.Advance(0.5);
        cluster.Get(Resources.Deployments, "web").IsBeingDeleted().ShouldBeTrue();
        cluster.Get(Resources.Deployments, "web").HasFinalizer("foregroundDeletion").ShouldBeTrue();
        cluster.Pods("web").Count.ShouldBe(2);
        cluster.Pods("web").ShouldAllBe(pod => pod.IsBeingDeleted());
        cluster.Advance(5);
        cluster.Pods().ShouldBeEmpty();
        cluster.Find(Resources.Deployments, "web").ShouldBeNull();

        var order = cluster.Timeline(TimeSpan.Zero, change => change.After.Object is null && change.Key.Resource is "pods" or "replicasets.apps" or "deployments.apps"
            && change.After.Object is null ? change.Key.Resource : null).Select(line => line.Split(' ')[1]);
        order.ShouldBe(["pods", "pods", "replicasets.apps", "deployments.apps"]);
    }

    [Fact]
    public void Orphans_stay_and_are_adopted_by_a_new_owner()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 2);
        cluster.Advance(10);
        var pods = cluster.Pods("web").Select(pod => pod.Name()).ToList();
        cluster.Delete(Resources.Deployments, "web", propagation: "Orphan");
        cluster.Advance(5);
        cluster.Find(Resources.Deployments, "web").ShouldBeNull();
        var set = cluster.List(Resources.ReplicaSets).Single();
        set.OwnerReferences().ShouldBeEmpty();
        cluster.Pods("web").Select(pod => pod.Name()).ShouldBe(pods);

        cluster.CreateDeployment("web", 2);
        cluster.Advance(5);
        cluster.List(Resources.ReplicaSets).Single().Uid().ShouldBe(set.Uid());
        cluster.List(Resources.ReplicaSets).Single().ControllerReference()!.Text("kind").ShouldBe("Deployment");
        cluster.Pods("web").Select(pod => pod.Name()).ShouldBe(pods);
    }

    [Fact]
    public void An_object_whose_owner_never_was_is_deleted_and_one_with_another_owner_stays()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        var owner = cluster.Apply("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"owner"}}""");
        const string Ghost = """{"apiVersion":"v1","kind":"ConfigMap","name":"ghost","uid":"11111111-1111-4111-8111-111111111111"}""";
        cluster.Apply("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"lost","ownerReferences":[""" + Ghost + "]}}");
        cluster.Apply("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"kept","ownerReferences":[""" + Ghost
            + """,{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":" """.TrimEnd() + owner.Uid() + "\"}]}}");
        cluster.Advance(5);
        cluster.Find(Resources.ConfigMaps, "lost").ShouldBeNull();
        cluster.Get(Resources.ConfigMaps, "kept").OwnerReferences().Select(reference => reference.Text("name")).ShouldBe(["owner"]);

        cluster.Delete(Resources.ConfigMaps, "owner");
        cluster.Advance(1);
        cluster.Find(Resources.ConfigMaps, "kept").ShouldBeNull();
    }

    [Fact]
    public void A_circle_of_foreground_deletions_ends()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        var a = cluster.Apply("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""");
        var b = cluster.Apply("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}""");
        Own("a", b);
        Own("b", a);
        cluster.Advance(1);
        cluster.Delete(Resources.ConfigMaps, "a", propagation: "Foreground");
        cluster.Advance(5);
        cluster.Find(Resources.ConfigMaps, "a").ShouldBeNull();
        cluster.Find(Resources.ConfigMaps, "b").ShouldBeNull();

        void Own(string name, Doc owner) => cluster.Patch(Resources.ConfigMaps, name, Doc.Obj(("metadata", Doc.Obj(("ownerReferences", Doc.Arr(Doc.Obj(
            ("apiVersion", "v1"), ("kind", "ConfigMap"), ("name", owner.Name()), ("uid", owner.Uid()), ("blockOwnerDeletion", true))))))).ToString());
    }

    [Fact]
    public void Pods_of_a_node_that_was_deleted_are_removed_after_the_quarantine()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 3);
        cluster.Advance(10);
        cluster.Kubelets[0].Stop();
        cluster.Delete(Resources.Nodes, "w1-k8s", "");
        var deleted = cluster.Now;
        cluster.World.RunUntil(() => cluster.Pods("web").TrueForAll(pod => pod.NodeName() != "w1-k8s"), deleted + TimeSpan.FromMinutes(5)).ShouldBeTrue();
        (cluster.Now - deleted).TotalSeconds.ShouldBeInRange(40, 62);
        cluster.Advance(5);
        cluster.ActivePods("web").Count.ShouldBe(3);
    }

    [Fact]
    public void A_namespace_is_emptied_and_goes()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"team"}}""");
        cluster.Advance(1);
        cluster.Find(Resources.ServiceAccounts, "default", "team").ShouldNotBeNull();
        cluster.Find(Resources.ConfigMaps, "kube-root-ca.crt", "team").ShouldNotBeNull();
        cluster.Apply("""
            {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web","namespace":"team"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
             "template":{"metadata":{"labels":{"app":"web"}},"spec":{"terminationGracePeriodSeconds":30,"containers":[{"name":"c","image":"nginx"}]}}}}
            """);
        cluster.Advance(5);
        var start = cluster.Now;
        cluster.Delete(Resources.Namespaces, "team", "");
        cluster.Get(Resources.Namespaces, "team", "").Text("status", "phase").ShouldBe("Terminating");
        cluster.Advance(6);
        Conditions.Find(cluster.Get(Resources.Namespaces, "team", ""), "NamespaceContentRemaining")!.Text("message")
            .ShouldBe("Some resources are remaining: pods. has 2 resource instances");
        cluster.World.RunUntil(() => cluster.Find(Resources.Namespaces, "team", "") is null, start + TimeSpan.FromMinutes(2)).ShouldBeTrue();
        (cluster.Now - start).TotalSeconds.ShouldBeInRange(6, 40);
        cluster.List(Resources.Pods, "team").ShouldBeEmpty();
        cluster.List(Resources.ConfigMaps, "team").ShouldBeEmpty();
    }

    [Fact]
    public void While_the_controller_manager_is_stopped_a_namespace_stays_terminating_and_a_new_one_has_no_service_account()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"old"}}""");
        cluster.Advance(1);
        cluster.ControllerManager!.Exit(0);
        cluster.Delete(Resources.Namespaces, "old", "");
        cluster.Apply("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"new"}}""");
        cluster.Advance(300);
        cluster.Get(Resources.Namespaces, "old", "").Text("status", "phase").ShouldBe("Terminating");
        cluster.Find(Resources.ServiceAccounts, "default", "new").ShouldBeNull();
        cluster.StartControllerManager();
        cluster.Advance(60);
        cluster.Find(Resources.Namespaces, "old", "").ShouldBeNull();
        cluster.Find(Resources.ServiceAccounts, "default", "new").ShouldNotBeNull();
    }
}
