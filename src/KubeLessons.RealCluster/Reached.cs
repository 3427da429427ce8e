using System.Collections.Immutable;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.RealCluster.Api;
using KubeLessons.RealCluster.Nodes;

namespace KubeLessons.RealCluster;

/// <summary>A cluster whose API server answers, and whose nodes are known.</summary>
internal sealed record Reached(ApiConnection Api, KubernetesVersion Version, ImmutableArray<MappedNode> Nodes, NodeNames Names, NodeShell Shell)
    : IAsyncDisposable
{
    /// <exception cref="ClusterUnavailableException">The server does not answer, or its answer is no.</exception>
    public static async Task<Reached> ConnectAsync(
        Kubeconfig kubeconfig, RealClusterOptions options, IReadOnlyList<NodeSpec> wanted, CancellationToken cancellation)
    {
        var api = ApiConnection.Open(kubeconfig, new ClusterClock(options.Clock));
        try
        {
            var version = await VersionAsync(api, cancellation).ConfigureAwait(false);
            using var list = await api.GetAsync("/api/v1/nodes", cancellation).ConfigureAwait(false)
                ?? throw new ApiFault(404, "it serves no nodes");
            var (nodes, unknown) = NodeMapping.Map(wanted, ApiNode.Read(list), options.Nodes);
            if (unknown is not null)
            {
                throw new ClusterUnavailableException(
                    $"--node {unknown} names no node of the cluster; there are {string.Join(", ", ApiNode.Read(list).Select(node => node.Name))}");
            }

            var access = await NodeAccess.ChooseAsync(options, kubeconfig, nodes, cancellation).ConfigureAwait(false);
            await access.PrepareAsync([.. nodes.Select(node => node.Address)], cancellation).ConfigureAwait(false);
            return new Reached(api, version, nodes, new NodeNames(nodes.Select(node => (node.LessonName, node.ClusterName))), new NodeShell(access));
        }
        catch (ApiFault fault)
        {
            api.Dispose();
            throw new ClusterUnavailableException(Unreachable(kubeconfig, fault), fault);
        }
    }

    public static string Unreachable(Kubeconfig kubeconfig, ApiFault fault) => fault.Code == 0
        ? $"the API server of the context {kubeconfig.Context} ({kubeconfig.Server}) cannot be reached: {fault.Message}"
        : $"the API server of the context {kubeconfig.Context} ({kubeconfig.Server}) answered {fault.Code}: {fault.Message}";

    public async ValueTask DisposeAsync()
    {
        await Shell.Access.DisposeAsync().ConfigureAwait(false);
        Api.Dispose();
    }

    private static async Task<KubernetesVersion> VersionAsync(ApiConnection api, CancellationToken cancellation)
    {
        using var document = await api.GetAsync("/version", cancellation).ConfigureAwait(false);
        var said = document?.RootElement.GetProperty("gitVersion").GetString() ?? "";
        return KubernetesVersion.TryParse(string.Join('.', said.TrimStart('v').Split('.').Take(2)), out var version)
            ? version
            : throw new ApiFault(200, $"its version \"{said}\" is not understood");
    }
}
