using System.Globalization;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Store;

namespace KubeLessons.Simulator.Tests.Faults;

/// <summary>
/// Listens to every commit: revisions ascend by one, an object carries the revision of its commit, a uid belongs to one object and
/// stays, and the changes folded one after another are what the store lists.
/// </summary>
internal sealed class StoreInvariants
{
    private readonly ObjectStore _store;
    private readonly List<string> _broken;
    private readonly Dictionary<ObjectKey, Doc> _folded = [];
    private readonly Dictionary<string, ObjectKey> _uids = new(StringComparer.Ordinal);
    private long _last;

    public StoreInvariants(ObjectStore store, List<string> broken)
    {
        (_store, _broken, _last) = (store, broken, store.Revision);
        foreach (var version in store.Snapshot().Objects)
        {
            _folded.Add(version.Key, version.Object!);
            NoteUid(version.Key, version.Object!, isNew: true);
        }

        store.Committed += Look;
    }

    /// <summary>Compares the folded changes with what the store lists.</summary>
    public void Compare()
    {
        var listed = _store.Snapshot().Objects;
        if (listed.Count != _folded.Count || listed.Any(version => !_folded.TryGetValue(version.Key, out var known) || !ReferenceEquals(known, version.Object)))
        {
            _broken.Add("store: the changes folded are not what is listed");
        }
    }

    private void Look(StoreChange change)
    {
        Expect(change.Revision == _last + 1, change, $"comes after revision {_last}");
        _last = change.Revision;
        _folded.TryGetValue(change.Key, out var before);
        Expect(ReferenceEquals(before, change.Before?.Object), change, "did not find what the last change left");
        if (change.After.Object is not { } after)
        {
            _folded.Remove(change.Key);
            return;
        }

        _folded[change.Key] = after;
        Expect(after.Text("metadata", "resourceVersion") == change.Revision.ToString(CultureInfo.InvariantCulture), change, "carries another resourceVersion");
        Expect(after.Text("metadata", "name") == change.Key.Name, change, "carries another name");
        if (before is null)
        {
            NoteUid(change.Key, after, isNew: true);
        }
        else
        {
            Expect(after.Text("metadata", "uid") == before.Text("metadata", "uid"), change, "changed its uid");
            Expect((after.Int("metadata", "generation") ?? 0) >= (before.Int("metadata", "generation") ?? 0), change, "went back in generation");
        }
    }

    private void NoteUid(ObjectKey key, Doc value, bool isNew)
    {
        if (isNew && value.Text("metadata", "uid") is { } uid && !_uids.TryAdd(uid, key))
        {
            _broken.Add($"store: {key} has the uid of {_uids[uid]}");
        }
    }

    private void Expect(bool holds, StoreChange change, string what)
    {
        if (!holds)
        {
            _broken.Add($"store: revision {change.Revision} of {change.Key} {what}");
        }
    }
}
