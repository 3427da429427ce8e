using System.Globalization;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Api;

/// <summary>
/// A watch: a position in a log, and a filter. It costs nothing until it is read. An object that begins to match the filter
/// is ADDED, one that ceases to is DELETED, as the real API server's watch cache has it.
/// </summary>
public sealed class ApiWatch : IDisposable
{
    private readonly ObjectStore _store;
    private readonly ChangeLog _log;
    private readonly Func<ObjectVersion, bool> _matches;
    private readonly Func<Doc, Doc> _present;
    private readonly Queue<ObjectVersion> _initial;
    private bool _disposed;

    /// <param name="store">The store that is watched.</param>
    /// <param name="log">The log that holds every change that can matter.</param>
    /// <param name="fromRevision">Events begin after this revision.</param>
    /// <param name="matches">The request's namespace, name and selectors.</param>
    /// <param name="present">What is done to an object on its way out, such as filling in heartbeat times.</param>
    /// <param name="initial">Objects that are reported as ADDED before all events.</param>
    internal ApiWatch(
        ObjectStore store,
        ChangeLog log,
        long fromRevision,
        Func<ObjectVersion, bool> matches,
        Func<Doc, Doc> present,
        IEnumerable<ObjectVersion> initial)
    {
        (_store, _log, Position, _matches, _present) = (store, log, fromRevision, matches, present);
        _initial = new Queue<ObjectVersion>(initial);
        log.Appended += OnAppended;
        store.Replaced += OnReplaced;
    }

    /// <summary>Called when there may be something to read, in the turn that committed it. Never read from inside it: ask for a turn.</summary>
    public event Action? Available;

    /// <summary>The newest revision that was read.</summary>
    public long Position { get; private set; }

    /// <summary>True when the watch is over: history was compacted away under it, or the store was rewound or restored.</summary>
    public bool IsExpired { get; private set; }

    /// <summary>True when the server that served it has stopped: nothing more will come.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Called once, when the watch is disposed of.</summary>
    internal Action<ApiWatch>? Disposed { get; init; }

    /// <summary>What is watched, such as <c>Pod</c>: bookmarks are of that kind.</summary>
    internal string Kind { get; init; } = "";

    internal string ApiVersion { get; init; } = "";

    /// <summary>The initial ADDED events end with a bookmark that says so (sendInitialEvents).</summary>
    internal bool EndsInitialEventsWithBookmark { get; set; }

    /// <summary>
    /// The events since the last read, oldest first, at most this many (so long as it gives some, there may be more). When the
    /// watch has expired, one ERROR event with a 410 Status.
    /// </summary>
    public IReadOnlyList<WatchEvent> Read(int atMost = int.MaxValue)
    {
        if (IsClosed)
        {
            return [];
        }

        if (IsExpired || Position < _store.CompactedRevision)
        {
            IsExpired = true;
            return [new WatchEvent("ERROR", ApiStatus.Expired(Position, _store.CompactedRevision).Body)];
        }

        var events = new List<WatchEvent>();
        ReadInitial(events, atMost);
        foreach (var change in _log.After(Position))
        {
            if (events.Count >= atMost)
            {
                return events;
            }

            Position = change.Revision;
            if (EventOf(change) is { } found)
            {
                events.Add(found);
            }
        }

        if (events.Count < atMost)
        {
            Position = Math.Max(Position, _store.Revision);
        }

        return events;
    }

    /// <summary>An event that carries nothing but the revision up to which all events were read, for clients that asked for bookmarks.</summary>
    public WatchEvent Bookmark(bool endsInitialEvents = false) => new("BOOKMARK", Doc.Obj(
        ("kind", Kind),
        ("apiVersion", ApiVersion),
        ("metadata", Doc.Obj(
            ("resourceVersion", Position.ToString(CultureInfo.InvariantCulture)),
            ("creationTimestamp", Doc.Null),
            ("annotations", endsInitialEvents ? Doc.Obj(("k8s.io/initial-events-end", "true")) : null)))));

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _log.Appended -= OnAppended;
            _store.Replaced -= OnReplaced;
            Disposed?.Invoke(this);
        }
    }

    /// <summary>The server stops: whoever reads this watch is told that it is over.</summary>
    internal void Close()
    {
        IsClosed = true;
        Dispose();
        Available?.Invoke();
    }

    private void ReadInitial(List<WatchEvent> events, int atMost)
    {
        while (events.Count < atMost && _initial.TryDequeue(out var version))
        {
            events.Add(new WatchEvent("ADDED", _present(version.Object!)));
        }

        if (EndsInitialEventsWithBookmark && _initial.Count == 0 && events.Count < atMost)
        {
            EndsInitialEventsWithBookmark = false;
            events.Add(Bookmark(endsInitialEvents: true));
        }
    }

    private WatchEvent? EventOf(StoreChange change)
    {
        var before = change.Before?.Object is not null && _matches(change.Before);
        var after = change.After.Object is not null && _matches(change.After);
        return (before, after) switch
        {
            (false, true) => new WatchEvent("ADDED", _present(change.After.Object!)),
            (true, true) => new WatchEvent("MODIFIED", _present(change.After.Object!)),
            (true, false) => new WatchEvent("DELETED", _present(AtRevision(change))),
            _ => null,
        };
    }

    // A DELETED event carries the last state with the revision of the deletion.
    private static Doc AtRevision(StoreChange change) =>
        change.Before!.Object!.With(change.Revision.ToString(CultureInfo.InvariantCulture), "metadata", "resourceVersion");

    private void OnAppended(StoreChange change) => Available?.Invoke();

    private void OnReplaced()
    {
        IsExpired = true;
        Available?.Invoke();
    }
}
