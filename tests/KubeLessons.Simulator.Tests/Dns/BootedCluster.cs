using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Clusters;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Tests.Dns;

/// <summary>A whole cluster, with a deployment "web" of two nginx pods behind a Service, and a busybox pod "probe" on w1-k8s.</summary>
internal sealed class BootedCluster
{
    private const string Objects = """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: peers}
        spec: {clusterIP: None, selector: {app: web}, ports: [{name: http, port: 80}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: alias}
        spec: {type: ExternalName, externalName: web.default.svc.cluster.local}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: probe}
        spec: {nodeName: w1-k8s, containers: [{name: probe, image: busybox, command: [sleep, "36000"]}]}
        """;

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    public BootedCluster(int minor = KubernetesVersion.DefaultMinor)
    {
        Cluster = Cluster.Boot(new ClusterSpec { Version = new KubernetesVersion(minor), Age = TimeSpan.FromMinutes(1) });
        Cluster.ControlPlane.Files.Write("/root/objects.yaml", Objects);
        Run("m-k8s", "kubectl create deployment web --image=nginx --replicas=2 && kubectl create -f objects.yaml").ExitCode.ShouldBe(0);
        Advance(20);
    }

    public Cluster Cluster { get; }

    public void Advance(double seconds) => Cluster.World.Advance(TimeSpan.FromSeconds(seconds));

    public (int ExitCode, string Output) Kubectl(string arguments) => Run("m-k8s", "kubectl " + arguments);

    /// <summary>Merges JSON into an object of the API group apps, as the cluster's administrator.</summary>
    public void Patch(string plural, string ns, string name, string json)
    {
        var process = Cluster.ControlPlane.Processes.Start(new ProcessStart(["client"], _ => [Wait.Forever]));
        var client = ApiClients.FromKubeconfig(process, "/etc/kubernetes/admin.conf", "client");
        var reply = client.Send(ApiRequest.MergePatch(new ResourcePath("apps", "v1", plural), ns, name, DocJson.Parse(json)));
        reply.IsSuccess.ShouldBeTrue(reply.Response?.Message ?? reply.ConnectionError);
        process.Exit(0);
    }

    public void Scale(string ns, string deployment, int replicas) => Patch("deployments", ns, deployment, $$$"""{"spec":{"replicas":{{{replicas}}}}}""");

    /// <summary>Runs a command in the busybox pod.</summary>
    public (int ExitCode, string Output) InPod(string command) => Run("w1-k8s", $"crictl exec $(crictl ps -q --name probe) {command}");

    public (int ExitCode, string Output) Run(string host, string command)
    {
        var text = new StringBuilder();
        var stream = new TextStream(Cluster.World, piece => text.Append(piece));
        var process = Cluster.Hosts[host].Processes.Start(new ProcessStart(["bash", "-c", command], ShellProgram.Bash)
        {
            Output = stream,
            Error = stream,
            WorkingDirectory = "/root",
            Environment = ImmutableDictionary<string, string>.Empty.Add("HOME", "/root"),
        });
        Cluster.World.RunUntil(() => process.HasExited, Cluster.World.Now + _patience).ShouldBeTrue($"{command} does not end");
        return (process.ExitCode, text.ToString());
    }
}
