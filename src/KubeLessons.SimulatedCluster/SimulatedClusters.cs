using KubeLessons.Clusters;

namespace KubeLessons.SimulatedCluster;

/// <summary>Opens simulated clusters for lessons.</summary>
public static class SimulatedClusters
{
    /// <summary>A cluster as the request asks for it, booted and settled.</summary>
    public static Task<ICluster> OpenAsync(ClusterRequest request, CancellationToken cancellation) =>
        throw new ClusterUnavailableException("The simulated cluster is not assembled yet.");
}
