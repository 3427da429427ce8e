using System.Diagnostics;
using KubeLessons.Simulator;

namespace KubeLessons.Benchmarks;

/// <summary>
/// What a pod costs when a Deployment is scaled: <c>scale NODES PODS…</c>. For every size a cluster is booted and a Deployment of
/// pause containers scaled to it, until all its pods are Running; a line a size, in processor time, which a busy machine does not
/// stretch as it does wall time.
/// </summary>
internal static class Scale
{
    public static void Run(ReadOnlySpan<string> arguments)
    {
        var nodes = int.Parse(arguments[0], null);
        Console.WriteLine("nodes   pods   boot cpu s   scale cpu s   ms a pod   wall s   cluster s   managed MiB");
        foreach (var size in arguments[1..])
        {
            One(nodes, int.Parse(size, null));
        }
    }

    private static void One(int nodes, int pods)
    {
        var begin = Cpu();
        var cluster = BenchCluster.Boot(nodes);
        var booted = Cpu() - begin;
        BenchCluster.Run(cluster, "kubectl create deployment web --image=registry.k8s.io/pause:3.10 --replicas=0");
        var from = cluster.World.Now;
        var watch = Stopwatch.StartNew();
        begin = Cpu();
        BenchCluster.Run(cluster, $"kubectl scale deployment web --replicas={pods}");
        var (running, seen) = (0, 0);
        while (running < pods && cluster.World.Step())
        {
            for (; seen < cluster.World.Trace.Count; seen++)
            {
                running += cluster.World.Trace[seen] is ObjectChanged { Change: { Key: { Resource: "pods", Namespace: "default" } } change }
                    && Phase(change.After) == "Running" && Phase(change.Before) != "Running" ? 1 : 0;
            }
        }

        var spent = Cpu() - begin;
        Console.WriteLine(
            $"{nodes,5} {pods,6} {booted,12:F2} {spent,13:F2} {spent * 1000 / pods,10:F3} {watch.Elapsed.TotalSeconds,8:F1} "
            + $"{(cluster.World.Now - from).TotalSeconds,11:F1} {GC.GetTotalMemory(true) / 1048576,13}");
        GC.KeepAlive(cluster);
    }

    private static string? Phase(Simulator.Store.ObjectVersion? version) => version?.Object?.Text("status", "phase");

    private static double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
}
