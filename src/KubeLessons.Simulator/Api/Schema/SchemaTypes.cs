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

    /// <summary>A time, a quantity, base64 bytes: a string whose form others check.</summary>
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

    public bool Merges => PatchStrategy.StartsWith("merge", StringComparison.Ordinal);

    public bool Replaces => PatchStrategy.StartsWith("replace", StringComparison.Ordinal);
}

/// <summary>A type of the Kubernetes API, with the fields of the types that it embeds.</summary>
internal sealed class SchemaType(string package, string name)
{
    private readonly Dictionary<string, SchemaField> _fields = new(StringComparer.Ordinal);

    /// <summary>Such as <c>core.v1</c>.</summary>
    public string Package => package;

    /// <summary>Such as <c>PodSpec</c>.</summary>
    public string Name => name;

    public IEnumerable<SchemaField> Fields => _fields.Values;

    public SchemaField? this[string field] => _fields.GetValueOrDefault(field);

    public bool TryGet(string field, [NotNullWhen(true)] out SchemaField? found) => _fields.TryGetValue(field, out found);

    public void Add(SchemaField field) => _fields[field.Name] = field;

    public override string ToString() => $"{package}.{name}";
}
