namespace KubeLessons.Simulator.Documents;

/// <summary>
/// Lists of field names that many objects have in common: thirty thousand pods share a few dozen. What a store keeps is put
/// through here, so that each list is in memory once.
/// </summary>
internal sealed class DocShapes
{
    /// <summary>More lists than this (labels of every kind) are not worth keeping.</summary>
    public const int MaxShapes = 4096;

    private readonly HashSet<string[]> _known = new(new ByContent());

    /// <summary>Shares the field names of a document and of all that is in it, but for the parts that it has in common with a known one.</summary>
    public void Share(Doc value, Doc? known)
    {
        if (ReferenceEquals(value, known))
        {
            return;
        }

        switch (value)
        {
            case DocObject { Count: > 0 } map:
                map.ShareKeys(this);
                for (var i = 0; i < map.Count; i++)
                {
                    if (map.Values[i] is DocObject or DocArray)
                    {
                        Share(map.Values[i], known?[map.Keys[i]]);
                    }
                }

                break;
            case DocArray list:
                var old = known?.Items ?? [];
                for (var i = 0; i < list.Items.Length; i++)
                {
                    Share(list.Items[i], i < old.Length ? old[i] : null);
                }

                break;
        }
    }

    /// <summary>The shared list with this content.</summary>
    public string[] Shared(string[] keys)
    {
        if (_known.TryGetValue(keys, out var shared))
        {
            return shared;
        }

        if (_known.Count < MaxShapes)
        {
            _known.Add(keys);
        }

        return keys;
    }

    private sealed class ByContent : IEqualityComparer<string[]>
    {
        public bool Equals(string[]? left, string[]? right) => left.AsSpan().SequenceEqual(right);

        public int GetHashCode(string[] keys)
        {
            var hash = (uint)keys.Length;
            foreach (var key in keys)
            {
                hash = (hash * 31) + (key.Length == 0 ? 0 : ((uint)key.Length << 8) + key[0] + key[^1]);
            }

            return (int)hash;
        }
    }
}
