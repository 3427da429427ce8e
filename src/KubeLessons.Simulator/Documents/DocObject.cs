using System.Collections.Immutable;

namespace KubeLessons.Simulator.Documents;

/// <summary>A JSON array.</summary>
public sealed class DocArray(ImmutableArray<Doc> items) : Doc
{
    public override ImmutableArray<Doc> Items => items;

    /// <summary>This array with one more element at its end.</summary>
    public DocArray Add(Doc item) => new(items.Add(item));

    public override bool Equals(Doc? other) => other is DocArray array && items.AsSpan().SequenceEqual(array.Items.AsSpan());

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }
}

/// <summary>
/// A JSON object. Keys and values stand in two arrays of the same length; a changed value shares the key array with the
/// object that it came from, which keeps the history of an object small.
/// </summary>
public sealed class DocObject : Doc
{
    private readonly Doc[] _values;
    private string[] _keys;

    internal DocObject(string[] keys, Doc[] values) => (_keys, _values) = (keys, values);

    public int Count => _keys.Length;

    public override IEnumerable<KeyValuePair<string, Doc>> Fields
    {
        get
        {
            for (var i = 0; i < _keys.Length; i++)
            {
                yield return new KeyValuePair<string, Doc>(_keys[i], _values[i]);
            }
        }
    }

    internal ReadOnlySpan<string> Keys => _keys;

    internal ReadOnlySpan<Doc> Values => _values;

    public override Doc? this[string field] => IndexOf(field) is var at and >= 0 ? _values[at] : null;

    public override bool Equals(Doc? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is not DocObject that || that._keys.Length != _keys.Length)
        {
            return false;
        }

        for (var i = 0; i < _keys.Length; i++)
        {
            if (that[_keys[i]] is not { } value || !_values[i].Equals(value))
            {
                return false;
            }
        }

        return true;
    }

    public override int GetHashCode()
    {
        var hash = 0;
        for (var i = 0; i < _keys.Length; i++)
        {
            hash ^= HashCode.Combine(_keys[i], _values[i]);
        }

        return hash;
    }

    /// <summary>Exchanges the list of field names for an equal one that others have too; nobody can tell the difference.</summary>
    internal void ShareKeys(DocShapes shapes) => _keys = shapes.Shared(_keys);

    internal DocObject SetField(string key, Doc? value)
    {
        var at = IndexOf(key);
        if (value is null)
        {
            return at < 0 ? this : RemoveAt(at);
        }

        if (at < 0)
        {
            return new DocObject([.. _keys, key], [.. _values, value]);
        }

        if (ReferenceEquals(_values[at], value))
        {
            return this;
        }

        var values = (Doc[])_values.Clone();
        values[at] = value;
        return new DocObject(_keys, values);
    }

    private DocObject RemoveAt(int at) =>
        new([.. _keys.AsSpan(0, at), .. _keys.AsSpan(at + 1)], [.. _values.AsSpan(0, at), .. _values.AsSpan(at + 1)]);

    private int IndexOf(string key)
    {
        var keys = _keys;
        for (var i = 0; i < keys.Length; i++)
        {
            if (ReferenceEquals(keys[i], key) || keys[i] == key)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>Collects fields into a <see cref="DocObject"/>; a key that is set twice keeps its last value.</summary>
public sealed class DocObjectBuilder(int capacity = 4)
{
    private readonly List<string> _keys = new(capacity);
    private readonly List<Doc> _values = new(capacity);
    private Dictionary<string, int>? _index;

    public DocObjectBuilder Set(string key, Doc value)
    {
        var at = IndexOf(key);
        if (at >= 0)
        {
            _values[at] = value;
            return this;
        }

        _index?.Add(key, _keys.Count);
        _keys.Add(key);
        _values.Add(value);
        return this;
    }

    public DocObject ToObject() => _keys.Count == 0 ? Doc.Empty : new DocObject([.. _keys], [.. _values]);

    private int IndexOf(string key)
    {
        const int IndexFrom = 16;
        if (_index is null && _keys.Count >= IndexFrom)
        {
            _index = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < _keys.Count; i++)
            {
                _index.Add(_keys[i], i);
            }
        }

        return _index is null ? _keys.IndexOf(key) : _index.GetValueOrDefault(key, -1);
    }
}
