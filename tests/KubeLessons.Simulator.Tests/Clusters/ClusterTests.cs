using KubeLessons.Simulator.Clusters;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell;

namespace KubeLessons.Simulator.Tests.Clusters;

public sealed class ClusterTests
{
    private const string WebService =
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {run: web}, ports: [{port: 80}]}\n";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_default_cluster_boots_to_all_system_pods_running()
    {
        var cluster = Cluster.Boot(new ClusterSpec());
        cluster.World.Now.ShouldBe(TimeSpan.FromMinutes(10));
        var pods = Run(cluster, "m-k8s", "kubectl get pods -A --no-headers").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        pods.Length.ShouldBe(14);
        pods.ShouldAllBe(pod => pod.Contains(" 1/1 ") && pod.Contains(" Running ") && pod.Contains(" 0 "));
        Run(cluster, "m-k8s", "kubectl get nodes").Output.Split('\n').Count(line => line.Contains(" Ready ")).ShouldBe(4);
    }

    [Fact]
    public void A_pod_created_through_the_API_runs_and_answers_curl()
    {
        var cluster = Cluster.Boot(new ClusterSpec());
        cluster.ControlPlane.Files.Write("/root/web.yaml", WebService);
        Run(cluster, "m-k8s", "kubectl run web --image=nginx --port=80 && kubectl create -f web.yaml").ExitCode.ShouldBe(0);
        cluster.World.Advance(TimeSpan.FromSeconds(15));
        var ip = Run(cluster, "m-k8s", "kubectl get pod web -o jsonpath='{.status.podIP}'").Output;
        foreach (var host in cluster.Spec.Nodes)
        {
            Run(cluster, host, $"curl -s http://{ip}").Output.ShouldContain("Welcome to nginx!");
        }

        var service = Run(cluster, "m-k8s", "kubectl get svc web -o jsonpath='{.spec.clusterIP}'").Output;
        Run(cluster, "w3-k8s", $"curl -s http://{service}").Output.ShouldContain("Welcome to nginx!");
        Run(cluster, "w1-k8s", "curl -s http://web.default.svc.cluster.local").ExitCode.ShouldBe(6);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(24)]
    [InlineData(29)]
    [InlineData(37)]
    public void Other_versions_boot_too(int minor)
    {
        var cluster = Cluster.Boot(new ClusterSpec { Version = new(minor) });
        var pods = Run(cluster, "m-k8s", "kubectl get pods -A --no-headers").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        pods.Length.ShouldBe(14);
        pods.ShouldAllBe(pod => pod.Contains(" 1/1 ") && pod.Contains(" Running "));
    }

    [Fact]
    public void Two_boots_with_one_seed_have_identical_traces()
    {
        var spec = new ClusterSpec { Seed = 42, Age = TimeSpan.FromMinutes(2) };
        Cluster.Boot(spec).World.Trace.ToJsonLines().ShouldBe(Cluster.Boot(spec).World.Trace.ToJsonLines());
    }

    private static (int ExitCode, string Output) Run(Cluster cluster, string host, string command)
    {
        var text = new System.Text.StringBuilder();
        var stream = new TextStream(cluster.World, piece => text.Append(piece));
        var process = cluster.Hosts[host].Processes.Start(new ProcessStart(["bash", "-c", command], ShellProgram.Bash)
        {
            Output = stream,
            Error = stream,
            WorkingDirectory = "/root",
            Environment = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("HOME", "/root"),
        });
        cluster.World.RunUntil(() => process.HasExited, cluster.World.Now + Patience).ShouldBeTrue($"{command} does not end");
        return (process.ExitCode, text.ToString());
    }
}
