using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Verbs.Create;

/// <summary>Pieces of the objects that kubectl makes itself; fields stand in the order of the Go types, which JSON output shows.</summary>
internal static class MadeObjects
{
    /// <summary>Go writes a time that is not set as null.</summary>
    public static DocObject Metadata(string name, DocObject? labels = null, DocObject? annotations = null) => Doc.Obj(
        ("name", name.Length > 0 ? name : null),
        ("creationTimestamp", Doc.Null),
        ("labels", labels is { Count: > 0 } ? labels : null),
        ("annotations", annotations is { Count: > 0 } ? annotations : null));

    public static DocObject Object(string kind, string apiVersion, DocObject metadata, params ReadOnlySpan<(string Name, Doc? Value)> fields)
    {
        var builder = new DocObjectBuilder().Set("kind", kind).Set("apiVersion", apiVersion).Set("metadata", metadata);
        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                builder.Set(name, value);
            }
        }

        return builder.ToObject();
    }

    /// <summary>The object with its namespace after its name.</summary>
    public static Doc InNamespace(Doc value, string ns)
    {
        var builder = new DocObjectBuilder();
        foreach (var (key, field) in value.At("metadata")!.Fields)
        {
            builder.Set(key, field);
            if (key == "name")
            {
                builder.Set("namespace", ns);
            }
        }

        return value.With(builder.ToObject(), "metadata");
    }

    public static DocObject Label(string key, string value) => Doc.Obj((key, value));

    /// <summary>A container's name from its image: what stands between the last slash and the tag.</summary>
    public static string NameOfImage(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        var end = name.IndexOfAny([':', '@']);
        return (end < 0 ? name : name[..end]).Replace('_', '-').ToLowerInvariant();
    }

    public static DocArray? Texts(IEnumerable<string> texts) => Doc.Arr(texts.Select(text => (Doc)text)) is { Items.IsEmpty: false } list ? list : null;

    public static string UrlOf(ResourcePath resource, string ns) =>
        (resource.Group.Length == 0 ? "/api/" : $"/apis/{resource.Group}/") + resource.Version + (ns.Length > 0 ? $"/namespaces/{ns}/" : "/") + resource.Plural;
}
