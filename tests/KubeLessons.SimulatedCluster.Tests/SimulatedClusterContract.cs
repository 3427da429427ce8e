using KubeLessons.Clusters;
using KubeLessons.Testing.Contract;

namespace KubeLessons.SimulatedCluster.Tests;

/// <summary>The simulated cluster keeps what every cluster promises.</summary>
public sealed class SimulatedClusterContract : ClusterContract
{
    protected override Task<ICluster> OpenAsync(ClusterRequest request) => SimulatedClusters.OpenAsync(request, Token);
}
