using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Store;

/// <summary>For each value of one field of a resource: which objects have it now, and the changes of those that had it.</summary>
internal sealed class FieldIndex(string[] path)
{
    private static readonly IComparer<(string Namespace, string Name)> ByKey =
        Comparer<(string Namespace, string Name)>.Create(static (left, right) =>
            string.CompareOrdinal(left.Namespace, right.Namespace) is var order and not 0
                ? order
                : string.CompareOrdinal(left.Name, right.Name));

    private readonly Dictionary<string, ChangeLog> _logs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<(string Namespace, string Name), ObjectVersion>> _versions = new(StringComparer.Ordinal);

    public string[] Path => path;

    /// <summary>Such as <c>spec.nodeName</c>.</summary>
    public string Name { get; } = string.Join('.', path);

    public ChangeLog LogOf(string value)
    {
        if (!_logs.TryGetValue(value, out var log))
        {
            _logs.Add(value, log = new ChangeLog());
        }

        return log;
    }

    public IEnumerable<ObjectVersion> ListOf(string value) => _versions.TryGetValue(value, out var versions) ? versions.Values : [];

    /// <summary>An object's newest state is now another one; null: it was not there, or is not there any more.</summary>
    public void Replace(ObjectVersion? before, ObjectVersion? after)
    {
        var (old, now) = (ValueOf(before), ValueOf(after));
        if (old is not null && old != now && _versions.TryGetValue(old, out var left))
        {
            left.Remove((before!.Key.Namespace, before.Key.Name));
        }

        if (now is not null)
        {
            if (!_versions.TryGetValue(now, out var versions))
            {
                _versions.Add(now, versions = new SortedDictionary<(string, string), ObjectVersion>(ByKey));
            }

            versions[(after!.Key.Namespace, after.Key.Name)] = after;
        }
    }

    public void Append(StoreChange change)
    {
        var (before, after) = Logs(change);
        before?.Append(change);
        after?.Append(change);
    }

    public void Tell(StoreChange change)
    {
        var (before, after) = Logs(change);
        before?.Tell(change);
        after?.Tell(change);
    }

    public void Undo(StoreChange change)
    {
        var (before, after) = Logs(change);
        before?.RemoveLastIf(change);
        after?.RemoveLastIf(change);
    }

    public void Compact(long revision)
    {
        foreach (var log in _logs.Values)
        {
            log.DropThrough(revision);
        }
    }

    public void Clear()
    {
        Compact(long.MaxValue);
        _versions.Clear();
    }

    /// <summary>The logs that a change belongs in: that of the value it leaves, if it leaves one, and that of the value it has.</summary>
    private (ChangeLog? Before, ChangeLog? After) Logs(StoreChange change)
    {
        var (before, after) = (ValueOf(change.Before), ValueOf(change.After));
        return (before is not null && before != after ? LogOf(before) : null, after is not null ? LogOf(after) : null);
    }

    // An object without the field has the empty value: a selector can ask for that, too.
    private string? ValueOf(ObjectVersion? version) => version?.Object is { } value ? value.Text(path) ?? "" : null;
}
