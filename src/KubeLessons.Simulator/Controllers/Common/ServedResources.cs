using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers;

/// <summary>
/// The resources that controllers find by discovery: what the cluster's version serves, without what cannot be listed, watched
/// and deleted.
/// </summary>
internal sealed class ServedResources
{
    private readonly KindTable _kinds;

    public ServedResources(KubernetesVersion version)
    {
        _kinds = new KindTable(version);
        Deletable = [.. _kinds.All.Where(static kind => kind.Has("delete") && kind.Has("list") && kind.Has("watch")).Where(IsFirstOfItsStorage)];
    }

    /// <summary>In the order of discovery.</summary>
    public IReadOnlyList<ResourceKind> Deletable { get; }

    /// <summary>The resource of a kind as an owner reference names it; null when it is not served.</summary>
    public ResourceKind? Find(string apiVersion, string kind) => _kinds.Find(apiVersion, kind);

    /// <summary>Under the version that is asked for first.</summary>
    public static ResourcePath PathOf(ResourceKind kind) => new(kind.Group, kind.Versions[0], kind.Plural);

    // Events are served by two groups and kept once.
    private bool IsFirstOfItsStorage(ResourceKind kind) => _kinds.All.First(other => other.StorageName == kind.StorageName) == kind;
}
