using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Store;

/// <summary>
/// The revisioned store of JSON documents that etcd is in a real cluster. Every commit is one revision of one object and is
/// appended to the log; nothing is ever changed in place. A watch is a position in a log.
/// <para>Guarantees, which its tests are named after: ordered (changes come in the order of their revisions), unique (each
/// once), atomic (a revision is whole), reliable (none is left out), resumable (from any revision that is not compacted).</para>
/// </summary>
public sealed class ObjectStore
{
    /// <summary>The revision of an empty store, as etcd's.</summary>
    public const long FirstRevision = 1;

    private readonly Dictionary<string, ResourceTable> _tables = new(StringComparer.Ordinal);
    private readonly ChangeLog _log = new();
    private readonly DocShapes _shapes = new();
    private bool _telling;

    /// <summary>The revision of the newest commit.</summary>
    public long Revision { get; private set; } = FirstRevision;

    /// <summary>History up to and including this revision is gone.</summary>
    public long CompactedRevision { get; private set; }

    /// <summary>All changes that are still known.</summary>
    public ChangeLog Log => _log;

    /// <summary>Called after every commit, in the turn that made it.</summary>
    public event Action<StoreChange>? Committed;

    /// <summary>Called after <see cref="Rewind"/> or <see cref="Restore"/>: every watch must list again.</summary>
    public event Action? Replaced;

    /// <summary>
    /// Keeps a log of its own for each value of a field of a resource, such as pods by <c>spec.nodeName</c>, so that a watch with
    /// that selector does not read everybody's changes. Declare it before the first commit.
    /// </summary>
    public void DeclareIndex(string resource, params string[] path) => Table(resource).DeclareIndex(path);

    /// <summary>The newest state of an object; null when there is none.</summary>
    public ObjectVersion? Get(ObjectKey key) =>
        _tables.TryGetValue(key.Resource, out var table) ? table.Get(key.Namespace, key.Name) : null;

    /// <summary>All objects of a resource, in one namespace or in all (null), ordered by namespace and name.</summary>
    public IEnumerable<ObjectVersion> List(string resource, string? ns = null) =>
        _tables.TryGetValue(resource, out var table) ? table.List(ns) : [];

    /// <summary>The objects of a resource whose indexed field has this value, ordered by namespace and name.</summary>
    public IEnumerable<ObjectVersion> ListIndexed(string resource, string path, string value) =>
        Table(resource).ListIndexed(path, value);

    /// <summary>How many objects of a resource there are.</summary>
    public int Count(string resource) => _tables.TryGetValue(resource, out var table) ? table.Count : 0;

    /// <summary>The resources that hold an object, ordered by name.</summary>
    public IEnumerable<string> Resources =>
        _tables.Where(table => table.Value.Count > 0).Select(table => table.Key).Order(StringComparer.Ordinal);

    /// <summary>The state of all objects of a resource as it was at a revision.</summary>
    public IEnumerable<ObjectVersion> ListAt(string resource, long revision, string? ns = null)
    {
        if (revision >= Revision)
        {
            return List(resource, ns);
        }

        return _tables.TryGetValue(resource, out var table) ? table.ListAt(revision, ns) : [];
    }

    /// <summary>
    /// Writes an object's new state, or deletes it when <paramref name="value"/> is null, as the next revision. The revision
    /// becomes the object's <c>metadata.resourceVersion</c>. Concurrency is the API's business: the store takes what it is given.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// An object that is not there cannot be deleted; and whoever is told of a commit must not commit in the same breath, for then
    /// others would hear of the two in the wrong order.
    /// </exception>
    public StoreChange Commit(ObjectKey key, Doc? value)
    {
        var table = Table(key.Resource);
        var before = table.Get(key.Namespace, key.Name);
        if (_telling)
        {
            throw new InvalidOperationException($"{key} was written by a listener of revision {Revision}: ask for a turn instead.");
        }

        if (value is null && before is null)
        {
            throw new InvalidOperationException($"{key} is not there to be deleted (revision {Revision}).");
        }

        Revision++;
        var stamped = value?.With(Revision.ToString(System.Globalization.CultureInfo.InvariantCulture), "metadata", "resourceVersion");
        if (stamped is not null)
        {
            _shapes.Share(stamped, before?.Object);
        }

        var change = new StoreChange(Revision, before, new ObjectVersion(key, Revision, stamped, before ?? table.LastDeleted(key)));
        table.Apply(change);
        _log.Append(change);
        _telling = true;
        try
        {
            table.Tell(change);
            _log.Tell(change);
            Committed?.Invoke(change);
        }
        finally
        {
            _telling = false;
        }

        return change;
    }

    /// <summary>The log of one resource.</summary>
    public ChangeLog LogOf(string resource) => Table(resource).Log;

    /// <summary>The log of those objects of a resource whose indexed field has (or had, just before) this value.</summary>
    public ChangeLog LogOf(string resource, string path, string value) => Table(resource).LogOf(path, value);

    /// <summary>Forgets history up to and including this revision. The newest states stay.</summary>
    public void Compact(long revision)
    {
        revision = Math.Min(revision, Revision);
        if (revision <= CompactedRevision)
        {
            return;
        }

        CompactedRevision = revision;
        _log.DropThrough(revision);
        foreach (var table in _tables.Values)
        {
            table.Compact(revision);
        }
    }

    /// <summary>The content as it is now.</summary>
    public StoreSnapshot Snapshot() =>
        new(Revision, [.. Resources.SelectMany(resource => List(resource))]);

    /// <summary>
    /// Puts a snapshot's content in place of what is there, as restoring etcd does: revisions go on from the higher of both,
    /// history before this is gone, and watches must list again.
    /// </summary>
    public void Restore(StoreSnapshot snapshot)
    {
        Revision = Math.Max(Revision, snapshot.Revision) + 1;
        foreach (var table in _tables.Values)
        {
            table.Clear();
        }

        foreach (var version in snapshot.Objects)
        {
            Table(version.Key.Resource).Restore(version with { Previous = null });
        }

        _log.DropThrough(Revision);
        CompactedRevision = Revision;
        Replaced?.Invoke();
    }

    /// <summary>Undoes all commits after this revision, newest first: the store is again what it was then, and commits go on from there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The revision is compacted or still to come.</exception>
    public void Rewind(long revision)
    {
        var oldest = Math.Max(CompactedRevision, FirstRevision);
        if (revision < oldest || revision > Revision)
        {
            throw new ArgumentOutOfRangeException(nameof(revision), revision, $"Known revisions are {oldest} to {Revision}.");
        }

        while (Revision > revision)
        {
            var change = _log.RemoveLast();
            Table(change.Key.Resource).Undo(change);
            Revision--;
        }

        Replaced?.Invoke();
    }

    private ResourceTable Table(string resource)
    {
        if (!_tables.TryGetValue(resource, out var table))
        {
            table = new ResourceTable();
            _tables.Add(resource, table);
        }

        return table;
    }
}
