using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Clusters;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Benchmarks;

/// <summary>A simulated cluster of any size, driven by commands on its control plane.</summary>
internal static class BenchCluster
{
    public static Cluster Boot(int nodes) =>
        Cluster.Boot(new ClusterSpec { Nodes = ["m-k8s", .. Enumerable.Range(1, nodes - 1).Select(number => $"w{number}-k8s")] });

    /// <summary>Runs a script in bash on the control plane, to its end; what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(Cluster cluster, string script)
    {
        var (host, text) = (cluster.ControlPlane, new StringBuilder());
        var process = host.Processes.Start(new ProcessStart(["bash", "-c", script], host.Programs.Find("bash")!)
        {
            Environment = ImmutableDictionary<string, string>.Empty.Add("HOME", "/root").Add("PATH", "/usr/bin:/bin"),
            WorkingDirectory = "/root",
            Output = new TextStream(cluster.World, piece => text.Append(piece)),
            Error = new TextStream(cluster.World, piece => text.Append(piece)),
        });
        cluster.World.RunUntil(() => process.HasExited, cluster.World.Now + TimeSpan.FromMinutes(10));
        return process is { HasExited: true, ExitCode: 0 }
            ? text.ToString()
            : throw new InvalidOperationException($"'{script}' failed: {text}");
    }
}
