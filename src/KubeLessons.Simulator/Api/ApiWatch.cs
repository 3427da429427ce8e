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
    private bool _disposed;

    /// <param name="store">The store that is watched.</param>
    /// <param name="log">The log that holds every change that can matter.</param>
    /// <param name="fromRevision">Events begin after this revision.</param>
    /// <param name="matches">The request's namespace, name and selectors.</param>
    /// <param name="present">What is done to an object on its way out, such as filling in heartbeat times.</param>
    public ApiWatch(
        ObjectStore store, ChangeLog log, long fromRevision, Func<ObjectVersion, bool> matches, Func<Doc, Doc> present)
    {
        (_store, _log, Position, _matches, _present) = (store, log, fromRevision, matches, present);
        log.Appended += OnAppended;
        store.Replaced += OnReplaced;
    }

    /// <summary>Called when there may be something to read, in the turn that committed it. Never read from inside it: ask for a turn.</summary>
    public event Action? Available;

    /// <summary>The newest revision that was read.</summary>
    public long Position { get; private set; }

    /// <summary>True when the watch is over: history was compacted away under it, or the store was rewound or restored.</summary>
    public bool IsExpired { get; private set; }

    /// <summary>The events since the last read, oldest first, at most this many. When the watch has expired, one ERROR event with a 410 Status.</summary>
    public IReadOnlyList<WatchEvent> Read(int atMost = int.MaxValue)
    {
        if (IsExpired || Position < _store.CompactedRevision)
        {
            IsExpired = true;
            return [new WatchEvent("ERROR", ApiStatus.Expired(Position, _store.CompactedRevision).Body)];
        }

        var events = new List<WatchEvent>();
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

        Position = Math.Max(Position, _store.Revision);
        return events;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _log.Appended -= OnAppended;
            _store.Replaced -= OnReplaced;
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
        change.Before!.Object!.With(
            change.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture), "metadata", "resourceVersion");

    private void OnAppended(StoreChange change) => Available?.Invoke();

    private void OnReplaced()
    {
        IsExpired = true;
        Available?.Invoke();
    }
}
