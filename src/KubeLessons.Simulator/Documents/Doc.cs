using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KubeLessons.Simulator.Documents;

/// <summary>
/// An immutable JSON value. The store, the API pipeline and every component speak in <see cref="Doc"/>s, so a field that
/// nobody here knows survives every round trip. Changing a document makes a new one that shares all untouched parts.
/// </summary>
/// <example><code>
/// Doc pod = Doc.Obj(("kind", "Pod"), ("metadata", Doc.Obj(("name", "web"))));
/// Doc bound = pod.With("w1-k8s", "spec", "nodeName");     // makes the missing "spec" on the way
/// string? node = bound.Text("spec", "nodeName");          // "w1-k8s"; null where there is none
/// </code></example>
public abstract class Doc : IEquatable<Doc>
{
    private protected Doc()
    {
    }

    /// <summary>The JSON value <c>null</c>, which is not the same as a field that is absent.</summary>
    public static Doc Null { get; } = new DocNull();

    /// <summary>The empty object <c>{}</c>.</summary>
    public static DocObject Empty { get; } = new([], []);

    /// <summary>The empty array <c>[]</c>.</summary>
    public static DocArray EmptyArray { get; } = new([]);

    public bool IsNull => this is DocNull;

    /// <summary>The elements of an array; none for every other value.</summary>
    public virtual ImmutableArray<Doc> Items => [];

    /// <summary>The fields of an object in their order; none for every other value.</summary>
    public virtual IEnumerable<KeyValuePair<string, Doc>> Fields => [];

    /// <summary>The text of a string value; null for every other value.</summary>
    public virtual string? AsText => null;

    /// <summary>The value of a whole number; null for every other value.</summary>
    public virtual long? AsInt => null;

    /// <summary>The value of a number; null for every other value.</summary>
    public virtual double? AsDouble => null;

    /// <summary>The value of a boolean; null for every other value.</summary>
    public virtual bool? AsBool => null;

    /// <summary>A field of an object; null when this is no object or has no such field.</summary>
    public virtual Doc? this[string field] => null;

    /// <summary>A JSON string; a string that is null is no value at all, so that a field made of it is left out.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static implicit operator Doc?(string? value) => value is null ? null : new DocText(value);

    public static implicit operator Doc(long value) => new DocNumber(value.ToString(CultureInfo.InvariantCulture));

    public static implicit operator Doc(int value) => (long)value;

    public static implicit operator Doc(bool value) => value ? DocBool.True : DocBool.False;

    /// <summary>An object of these fields; a field whose value is null is left out.</summary>
    public static DocObject Obj(params ReadOnlySpan<(string Name, Doc? Value)> fields)
    {
        var builder = new DocObjectBuilder(fields.Length);
        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                builder.Set(name, value);
            }
        }

        return builder.ToObject();
    }

    /// <summary>An array of these values.</summary>
    public static DocArray Arr(params ReadOnlySpan<Doc> items) => new([.. items]);

    /// <summary>An array of these values.</summary>
    public static DocArray Arr(IEnumerable<Doc> items) => new([.. items]);

    /// <summary>An object that maps strings to strings, such as labels.</summary>
    public static DocObject Map(IEnumerable<KeyValuePair<string, string>> entries)
    {
        var builder = new DocObjectBuilder();
        foreach (var (key, value) in entries)
        {
            builder.Set(key, value);
        }

        return builder.ToObject();
    }

    /// <summary>A number from its JSON text, kept to the letter.</summary>
    public static Doc Number(string text) => new DocNumber(text);

    /// <summary>The value at the end of a path of field names; null as soon as a step is missing.</summary>
    public Doc? At(params ReadOnlySpan<string> path)
    {
        Doc? at = this;
        foreach (var step in path)
        {
            at = at?[step];
        }

        return at;
    }

    /// <summary>The text at a path; null when it is missing or no string.</summary>
    public string? Text(params ReadOnlySpan<string> path) => At(path)?.AsText;

    /// <summary>The whole number at a path; null when it is missing or none.</summary>
    public long? Int(params ReadOnlySpan<string> path) => At(path)?.AsInt;

    /// <summary>The boolean at a path; null when it is missing or none.</summary>
    public bool? Flag(params ReadOnlySpan<string> path) => At(path)?.AsBool;

    /// <summary>The elements of the array at a path; none when it is missing or no array.</summary>
    public ImmutableArray<Doc> List(params ReadOnlySpan<string> path) => At(path)?.Items ?? [];

    /// <summary>
    /// This document with the value at a path replaced, or removed when <paramref name="value"/> is null. Missing objects on
    /// the way are made. A path that leads through a value that is no object replaces that value.
    /// </summary>
    public Doc With(Doc? value, params ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
        {
            return value ?? Null;
        }

        var self = this as DocObject ?? Empty;
        if (path.Length == 1)
        {
            return self.SetField(path[0], value);
        }

        var child = self[path[0]];
        if (child is null && value is null)
        {
            return this;
        }

        return self.SetField(path[0], (child ?? Empty).With(value, path[1..]));
    }

    /// <summary>This document without the value at a path.</summary>
    public Doc Without(params ReadOnlySpan<string> path) => With(null, path);

    /// <summary>Structural equality: the order of an object's fields does not matter.</summary>
    public abstract bool Equals(Doc? other);

    public sealed override bool Equals(object? obj) => obj is Doc other && Equals(other);

    public abstract override int GetHashCode();

    /// <summary>Compact JSON.</summary>
    public sealed override string ToString() => DocJson.Write(this);
}
