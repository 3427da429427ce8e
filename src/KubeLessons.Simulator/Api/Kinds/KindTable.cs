using System.Collections.Immutable;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Api.Kinds;

/// <summary>
/// All kinds that a cluster of one Kubernetes version serves. The rows come from <c>kinds.tsv</c>; a version there may carry the
/// minor releases that served it (<c>v1beta1@-24</c>: up to 1.24; <c>v1@21-</c>: since 1.21).
/// </summary>
public sealed class KindTable
{
    private static readonly ImmutableArray<string> AllVerbs =
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    private readonly Dictionary<ResourcePath, ResourceKind> _byPath = [];
    private readonly Dictionary<(string ApiVersion, string Name), ResourceKind> _byKind = [];
    private readonly Dictionary<string, ResourceKind> _byStorage = new(StringComparer.Ordinal);

    public KindTable(KubernetesVersion version)
    {
        foreach (var row in DataFile.Rows("kinds.tsv"))
        {
            if (Read(row, version) is { } kind)
            {
                Add(kind);
            }
        }
    }

    /// <summary>In the order of the table: the core group first.</summary>
    public List<ResourceKind> All { get; } = [];

    /// <summary>The kind behind a path; null when the path is unknown.</summary>
    public ResourceKind? Find(ResourcePath resource) => _byPath.GetValueOrDefault(resource);

    /// <summary>The kind that a manifest names, such as ("apps/v1", "Deployment"); null when it is unknown.</summary>
    public ResourceKind? Find(string apiVersion, string kind) => _byKind.GetValueOrDefault((apiVersion, kind));

    /// <summary>The kind that is kept under this name (<c>deployments.apps</c>); null when there is none.</summary>
    public ResourceKind? FindStored(string storageName) => _byStorage.GetValueOrDefault(storageName);

    /// <summary>The kind of this plural name in whatever group comes first; null when there is none.</summary>
    public ResourceKind? FindPlural(string plural) => All.FirstOrDefault(kind => kind.Plural == plural);

    private static ResourceKind? Read(string[] row, KubernetesVersion version)
    {
        var versions = Parts(row[1]).Select(each => Served(each, version)).OfType<string>().ToImmutableArray();
        if (versions.IsEmpty)
        {
            return null;
        }

        var flags = Parts(row[9]);
        return new ResourceKind
        {
            Group = row[0],
            Versions = versions,
            Plural = row[2],
            Name = row[3],
            ShortNames = Parts(row[4]),
            Categories = Parts(row[5]),
            IsNamespaced = row[6] == "ns",
            Verbs = row[7] == "all" ? AllVerbs : Parts(row[7]),
            Subresources = [.. Parts(row[8]).Select(each => Served(each, version)).OfType<string>().Select(SubresourceNamed)],
            HasGeneration = flags.Contains("generation"),
            KeepsStatusOnCreate = flags.Contains("keepsStatus"),
            ReturnsDeletedObject = flags.Contains("returnsDeleted"),
            DeletesGracefully = flags.Contains("graceful"),
            OrphansByDefault = flags.Contains("orphans"),
            CreatesOnUpdate = flags.Contains("upsert"),
            NeedsResourceVersion = flags.Contains("conditional"),
            StorageGroup = flags.Contains("core") ? "" : row[0],
            Rules = RuleTable.For(row[0], row[2]),
        };
    }

    private static ImmutableArray<string> Parts(string cell) => cell.Length == 0 ? [] : [.. cell.Split(',')];

    private static string? Served(string cell, KubernetesVersion version)
    {
        var at = cell.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            return cell;
        }

        var range = cell.AsSpan(at + 1);
        var dash = range.IndexOf('-');
        var from = dash == 0 ? 0 : int.Parse(range[..dash]);
        var to = dash == range.Length - 1 ? int.MaxValue : int.Parse(range[(dash + 1)..]);
        return version.Minor >= from && version.Minor <= to ? cell[..at] : null;
    }

    private static Subresource SubresourceNamed(string name) => name switch
    {
        "status" => new(name, ["get", "patch", "update"]),
        "scale" => new(name, ["get", "patch", "update"], "Scale", "autoscaling"),
        "approval" => new(name, ["get", "patch", "update"]),
        "ephemeralcontainers" or "resize" => new(name, ["get", "patch", "update"]),
        "finalize" => new(name, ["update"]),
        "log" => new(name, ["get"]),
        "attach" => new(name, ["create", "get"], "PodAttachOptions"),
        "exec" => new(name, ["create", "get"], "PodExecOptions"),
        "portforward" => new(name, ["create", "get"], "PodPortForwardOptions"),
        "proxy" => new(name, ["create", "delete", "get", "patch", "update"], "PodProxyOptions"),
        "binding" => new(name, ["create"], "Binding"),
        "eviction" => new(name, ["create"], "Eviction", "policy"),
        "token" => new(name, ["create"], "TokenRequest", "authentication.k8s.io"),
        _ => throw new InvalidOperationException($"kinds.tsv names the subresource {name}, which has no row."),
    };

    private void Add(ResourceKind kind)
    {
        All.Add(kind);
        foreach (var version in kind.Versions)
        {
            var path = new ResourcePath(kind.Group, version, kind.Plural);
            _byPath.Add(path, kind);
            _byKind.TryAdd((path.ApiVersion, kind.Name), kind);
        }

        _byStorage.TryAdd(kind.StorageName, kind);
    }
}
