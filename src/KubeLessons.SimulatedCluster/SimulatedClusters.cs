using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Simulator.Clusters;
using ClusterSpec = KubeLessons.Simulator.Clusters.ClusterSpec;
using SimulatedVersion = KubeLessons.Simulator.Versions.KubernetesVersion;

namespace KubeLessons.SimulatedCluster;

/// <summary>Opens simulated clusters for lessons.</summary>
public static class SimulatedClusters
{
    /// <summary>A cluster as the request asks for it, booted and settled: a lesson begins ten minutes after the machines were switched on.</summary>
    /// <exception cref="ClusterUnavailableException">The version cannot be simulated, or its control planes are an even number.</exception>
    public static Task<ICluster> OpenAsync(ClusterRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var asked = request.Kubernetes ?? new KubernetesVersion(1, SimulatedVersion.DefaultMinor);
        var version = SimulatedVersion.TryParse(asked.ToString())
            ?? throw new ClusterUnavailableException(
                $"Kubernetes {asked} cannot be simulated; 1.{SimulatedVersion.OldestMinor} to 1.{SimulatedVersion.NewestMinor} can.");
        var controlPlanes = request.Cluster.Nodes.Where(node => node.Role == NodeRole.ControlPlane).ToList();
        if (controlPlanes.Count % 2 == 0)
        {
            throw new ClusterUnavailableException($"A simulated cluster has an odd number of control planes; the lesson asks for {controlPlanes.Count}.");
        }

        var seed = request.Seed ?? request.Cluster.Seed;
        var cluster = Cluster.Boot(new ClusterSpec
        {
            Seed = (ulong)seed,
            Version = version,
            Nodes = [.. controlPlanes.Concat(request.Cluster.Nodes.Except(controlPlanes)).Select(node => node.Name)],

            // The first has the whole control plane; the others are members of its etcd.
            EtcdMembers = controlPlanes.Count,
            Addons = request.Cluster.Addons,
        });
        var description = new ClusterDescription(
            ClusterKind.Simulated, "simulated", asked, seed, request.Cluster.Nodes, DurationSymbols.Upstream(asked));
        return Task.FromResult<ICluster>(new SimulatedCluster(cluster.World, cluster.Hosts, description, request.Resources));
    }
}
