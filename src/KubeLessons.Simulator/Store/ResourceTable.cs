using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Store;

/// <summary>
/// The objects of one resource, ordered by namespace and name, with their history as chains of versions. A worked example:
/// pod <c>a</c> created at 5, changed at 7 and deleted at 9 has no head any more; <c>_deleted</c> holds its tombstone 9 → 7 → 5,
/// so that a list at revision 8 finds 7 and one at 9 finds nothing.
/// </summary>
internal sealed class ResourceTable
{
    private readonly SortedDictionary<string, SortedDictionary<string, ObjectVersion>> _heads = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Namespace, string Name), ObjectVersion> _deleted = [];
    private readonly List<FieldIndex> _indexes = [];

    public int Count { get; private set; }

    public ChangeLog Log { get; } = new();

    /// <summary>Adds an index over what is there now and what will be; nothing, when there is one.</summary>
    public void DeclareIndex(string[] path)
    {
        if (_indexes.Any(index => index.Path.AsSpan().SequenceEqual(path)))
        {
            return;
        }

        var added = new FieldIndex(path);
        foreach (var version in List(null))
        {
            added.Replace(null, version);
        }

        _indexes.Add(added);
    }

    public ChangeLog LogOf(string path, string value) => Index(path).LogOf(value);

    public IEnumerable<ObjectVersion> ListIndexed(string path, string value) => Index(path).ListOf(value);

    public ObjectVersion? Get(string ns, string name) =>
        _heads.TryGetValue(ns, out var names) && names.TryGetValue(name, out var version) ? version : null;

    public ObjectVersion? LastDeleted(ObjectKey key) => _deleted.GetValueOrDefault((key.Namespace, key.Name));

    public IEnumerable<ObjectVersion> List(string? ns)
    {
        if (ns is not null)
        {
            return _heads.TryGetValue(ns, out var names) ? names.Values : [];
        }

        return _heads.Values.SelectMany(names => names.Values);
    }

    public IEnumerable<ObjectVersion> ListAt(long revision, string? ns) =>
        List(ns)
            .Concat(_deleted.Values.Where(version => ns is null || version.Key.Namespace == ns))
            .Select(version => VersionAt(version, revision))
            .OfType<ObjectVersion>()
            .Where(version => version.Object is not null)
            .OrderBy(version => version.Key.Namespace, StringComparer.Ordinal)
            .ThenBy(version => version.Key.Name, StringComparer.Ordinal);

    public void Apply(StoreChange change)
    {
        Put(change.After);
        foreach (var index in _indexes)
        {
            index.Replace(change.Before, change.After);
        }

        Log.Append(change);
        foreach (var index in _indexes)
        {
            index.Append(change);
        }
    }

    /// <summary>Tells those who wait for changes, once the whole state is in place.</summary>
    public void Tell(StoreChange change)
    {
        Log.Tell(change);
        foreach (var index in _indexes)
        {
            index.Tell(change);
        }
    }

    /// <summary>Puts a version in, as restoring a snapshot does: without history and without a log entry.</summary>
    public void Restore(ObjectVersion version)
    {
        Put(version);
        foreach (var index in _indexes)
        {
            index.Replace(null, version);
        }
    }

    public void Undo(StoreChange change)
    {
        Log.RemoveLastIf(change);
        foreach (var index in _indexes)
        {
            index.Undo(change);
            index.Replace(change.After, change.Before);
        }

        var (_, ns, name) = change.Key;
        Remove(ns, name);
        _deleted.Remove((ns, name));
        if (change.After.Previous is { } previous)
        {
            Put(previous);
        }
    }

    public void Compact(long revision)
    {
        Log.DropThrough(revision);
        foreach (var index in _indexes)
        {
            index.Compact(revision);
        }

        foreach (var (key, tombstone) in _deleted.ToList())
        {
            if (tombstone.Revision <= revision)
            {
                _deleted.Remove(key);
            }
            else
            {
                _deleted[key] = WithoutHistory(tombstone, revision);
            }
        }

        foreach (var names in _heads.Values)
        {
            foreach (var (name, version) in names.ToList())
            {
                var kept = WithoutHistory(version, revision);
                names[name] = kept;
                foreach (var index in _indexes)
                {
                    index.Replace(version, kept);
                }
            }
        }
    }

    public void Clear()
    {
        _heads.Clear();
        _deleted.Clear();
        Count = 0;
        Log.DropThrough(long.MaxValue);
        foreach (var index in _indexes)
        {
            index.Clear();
        }
    }

    private static ObjectVersion? VersionAt(ObjectVersion? version, long revision)
    {
        while (version is not null && version.Revision > revision)
        {
            version = version.Previous;
        }

        return version;
    }

    // Keeps the versions that lists at later revisions can still ask for: those after `revision` and the one that was current at it.
    // Chains can be long (a status that was written thousands of times), so this is no recursion.
    private static ObjectVersion WithoutHistory(ObjectVersion version, long revision)
    {
        var kept = new Stack<ObjectVersion>();
        var at = version;
        while (at is not null)
        {
            kept.Push(at);
            at = at.Revision <= revision ? null : at.Previous;
        }

        ObjectVersion? rebuilt = null;
        while (kept.TryPop(out var each))
        {
            rebuilt = ReferenceEquals(each.Previous, rebuilt) ? each : each with { Previous = rebuilt };
        }

        return rebuilt!;
    }

    private FieldIndex Index(string path)
    {
        foreach (var index in _indexes)
        {
            if (index.Name == path)
            {
                return index;
            }
        }

        throw new InvalidOperationException($"There is no index over {path}.");
    }

    private void Put(ObjectVersion version)
    {
        var (_, ns, name) = version.Key;
        if (version.Object is null)
        {
            Remove(ns, name);
            _deleted[(ns, name)] = version;
            return;
        }

        if (!_heads.TryGetValue(ns, out var names))
        {
            _heads.Add(ns, names = new SortedDictionary<string, ObjectVersion>(StringComparer.Ordinal));
        }

        if (!names.ContainsKey(name))
        {
            Count++;
        }

        names[name] = version;
        _deleted.Remove((ns, name));
    }

    private void Remove(string ns, string name)
    {
        if (_heads.TryGetValue(ns, out var names) && names.Remove(name))
        {
            Count--;
            if (names.Count == 0)
            {
                _heads.Remove(ns);
            }
        }
    }
}
