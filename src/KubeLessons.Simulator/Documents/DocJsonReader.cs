using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace KubeLessons.Simulator.Documents;

/// <summary>
/// Builds documents from a JSON reader. What an object or an array has so far lies on a stack that all levels share, so that each
/// is made once, in its final size.
/// </summary>
internal sealed class DocJsonReader
{
    /// <summary>Objects with more fields than this are searched for double keys with an index.</summary>
    private const int IndexFrom = 16;

    private readonly List<string> _keys = new(64);
    private readonly List<Doc> _values = new(64);

    /// <summary>The value that the reader stands at.</summary>
    public Doc Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number => Doc.Number(Encoding.UTF8.GetString(reader.ValueSpan)),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => Doc.Null,
    };

    private DocObject ReadObject(ref Utf8JsonReader reader)
    {
        var (firstKey, first) = (_keys.Count, _values.Count);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = DocNames.Read(ref reader);
            reader.Read();
            var value = Read(ref reader);
            _keys.Add(key);
            _values.Add(value);
        }

        var count = _keys.Count - firstKey;
        if (count == 0)
        {
            return Doc.Empty;
        }

        var keys = CollectionsMarshal.AsSpan(_keys)[firstKey..];
        var values = CollectionsMarshal.AsSpan(_values)[first..];
        var made = HasDouble(keys) ? WithoutDoubles(keys, values) : new DocObject(keys.ToArray(), values.ToArray());
        _keys.RemoveRange(firstKey, count);
        _values.RemoveRange(first, count);
        return made;
    }

    private DocArray ReadArray(ref Utf8JsonReader reader)
    {
        var first = _values.Count;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var value = Read(ref reader);
            _values.Add(value);
        }

        var count = _values.Count - first;
        if (count == 0)
        {
            return Doc.EmptyArray;
        }

        var made = new DocArray(ImmutableCollectionsMarshal.AsImmutableArray(CollectionsMarshal.AsSpan(_values)[first..].ToArray()));
        _values.RemoveRange(first, count);
        return made;
    }

    private static bool HasDouble(ReadOnlySpan<string> keys)
    {
        if (keys.Length > IndexFrom)
        {
            var seen = new HashSet<string>(keys.Length, StringComparer.Ordinal);
            foreach (var key in keys)
            {
                if (!seen.Add(key))
                {
                    return true;
                }
            }

            return false;
        }

        for (var i = 1; i < keys.Length; i++)
        {
            if (keys[..i].Contains(keys[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static DocObject WithoutDoubles(ReadOnlySpan<string> keys, ReadOnlySpan<Doc> values)
    {
        var builder = new DocObjectBuilder(keys.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            builder.Set(keys[i], values[i]);
        }

        return builder.ToObject();
    }
}
