using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Schema;

/// <summary>
/// The types of the built-in kinds, from <c>fields.tsv</c> (names, types and protobuf numbers) and <c>merge-keys.tsv</c> (how
/// lists merge). Kinds of other groups, such as custom ones, have no type here and are taken as they come.
/// </summary>
internal sealed class SchemaTable
{
    private static readonly Lazy<SchemaTable> Only = new(() => new SchemaTable());

    /// <summary>Fields that stand for an embedded Go struct: its fields are the outer object's in JSON.</summary>
    private static readonly HashSet<string> Inlined =
    [
        "localObjectReference", "volumeSource", "handler", "ephemeralContainerCommon", "persistentVolumeSource",
        "ingressRuleValue", "ruleWithOperations", "rule", "deviceConfiguration", "volumeStatus",
    ];

    private readonly Dictionary<string, SchemaType> _types = new(StringComparer.Ordinal);

    private SchemaTable()
    {
        var merges = DataFile.Rows("merge-keys.tsv").ToDictionary(row => (Package(row[0]) + "." + row[1], row[2]));
        var printed = DataFile.Rows("printed.tsv").ToDictionary(row => (row[0], row[1]), row => row[2]);
        var rows = DataFile.Rows("fields.tsv").Where(row => row[0] != "package").ToList();
        foreach (var row in rows)
        {
            var typeName = row[0] + "." + row[1];
            if (!_types.TryGetValue(typeName, out var type))
            {
                _types.Add(typeName, type = new SchemaType(row[0], row[1]));
            }

            var field = Read(row, merges.GetValueOrDefault((typeName, row[2])));
            type.Add(printed.TryGetValue((typeName, row[2]), out var when)
                ? field with { OmitsZero = when == "omit", WhenUnset = when == "omit" ? null : DocJson.Parse(when) }
                : field);
        }

        foreach (var row in rows)
        {
            Resolve(_types[row[0] + "." + row[1]], row[2], row[4]);
        }

        foreach (var type in _types.Values)
        {
            Flatten(type);
        }

        foreach (var type in _types.Values)
        {
            type.Seal();
        }
    }

    public static SchemaTable Instance => Only.Value;

    /// <summary>The type of a kind, such as ("apps", "v1", "Deployment"); null when it is not described.</summary>
    public SchemaType? Find(string group, string version, string kind)
    {
        var dot = group.IndexOf('.', StringComparison.Ordinal);
        var package = group.Length == 0 ? "core" : dot < 0 ? group : group[..dot];
        return _types.GetValueOrDefault($"{package}.{version}.{kind}");
    }

    private static string Package(string groupVersion) =>
        groupVersion == "meta/v1" ? "apis.meta.v1" : groupVersion.Replace('/', '.');

    private static SchemaField Read(string[] row, string[]? merge)
    {
        var (container, element) = Split(row[4]);
        var field = new SchemaField(row[2], int.Parse(row[3]), container, ShapeOf(element), element);
        return merge is null ? field : field with
        {
            PatchStrategy = merge[3],
            PatchMergeKey = merge[4],
            ListType = merge[5],
            ListMapKeys = merge[6].Length == 0 ? [] : [.. merge[6].Split(',')],
        };
    }

    private static (SchemaContainer Container, string Element) Split(string type)
    {
        const string Repeated = "repeated ", Map = "map<string, ";
        return type.StartsWith(Repeated, StringComparison.Ordinal) ? (SchemaContainer.List, type[Repeated.Length..])
            : type.StartsWith(Map, StringComparison.Ordinal) ? (SchemaContainer.Map, type[Map.Length..^1])
            : type.EndsWith("ExtraValue", StringComparison.Ordinal) || type == "Verbs" ? (SchemaContainer.List, "string")
            : (SchemaContainer.Single, type);
    }

    private static SchemaShape ShapeOf(string element) => element[(element.LastIndexOf('.') + 1)..] switch
    {
        "string" => SchemaShape.Text,
        "int32" or "int64" or "uint32" or "uint64" => SchemaShape.Integer,
        "double" or "float" => SchemaShape.Number,
        "bool" => SchemaShape.Flag,
        "Time" => SchemaShape.Time,
        "MicroTime" => SchemaShape.MicroTime,
        "bytes" => SchemaShape.Bytes,
        "Duration" => SchemaShape.Formatted,
        "Quantity" => SchemaShape.Quantity,
        "IntOrString" => SchemaShape.IntOrString,
        "RawExtension" or "FieldsV1" or "JSON" or "ExtraValue" or "Verbs" => SchemaShape.Anything,
        _ => SchemaShape.Object,
    };

    private void Resolve(SchemaType owner, string fieldName, string typeText)
    {
        if (owner[fieldName] is { Shape: SchemaShape.Object } field)
        {
            var element = Split(typeText).Element;
            field.Type = _types.GetValueOrDefault(element.Contains('.', StringComparison.Ordinal) ? element : $"{owner.Package}.{element}");
        }
    }

    private void Flatten(SchemaType type)
    {
        foreach (var embedded in type.Fields.Where(field => Inlined.Contains(field.Name) && field is { Container: SchemaContainer.Single, Type: not null }).ToList())
        {
            Flatten(embedded.Type!);
            type.Embed(embedded);
        }
    }
}
