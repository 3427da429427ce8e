using System.Collections.Immutable;
using KubeLessons.Clusters;

namespace KubeLessons.Checks;

/// <summary>Everything that is known of a cluster at one instant: objects and facts. Immutable: a change makes the next state.</summary>
public sealed class ClusterState
{
    private readonly ImmutableDictionary<string, ImmutableSortedDictionary<ObjectId, ObservedObject>> _objects;
    private readonly ImmutableDictionary<FactId, ObservedFact> _facts;

    private ClusterState(
        ImmutableDictionary<string, ImmutableSortedDictionary<ObjectId, ObservedObject>> objects,
        ImmutableDictionary<FactId, ObservedFact> facts) => (_objects, _facts) = (objects, facts);

    public static ClusterState Empty { get; } = new(
        ImmutableDictionary<string, ImmutableSortedDictionary<ObjectId, ObservedObject>>.Empty,
        ImmutableDictionary<FactId, ObservedFact>.Empty);

    public ObservedObject? Find(ObjectId id) =>
        _objects.TryGetValue(id.Resource, out var objects) ? objects.GetValueOrDefault(id) : null;

    /// <summary>All objects of a resource, ordered by namespace and name.</summary>
    public IEnumerable<ObservedObject> Objects(string resource) =>
        _objects.TryGetValue(resource, out var objects) ? objects.Values : [];

    /// <summary>A fact; null when it was never seen or is gone.</summary>
    public ObservedFact? Fact(FactId id) => _facts.GetValueOrDefault(id);

    /// <summary>The facts of a node under one noun, ordered by name.</summary>
    public IEnumerable<KeyValuePair<FactId, ObservedFact>> Facts(string node, string noun) =>
        _facts.Where(fact => fact.Key.Node == node && fact.Key.Noun == noun)
            .OrderBy(fact => fact.Key.Name, StringComparer.Ordinal);

    /// <summary>The state after a change.</summary>
    public ClusterState After(ClusterChange change)
    {
        switch (change)
        {
            case ObjectChange e:
                var objects = _objects.GetValueOrDefault(e.Id.Resource)
                    ?? ImmutableSortedDictionary.Create<ObjectId, ObservedObject>(ObjectIdOrder.Instance);
                return new ClusterState(
                    _objects.SetItem(e.Id.Resource, e.Object is null ? objects.Remove(e.Id) : objects.SetItem(e.Id, e.Object)),
                    _facts);
            case FactChange e:
                return new ClusterState(
                    _objects,
                    e.Value is null ? _facts.Remove(e.Id) : _facts.SetItem(e.Id, new ObservedFact(e.Value, e.At)));
            default:
                return this;
        }
    }

    private sealed class ObjectIdOrder : IComparer<ObjectId>
    {
        public static readonly ObjectIdOrder Instance = new();

        public int Compare(ObjectId x, ObjectId y)
        {
            var byNamespace = string.CompareOrdinal(x.Namespace, y.Namespace);
            return byNamespace != 0 ? byNamespace : string.CompareOrdinal(x.Name, y.Name);
        }
    }
}

/// <summary>The value of a fact and since when it has it.</summary>
public sealed record ObservedFact(string Value, DateTimeOffset Since);
