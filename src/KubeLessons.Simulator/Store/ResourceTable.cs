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

    public void DeclareIndex(string[] path) => _indexes.Add(new FieldIndex(path));

    public ChangeLog LogOf(string path, string value) =>
        _indexes.Single(index => index.Name == path).LogOf(value);

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
        Log.Append(change);
        foreach (var index in _indexes)
        {
            index.Append(change);
        }
    }

    /// <summary>Makes this version the newest of its object, without a log entry.</summary>
    public void Put(ObjectVersion version)
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

    public void Undo(StoreChange change)
    {
        Log.RemoveLastIf(change);
        foreach (var index in _indexes)
        {
            index.Undo(change);
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

        foreach (var gone in _deleted.Where(entry => entry.Value.Revision <= revision).Select(entry => entry.Key).ToList())
        {
            _deleted.Remove(gone);
        }

        foreach (var names in _heads.Values)
        {
            foreach (var (name, version) in names.ToList())
            {
                names[name] = WithoutHistory(version, revision);
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
            index.Compact(long.MaxValue);
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
    private static ObjectVersion WithoutHistory(ObjectVersion version, long revision) =>
        version.Previous is null ? version
        : version.Revision <= revision ? version with { Previous = null }
        : version with { Previous = WithoutHistory(version.Previous, revision) };

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

    /// <summary>A log for each value of one field.</summary>
    private sealed class FieldIndex(string[] path)
    {
        private readonly Dictionary<string, ChangeLog> _logs = new(StringComparer.Ordinal);

        public string Name { get; } = string.Join('.', path);

        public ChangeLog LogOf(string value)
        {
            if (!_logs.TryGetValue(value, out var log))
            {
                _logs.Add(value, log = new ChangeLog());
            }

            return log;
        }

        public void Append(StoreChange change)
        {
            var (before, after) = Values(change);
            if (before is not null && before != after)
            {
                LogOf(before).Append(change);
            }

            if (after is not null)
            {
                LogOf(after).Append(change);
            }
        }

        public void Undo(StoreChange change)
        {
            var (before, after) = Values(change);
            if (before is not null)
            {
                LogOf(before).RemoveLastIf(change);
            }

            if (after is not null)
            {
                LogOf(after).RemoveLastIf(change);
            }
        }

        public void Compact(long revision)
        {
            foreach (var log in _logs.Values)
            {
                log.DropThrough(revision);
            }
        }

        private (string? Before, string? After) Values(StoreChange change) =>
            (change.Before?.Object?.Text(path), change.After.Object?.Text(path));
    }
}
