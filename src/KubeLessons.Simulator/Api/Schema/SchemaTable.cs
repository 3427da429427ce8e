using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Schema;

/// <summary>
/// The types of the built-in kinds, from <c>fields.tsv</c> (names, types and protobuf numbers), <c>merge-keys.tsv</c> (how lists
/// merge) and <c>printed.tsv</c> (what Go prints or leaves out). Kinds of other groups, such as custom ones, have no type here and
/// are taken as they come.
/// </summary>
internal sealed class SchemaTable
{
    /// <summary>Fields that stand for an embedded Go struct: its fields are the outer object's in JSON.</summary>
    private static readonly HashSet<string> Inlined =
    [
        "localObjectReference", "volumeSource", "handler", "ephemeralContainerCommon", "persistentVolumeSource",
        "ingressRuleValue", "ruleWithOperations", "rule", "deviceConfiguration", "volumeStatus",
    ];

    private readonly Dictionary<string, SchemaType?> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Type, string Field), string[]> _merges =
        DataFile.Rows("merge-keys.tsv").ToDictionary(row => ($"{Package(row[0])}.{row[1]}", row[2]));

    private readonly Dictionary<(string Type, string Field), string> _printed =
        DataFile.Rows("printed.tsv").ToDictionary(row => (row[0], row[1]), row => row[2]);

    /// <summary>The type of a kind, such as ("apps", "v1", "Deployment"); null when it is not described.</summary>
    public SchemaType? Find(string group, string version, string kind)
    {
        var dot = group.IndexOf('.', StringComparison.Ordinal);
        var package = group.Length == 0 ? "core" : dot < 0 ? group : group[..dot];
        return Find($"{package}.{version}.{kind}");
    }

    private static string Package(string groupVersion) =>
        groupVersion == "meta/v1" ? "apis.meta.v1" : groupVersion.Replace('/', '.');

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

    private SchemaType? Find(string fullName)
    {
        if (!_types.TryGetValue(fullName, out var type))
        {
            type = SchemaText.Instance.Has(fullName) ? Read(fullName) : null;
        }

        return type;
    }

    // A type is known before its fields are read: types may contain themselves.
    private SchemaType Read(string fullName)
    {
        var dot = fullName.LastIndexOf('.');
        var type = new SchemaType(fullName[..dot], fullName[(dot + 1)..]);
        _types[fullName] = type;
        var embedded = new List<SchemaField>();
        foreach (var row in SchemaText.Instance.RowsOf(fullName))
        {
            var field = ReadField(fullName, row);
            if (field is { Shape: SchemaShape.Object })
            {
                var element = Split(row[4]).Element;
                field.Type = Find(element.Contains('.', StringComparison.Ordinal) ? element : $"{type.Package}.{element}");
            }

            if (Inlined.Contains(field.Name) && field is { Container: SchemaContainer.Single, Type: not null })
            {
                embedded.Add(field);
            }
            else
            {
                type.Add(field);
            }
        }

        embedded.ForEach(type.Embed);
        return type;
    }

    private SchemaField ReadField(string owner, string[] row)
    {
        var (container, element) = Split(row[4]);
        var merge = _merges.GetValueOrDefault((owner, row[2]));
        var printed = _printed.GetValueOrDefault((owner, row[2]));
        return new SchemaField(row[2], int.Parse(row[3]), container, ShapeOf(element), element)
        {
            OmitsZero = printed == "omit",
            WhenUnset = printed is null or "omit" ? null : DocJson.Parse(printed),
            PatchStrategy = merge?[3] ?? "",
            PatchMergeKey = merge?[4] ?? "",
            ListType = merge?[5] ?? "",
            ListMapKeys = merge is null || merge[6].Length == 0 ? [] : [.. merge[6].Split(',')],
        };
    }
}
