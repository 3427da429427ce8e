using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Clusters;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Tests.Kubelet;

/// <summary>The kubelets of a whole cluster, whose API server is a static pod of one of them.</summary>
public sealed class ClusterTests
{
    private static readonly ResourcePath _leases = new("coordination.k8s.io", "v1", "leases");

    [Fact]
    public void The_control_plane_comes_up_from_the_manifests_of_its_node()
    {
        var (cluster, client) = Booted();
        foreach (var name in (string[])["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"])
        {
            var pod = client.Send(ApiRequest.Get(ResourcePath.Core("pods"), "kube-system", name + "-m-k8s")).Response!.Body;
            pod.List("status", "conditions").First(condition => condition.Text("type") == "Ready").Text("status").ShouldBe("True", name);
        }

        client.Send(ApiRequest.List(ResourcePath.Core("nodes"))).Response!.Body.List("items")
            .All(node => node.List("status", "conditions").First(condition => condition.Text("type") == "Ready").Text("status") == "True").ShouldBeTrue();
        cluster.World.Now.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void A_partitioned_node_renews_no_more_from_the_next_renewal_on_and_again_when_it_is_joined()
    {
        var (cluster, client) = Booted();
        var segment = cluster.Lan.Segment;
        var (worker, control) = (Card(cluster, "w1-k8s"), Card(cluster, "m-k8s"));
        var last = Renewed(client);
        segment.Separate(worker, control);
        cluster.World.Advance(TimeSpan.FromSeconds(25));
        client.IsRenewed("kube-node-lease", "w1-k8s").ShouldBeFalse();
        Renewed(client).ShouldBe(last);
        cluster.World.Advance(TimeSpan.FromSeconds(100));
        segment.JoinAll();
        cluster.World.Advance(TimeSpan.FromSeconds(45));
        client.IsRenewed("kube-node-lease", "w1-k8s").ShouldBeTrue();
        (Renewed(client) - last).ShouldBeGreaterThan(TimeSpan.FromSeconds(120));
    }

    [Fact]
    public void A_moved_manifest_stops_the_scheduler_and_moving_it_back_starts_it()
    {
        var (cluster, client) = Booted();
        var files = cluster.ControlPlane.Files;
        var manifest = files.Read("/etc/kubernetes/manifests/kube-scheduler.yaml")!;
        files.Remove("/etc/kubernetes/manifests/kube-scheduler.yaml");
        cluster.World.Advance(TimeSpan.FromSeconds(20));
        cluster.ControlPlane.Processes.Running.ShouldNotContain(process => process.Name == "kube-scheduler");
        client.Send(ApiRequest.Get(ResourcePath.Core("pods"), "kube-system", "kube-scheduler-m-k8s")).Reason.ShouldBe("NotFound");
        files.Write("/etc/kubernetes/manifests/kube-scheduler.yaml", manifest);
        cluster.World.Advance(TimeSpan.FromSeconds(20));
        cluster.ControlPlane.Processes.Running.ShouldContain(process => process.Name == "kube-scheduler");
    }

    [Fact]
    public void A_killed_API_server_is_restarted_by_its_kubelet()
    {
        var (cluster, client) = Booted();
        cluster.ControlPlane.Processes.Running.First(process => process.Name == "kube-apiserver").Send(ProcessSignal.Kill);
        cluster.World.Advance(TimeSpan.FromMilliseconds(10));
        client.CanReachServer().ShouldBeFalse();
        cluster.World.Advance(TimeSpan.FromSeconds(40));
        var pod = client.Send(ApiRequest.Get(ResourcePath.Core("pods"), "kube-system", "kube-apiserver-m-k8s")).Response!.Body;
        pod.List("status", "containerStatuses")[0].Int("restartCount").ShouldBe(1);
    }

    [Fact]
    public void A_cluster_at_rest_takes_few_turns()
    {
        var (cluster, _) = Booted();
        cluster.World.Advance(TimeSpan.FromMinutes(10));
        var turns = cluster.World.TurnsRun;
        cluster.World.Advance(TimeSpan.FromMinutes(10));
        (cluster.World.TurnsRun - turns).ShouldBeLessThan(700);
    }

    private static (Cluster Cluster, ApiClient Client) Booted()
    {
        var cluster = Cluster.Assemble(new ClusterSpec());
        cluster.World.AdvanceTo(TimeSpan.FromSeconds(60));
        var process = cluster.ControlPlane.Processes.Start(new ProcessStart(["test"], _ => [Wait.Forever]));
        return (cluster, ApiClients.FromKubeconfig(process, "/etc/kubernetes/admin.conf", "test"));
    }

    private static DateTimeOffset Renewed(ApiClient client) => DateTimeOffset.Parse(
        client.Send(ApiRequest.Get(_leases, "kube-node-lease", "w1-k8s")).Response!.Body.Text("spec", "renewTime")!, null);

    private static NetworkInterface Card(Cluster cluster, string host) => cluster.Hosts[host].Network.Stack.Interface(Lan.CardName)!;
}
