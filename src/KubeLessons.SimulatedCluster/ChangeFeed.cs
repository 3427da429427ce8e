using System.Collections.Immutable;
using KubeLessons.Clusters;
using KubeLessons.Simulator;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.SimulatedCluster;

/// <summary>
/// The world's trace as the heart's changes. The first ones are the state as it was found when the feed was made (objects and
/// facts as of then, each with the time at which it came to be so); then every change since.
/// </summary>
internal sealed class ChangeFeed
{
    private readonly World _world;
    private readonly ImmutableSortedSet<string> _resources;
    private readonly List<ClusterChange> _changes = [];
    private int _read;

    public ChangeFeed(World world, ImmutableSortedSet<string> resources)
    {
        (_world, _resources) = (world, resources);
        _changes.AddRange(Found());
        _read = world.Trace.Count;
    }

    public int Count
    {
        get
        {
            CatchUp();
            return _changes.Count;
        }
    }

    public bool HasMoreThan(int count)
    {
        CatchUp();
        return _changes.Count > count;
    }

    public ClusterChanges After(long position)
    {
        CatchUp();
        var from = (int)Math.Clamp(position, 0, _changes.Count);
        return new ClusterChanges([.. _changes[from..]], _changes.Count, _world.UtcNow);
    }

    private void CatchUp()
    {
        foreach (var entry in _world.Trace.From(_read))
        {
            if (Translate(entry) is { } change)
            {
                _changes.Add(change);
            }
        }

        _read = _world.Trace.Count;
    }

    private List<ClusterChange> Found()
    {
        var objects = new Dictionary<ObjectKey, ObjectChange>();
        var facts = new Dictionary<FactId, FactChange>();
        foreach (var entry in _world.Trace.From(0))
        {
            switch (Translate(entry))
            {
                case ObjectChange { Object: null }:
                    objects.Remove(((ObjectChanged)entry).Change.Key);
                    break;
                case ObjectChange e:
                    objects[((ObjectChanged)entry).Change.Key] = e;
                    break;
                case FactChange { Value: null } e:
                    facts.Remove(e.Id);
                    break;
                case FactChange e:
                    facts[e.Id] = e;
                    break;
            }
        }

        return [.. objects.Values.Cast<ClusterChange>().Concat(facts.Values).OrderBy(change => change.At)];
    }

    private ClusterChange? Translate(TraceEntry entry)
    {
        var at = _world.Epoch + entry.At;
        switch (entry)
        {
            case ObjectChanged e when _resources.Contains(e.Change.Key.Resource):
                var key = e.Change.Key;
                var id = new ObjectId(key.Resource, key.Namespace, key.Name);
                var document = e.Change.After.Object;
                return new ObjectChange(
                    at, id, document is null ? null : new ObservedObject(id, at, () => DocJson.WriteUtf8(document)), e.By);
            case HostFactChanged e:
                return new FactChange(at, new FactId(e.Host, e.Noun, e.Name), e.Value);
            case ComponentActed e:
                return new ActionChange(at, e.Host, e.Component, e.Action);
            default:
                return null;
        }
    }
}
