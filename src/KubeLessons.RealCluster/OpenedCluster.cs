using System.Collections.Immutable;
using KubeLessons.Clusters;
using KubeLessons.RealCluster.Api;
using KubeLessons.RealCluster.Nodes;
using KubeLessons.RealCluster.Observation;

namespace KubeLessons.RealCluster;

/// <summary>What belongs to a cluster that was reached.</summary>
internal sealed record OpenedCluster(
    ClusterDescription Description, ApiConnection Api, NodeShell Shell, NodeNames Names, ImmutableArray<MappedNode> Nodes, ChangeRecord Record)
    : IAsyncDisposable
{
    public ClusterClock Clock => Api.Clock;

    public async ValueTask DisposeAsync()
    {
        await Shell.Access.DisposeAsync().ConfigureAwait(false);
        Api.Dispose();
    }
}
