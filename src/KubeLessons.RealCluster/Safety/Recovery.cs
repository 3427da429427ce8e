using System.Collections.Immutable;
using System.Text.Json.Nodes;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.RealCluster.Api;
using KubeLessons.RealCluster.Nodes;
using KubeLessons.Texts;

namespace KubeLessons.RealCluster.Safety;

/// <summary>Undoes what runs left behind that were cut off: the tool was killed, or this machine went down.</summary>
internal static class Recovery
{
    /// <summary>What a later start needs to come to the same cluster on the same way.</summary>
    public static JsonObject Describe(Reached reached, RealClusterOptions options) => new()
    {
        ["context"] = reached.Api.Kubeconfig.Context,
        ["kubeconfig"] = options.Kubeconfig is { } file ? Path.GetFullPath(file) : null,
        ["via"] = reached.Shell.Access.Name,
        ["sshConfig"] = options.SshConfig is { } ssh ? Path.GetFullPath(ssh) : null,
        ["nodes"] = new JsonArray([.. reached.Nodes.Select(node => (JsonNode?)new JsonObject
        {
            ["lesson"] = node.LessonName, ["cluster"] = node.ClusterName, ["address"] = node.Address, ["controlPlane"] = node.Role == NodeRole.ControlPlane,
        })]),
    };

    /// <summary>Undoes all that can be undone.</summary>
    /// <exception cref="ClusterUnavailableException">A cut-off run could not be undone; its journal stays.</exception>
    public static async Task RunAsync(RealClusterOptions options, CancellationToken cancellation)
    {
        foreach (var journal in Journal.Orphans(options.StateFolder))
        {
            using (journal)
            {
                await UndoAsync(journal, options, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task UndoAsync(Journal journal, RealClusterOptions options, CancellationToken cancellation)
    {
        if (journal.Of("begin").FirstOrDefault() is not { } begin || !journal.Of("objects").Any())
        {
            // It was cut off before anything was done.
            journal.Close();
            return;
        }

        options.Tell(Message.Of("real.recovering", journal.RunId, (string)begin["context"]!));
        var nodes = begin["nodes"]!.AsArray().Select(node => node!.AsObject()).ToList();
        var way = options with
        {
            Context = (string)begin["context"]!,
            Kubeconfig = (string?)begin["kubeconfig"],
            SshConfig = (string?)begin["sshConfig"],
            Via = Enum.Parse<NodesVia>((string)begin["via"]!, ignoreCase: true),
            Nodes = nodes.ToImmutableSortedDictionary(
                node => (string)node["lesson"]!, node => $"{(string)node["cluster"]!}@{(string)node["address"]!}", StringComparer.Ordinal),
        };
        try
        {
            var kubeconfig = await Kubeconfig.ReadAsync(way, cancellation).ConfigureAwait(false);
            var wanted = nodes.Select(node => new NodeSpec((string)node["lesson"]!, (bool)node["controlPlane"]! ? NodeRole.ControlPlane : NodeRole.Worker));
            await using var reached = await Reached.ConnectAsync(kubeconfig, way, [.. wanted], cancellation).ConfigureAwait(false);
            var ledger = new ObjectLedger(reached.Api, await Resources.DiscoverAsync(reached.Api, cancellation).ConfigureAwait(false));
            await new Undoing(reached.Api, reached.Shell, ledger, journal, options.Tell, options.Clock).RunAsync(isHurried: false).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is ApiFault or ClusterUnavailableException)
        {
            throw new ClusterUnavailableException(
                $"an earlier run on the context {way.Context} was cut off and cannot be undone now: {fault.Message} (its journal is {journal.Path})", fault);
        }
    }
}
