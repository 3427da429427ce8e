using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.RealCluster.Api;
using KubeLessons.RealCluster.Nodes;
using KubeLessons.RealCluster.Observation;
using KubeLessons.RealCluster.Safety;
using KubeLessons.Texts;

namespace KubeLessons.RealCluster;

/// <summary>Opens real clusters for lessons.</summary>
public static class RealClusters
{
    private static readonly TimeSpan NodeAtMost = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Reaches the cluster, writes down what it is like, and begins to watch. What an earlier run left behind is undone first.
    /// </summary>
    /// <exception cref="ClusterUnavailableException">It cannot be reached.</exception>
    /// <exception cref="RefusedException">It must not be changed without the user's word.</exception>
    public static async Task<ICluster> OpenAsync(RealClusterOptions options, ClusterRequest request, CancellationToken cancellation)
    {
        var kubeconfig = await Kubeconfig.ReadAsync(options, cancellation).ConfigureAwait(false);
        await Recovery.RunAsync(options, cancellation).ConfigureAwait(false);
        Permission.Ask(options, kubeconfig);
        var reached = await Reached.ConnectAsync(kubeconfig, options, request.Cluster.Nodes, cancellation).ConfigureAwait(false);
        try
        {
            return await BeginAsync(reached, options, request, cancellation).ConfigureAwait(false);
        }
        catch (ApiFault fault)
        {
            await reached.DisposeAsync().ConfigureAwait(false);
            throw new ClusterUnavailableException(Reached.Unreachable(kubeconfig, fault), fault);
        }
        catch
        {
            await reached.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<ICluster> BeginAsync(Reached reached, RealClusterOptions options, ClusterRequest request, CancellationToken cancellation)
    {
        var resources = await Resources.DiscoverAsync(reached.Api, cancellation).ConfigureAwait(false);
        var record = new ChangeRecord(reached.Api.Clock);
        var watches = new Watches(
        [
            .. request.Resources.Select(id => resources.GetValueOrDefault(id)).OfType<ServedResource>()
                .Select(resource => new ResourceWatch(reached.Api, resource, reached.Names, record)),
        ]);
        var shell = reached.Shell;
        var ledger = new ObjectLedger(reached.Api, resources);
        var journal = Journal.Begin(options.StateFolder, RunId(options.Clock));
        try
        {
            var states = await WriteDownAsync(journal, reached, options, ledger, cancellation).ConfigureAwait(false);
            reached.Api.Clock.Settle();
            var facts = new HostFacts(shell, request.Facts, record);
            await Task.WhenAll(
                watches.ListAsync(cancellation),
                facts.ReadAsync(reached.Nodes.Select(node => (node.LessonName, node.Address)), cancellation)).ConfigureAwait(false);
            var inventory = await InventoryReader.ReadAsync(reached.Api, shell, reached.Nodes, states, cancellation).ConfigureAwait(false);
            var description = new ClusterDescription(
                ClusterKind.Real,
                reached.Api.Kubeconfig.Context,
                reached.Version,
                null,
                [.. reached.Nodes.Select(node => new NodeSpec(node.LessonName, node.Role))],
                await ClusterDurations.ReadAsync(reached, cancellation).ConfigureAwait(false))
            {
                Inventory = inventory,
            };
            var guard = new RunGuard(journal, new Undoing(reached.Api, shell, ledger, journal, options.Tell, options.Clock), shell);
            var opened = new OpenedCluster(description, reached.Api, shell, reached.Names, reached.Nodes, record);
            return new RealCluster(opened, watches, facts, guard);
        }
        catch
        {
            journal.Close();
            throw;
        }
    }

    // The state before anything is done, on the disk before anything is done.
    private static async Task<IReadOnlyDictionary<string, HostState>> WriteDownAsync(
        Journal journal, Reached reached, RealClusterOptions options, ObjectLedger ledger, CancellationToken cancellation)
    {
        journal.Write("begin", Recovery.Describe(reached, options));
        var states = await Task.WhenAll(reached.Nodes.Select(async node => (
            Node: node,
            State: HostState.Parse(await reached.Shell.LookAsync(node.Address, HostState.Script, cancellation, NodeAtMost).ConfigureAwait(false))))).ConfigureAwait(false);
        foreach (var (node, state) in states)
        {
            if (state is null)
            {
                throw new ClusterUnavailableException(
                    $"node {node.ClusterName} cannot be reached through {reached.Shell.Access.Name} at {node.Address}; "
                    + $"try it by hand, or name its address with --node {node.LessonName}={node.ClusterName}@ADDRESS");
            }

            journal.Write("baseline", new JsonObject { ["address"] = node.Address, ["node"] = node.LessonName, ["state"] = state.ToJson() });
        }

        using var nodes = await reached.Api.GetAsync("/api/v1/nodes", cancellation, ApiConnection.Patient).ConfigureAwait(false);
        journal.Write("marks", NodeMarks.Of(nodes!));
        var objects = await ledger.ListAsync(null, cancellation).ConfigureAwait(false);
        reached.Api.Clock.Settle();
        journal.Write("objects", new JsonObject
        {
            ["since"] = reached.Api.Clock.Now.ToString("O", CultureInfo.InvariantCulture),
            ["uids"] = new JsonArray([.. objects.Select(each => (JsonNode?)JsonValue.Create(each.Uid))]),
        });
        await StandIns.PutAsync(reached.Shell, reached.Nodes, RunGuard.FolderOf(journal.RunId), cancellation).ConfigureAwait(false);
        return states.ToDictionary(each => each.Node.LessonName, each => each.State!, StringComparer.Ordinal);
    }

    private static string RunId(TimeProvider clock) =>
        clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + "-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
}
