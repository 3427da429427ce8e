using KubeLessons.Simulator.Clusters;

namespace KubeLessons.Simulator.Tests.Clusters;

public sealed class ClusterTests
{
    private const string WebService =
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {run: web}, ports: [{port: 80}]}\n";

    [Fact]
    public void A_default_cluster_boots_to_all_system_pods_running()
    {
        var cluster = new BootedCluster();
        cluster.World.Now.ShouldBe(TimeSpan.FromMinutes(10));
        var pods = cluster.Run("m-k8s", "kubectl get pods -A --no-headers").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        pods.Length.ShouldBe(14);
        pods.ShouldAllBe(pod => pod.Contains(" 1/1 ") && pod.Contains(" Running ") && pod.Contains(" 0 "));
        cluster.Run("m-k8s", "kubectl get nodes").Output.Split('\n').Count(line => line.Contains(" Ready ")).ShouldBe(4);
    }

    [Fact]
    public void A_pod_created_through_the_API_runs_and_answers_curl()
    {
        var cluster = new BootedCluster();
        cluster.Master.Files.Write("/root/web.yaml", WebService);
        cluster.Run("m-k8s", "kubectl run web --image=nginx --port=80 && kubectl create -f web.yaml").ExitCode.ShouldBe(0);
        cluster.World.Advance(TimeSpan.FromSeconds(15));
        var ip = cluster.Run("m-k8s", "kubectl get pod web -o jsonpath='{.status.podIP}'").Output;
        foreach (var host in cluster.Cluster.Spec.Nodes)
        {
            cluster.Run(host, $"curl -s http://{ip}").Output.ShouldContain("Welcome to nginx!");
        }

        var service = cluster.Run("m-k8s", "kubectl get svc web -o jsonpath='{.spec.clusterIP}'").Output;
        cluster.Run("w3-k8s", $"curl -s http://{service}").Output.ShouldContain("Welcome to nginx!");
        cluster.Run("w1-k8s", "curl -s http://web.default.svc.cluster.local").ExitCode.ShouldBe(6);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(24)]
    [InlineData(29)]
    [InlineData(37)]
    public void Other_versions_boot_too(int minor)
    {
        var cluster = new BootedCluster(new ClusterSpec { Version = new(minor) });
        var pods = cluster.Run("m-k8s", "kubectl get pods -A --no-headers").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        pods.Length.ShouldBe(14);
        pods.ShouldAllBe(pod => pod.Contains(" 1/1 ") && pod.Contains(" Running "));
    }

    [Fact]
    public void Two_boots_with_one_seed_have_identical_traces()
    {
        var spec = new ClusterSpec { Seed = 42, Age = TimeSpan.FromMinutes(2) };
        Cluster.Boot(spec).World.Trace.ToJsonLines().ShouldBe(Cluster.Boot(spec).World.Trace.ToJsonLines());
    }
}
