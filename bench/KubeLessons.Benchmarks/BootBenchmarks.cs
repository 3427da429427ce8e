using BenchmarkDotNet.Attributes;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.SimulatedCluster;

namespace KubeLessons.Benchmarks;

/// <summary>How long it takes to have a cluster whose system pods all run, and to let time pass on it while nothing happens.</summary>
[MemoryDiagnoser]
public class BootBenchmarks
{
    private static readonly ClusterRequest Request = new(ClusterSpec.Standard, null, null, ["events", "nodes", "pods"]);
    private ICluster _idle = null!;

    [GlobalSetup]
    public async Task BootAsync() => _idle = await SimulatedClusters.OpenAsync(Request, CancellationToken.None);

    [Benchmark(Baseline = true)]
    public async Task<ICluster> Four_nodes_booted() => await SimulatedClusters.OpenAsync(Request, CancellationToken.None);

    [Benchmark]
    public async Task An_hour_of_an_idle_cluster() => await _idle.WaitAsync(TimeSpan.FromHours(1), CancellationToken.None);
}
