namespace KubeLessons.Simulator.Store;

/// <summary>
/// Changes in the order of their revisions: of the whole store, of a resource, or of a resource's objects with one value in an
/// indexed field. A watch keeps the revision that it has seen and reads on from there.
/// </summary>
public sealed class ChangeLog
{
    private readonly List<StoreChange> _changes = [];
    private int _dropped;

    /// <summary>Called after a change was appended, when the store is whole again.</summary>
    public event Action<StoreChange>? Appended;

    public int Count => _changes.Count - _dropped;

    /// <summary>The changes after a revision, oldest first.</summary>
    public ReadOnlySpan<StoreChange> After(long revision)
    {
        var from = FirstAfter(revision);
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_changes)[from..];
    }

    internal void Append(StoreChange change) => _changes.Add(change);

    internal void Tell(StoreChange change) => Appended?.Invoke(change);

    internal StoreChange RemoveLast()
    {
        var last = _changes[^1];
        _changes.RemoveAt(_changes.Count - 1);
        return last;
    }

    internal void RemoveLastIf(StoreChange change)
    {
        if (Count > 0 && ReferenceEquals(_changes[^1], change))
        {
            RemoveLast();
        }
    }

    internal void DropThrough(long revision)
    {
        _dropped = FirstAfter(revision);
        if (_dropped > 1024 && _dropped > _changes.Count / 2)
        {
            _changes.RemoveRange(0, _dropped);
            _dropped = 0;
        }
    }

    private int FirstAfter(long revision)
    {
        int low = _dropped, high = _changes.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_changes[middle].Revision > revision)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
