using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace KubeLessons.Simulator.Api.Schema;

/// <summary>What a field's JSON value may be.</summary>
internal enum SchemaShape
{
    Text,
    Integer,
    Number,
    Flag,

    /// <summary>A time with whole seconds.</summary>
    Time,

    /// <summary>A time with microseconds.</summary>
    MicroTime,

    /// <summary>Base64 text.</summary>
    Bytes,

    /// <summary>An amount: kept in its canonical form.</summary>
    Quantity,

    /// <summary>A string in a form of its own, such as a duration.</summary>
    Formatted,

    /// <summary>A number or a string.</summary>
    IntOrString,

    /// <summary>An object with known fields.</summary>
    Object,

    /// <summary>Any JSON.</summary>
    Anything,
}

internal enum SchemaContainer
{
    Single,
    List,
    Map,
}

/// <summary>One field of a type: its value's shape, and how patches and server-side apply merge it.</summary>
internal sealed record SchemaField(string Name, int Number, SchemaContainer Container, SchemaShape Shape, string GoType)
{
    /// <summary>The fields of its value (or of a list's or map's values); null unless the shape is Object.</summary>
    public SchemaType? Type { get; set; }

    /// <summary>Such as <c>merge</c>, <c>replace</c>, <c>merge,retainKeys</c>; "" for the default.</summary>
    public string PatchStrategy { get; init; } = "";

    /// <summary>The key by which list items are told apart in a strategic merge patch; "" for none.</summary>
    public string PatchMergeKey { get; init; } = "";

    /// <summary>atomic, set, map or granular, for server-side apply; "" for the default.</summary>
    public string ListType { get; init; } = "";

    public ImmutableArray<string> ListMapKeys { get; init; } = [];

    /// <summary>A zero value (false, 0, "") is left out, as Go's omitempty does.</summary>
    public bool OmitsZero { get; init; }

    /// <summary>What stands there when nothing was set; null: nothing.</summary>
    public Documents.Doc? WhenUnset { get; init; }

    public bool Merges => PatchStrategy.StartsWith("merge", StringComparison.Ordinal);

    public bool Replaces => PatchStrategy.StartsWith("replace", StringComparison.Ordinal);
}

/// <summary>A type of the Kubernetes API, with the fields of the types that it embeds.</summary>
internal sealed class SchemaType(string package, string name)
{
    private readonly Dictionary<string, SchemaField> _fields = new(StringComparer.Ordinal);
    private readonly List<SchemaField> _embedded = [];
    private ImmutableArray<(string Field, Documents.Doc Value)> _always;

    /// <summary>Such as <c>core.v1</c>.</summary>
    public string Package => package;

    /// <summary>Such as <c>PodSpec</c>.</summary>
    public string Name => name;

    public IEnumerable<SchemaField> Fields => _fields.Values;

    public SchemaField? this[string field] => _fields.GetValueOrDefault(field);

    public bool TryGet(string field, [NotNullWhen(true)] out SchemaField? found) => _fields.TryGetValue(field, out found);

    /// <summary>The fields that are printed even when nothing was set, with what is printed then.</summary>
    public ImmutableArray<(string Field, Documents.Doc Value)> Always =>
        _always.IsDefault
            ? _always = [.. Fields.Where(each => each.WhenUnset is not null).Select(each => (each.Name, Unset(each)))]
            : _always;

    /// <summary>The protobuf fields that stand for embedded types; their own fields are among <see cref="Fields"/>.</summary>
    public IReadOnlyList<SchemaField> Embedded => _embedded;

    public void Add(SchemaField field) => _fields[field.Name] = field;

    /// <summary>Takes an embedded type's fields in as its own.</summary>
    public void Embed(SchemaField embedded)
    {
        _embedded.Add(embedded);
        foreach (var inner in embedded.Type!.Fields)
        {
            _fields.TryAdd(inner.Name, inner);
        }
    }

    private static Documents.Doc Unset(SchemaField field) => field.Type is null ? field.WhenUnset! : Blank(field.Type);

    private static Documents.DocObject Blank(SchemaType type)
    {
        var builder = new Documents.DocObjectBuilder();
        foreach (var (name, value) in type.Always)
        {
            builder.Set(name, value);
        }

        return builder.ToObject();
    }

    public override string ToString() => $"{package}.{name}";
}
