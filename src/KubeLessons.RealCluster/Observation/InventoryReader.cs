using System.Collections.Immutable;
using KubeLessons.Clusters;
using KubeLessons.RealCluster.Api;
using KubeLessons.RealCluster.Nodes;
using KubeLessons.RealCluster.Safety;

namespace KubeLessons.RealCluster.Observation;

/// <summary>Finds out what a cluster lacks that lessons may count on.</summary>
internal static class InventoryReader
{
    public static async Task<ClusterInventory> ReadAsync(
        ApiConnection api, NodeShell shell, IReadOnlyList<MappedNode> nodes, IReadOnlyDictionary<string, HostState> states, CancellationToken cancellation)
    {
        var looks = await Task.WhenAll(nodes.Select(async node =>
            (await shell.LookAsync(node.Address, Script, cancellation).ConfigureAwait(false) ?? "").Split('\n').Select(line => line.Split(' ', 2))
                .Where(parts => parts.Length == 2).ToLookup(parts => parts[0], parts => parts[1]))).ConfigureAwait(false);
        var controlPlane = nodes.Select((node, index) => (node, index)).FirstOrDefault(each => each.node.Role == Lessons.NodeRole.ControlPlane).index;
        var present = looks[controlPlane]["path"].ToHashSet(StringComparer.Ordinal);
        var missingObjects = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var (resource, name, _) in ClusterInventory.Objects)
        {
            var path = (resource == "service" ? "/api/v1" : "/apis/apps/v1") + $"/namespaces/kube-system/{resource}s/{name}";
            using var found = await api.GetAsync(path, cancellation).ConfigureAwait(false);
            if (found is null)
            {
                missingObjects.Add($"{resource}/{name}");
            }
        }

        return new ClusterInventory(
            states.ToImmutableSortedDictionary(
                state => state.Key,
                state => state.Value.Units.Keys.Concat(state.Value.UnitFiles.Keys)
                    .Select(unit => unit.EndsWith(".service", StringComparison.Ordinal) ? unit[..^8] : unit).ToImmutableSortedSet(StringComparer.Ordinal),
                StringComparer.Ordinal),
            looks.SelectMany(look => look["module"]).ToImmutableSortedSet(StringComparer.Ordinal),
            shell.Access is ContainerAccess,
            ClusterInventory.Programs.Where(program => looks.Any(look => !look["program"].Contains(program))).ToImmutableSortedSet(StringComparer.Ordinal),
            ClusterInventory.Paths.Where(path => !present.Contains(path)).ToImmutableSortedSet(StringComparer.Ordinal),
            missingObjects.ToImmutable(),
            shell.Access.OutlivesKubelet)
        {
            IsReachedBySsh = shell.Access is SshAccess,
        };
    }

    // A kernel without /proc/modules has no list for lsmod to print.
    private static string Script { get; } =
        $"""
        export PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        for p in {string.Join(' ', ClusterInventory.Programs)}; do command -v $p >/dev/null 2>&1 && [ "$p" != lsmod -o -e /proc/modules ] && echo "program $p"; done
        command -v ctr >/dev/null 2>&1 && echo "program crictl"
        for f in {string.Join(' ', ClusterInventory.Paths)}; do [ -e "$f" ] && echo "path $f"; done
        sed 's|.*/||; s|\.ko.*||; s|-|_|g; s|^|module |' "/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null
        true
        """;
}
