using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers;

/// <summary>An informer's objects by a value that is read from them, such as pods by their node; null: not in the index.</summary>
internal sealed class InformerIndex
{
    private readonly Dictionary<string, SortedDictionary<ObjectName, Doc>> _buckets = new(StringComparer.Ordinal);
    private readonly Func<Doc, string?> _valueOf;

    /// <summary>Make it before anybody else listens to the informer: handlers run in the order in which they came.</summary>
    public InformerIndex(Informer informer, Func<Doc, string?> valueOf)
    {
        _valueOf = valueOf;
        informer.Changed += OnChanged;
    }

    /// <summary>The objects with this value, ordered by namespace and name.</summary>
    public IReadOnlyCollection<Doc> Of(string value) =>
        _buckets.TryGetValue(value, out var bucket) ? bucket.Values : [];

    private void OnChanged(Doc? before, Doc? after)
    {
        var old = before is null ? null : _valueOf(before);
        var now = after is null ? null : _valueOf(after);
        if (old is not null && old != now && _buckets.TryGetValue(old, out var left))
        {
            left.Remove(before!.Key());
            if (left.Count == 0)
            {
                _buckets.Remove(old);
            }
        }

        if (now is null)
        {
            return;
        }

        if (!_buckets.TryGetValue(now, out var bucket))
        {
            _buckets.Add(now, bucket = new SortedDictionary<ObjectName, Doc>(ObjectNameOrder.Instance));
        }

        bucket[after!.Key()] = after!;
    }
}

/// <summary>By namespace, then by name, letter by letter.</summary>
internal sealed class ObjectNameOrder : IComparer<ObjectName>
{
    public static readonly ObjectNameOrder Instance = new();

    public int Compare(ObjectName x, ObjectName y)
    {
        var order = string.CompareOrdinal(x.Namespace, y.Namespace);
        return order != 0 ? order : string.CompareOrdinal(x.Name, y.Name);
    }
}
