using System.Text.Json;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Checks;

/// <summary>Judges <c>object: {partial manifest}</c>.</summary>
internal static class ManifestConditions
{
    public static Finding Evaluate(ObjectCondition condition, Viewpoint view)
    {
        var manifest = condition.Manifest;
        var kind = manifest.Text("kind") ?? "";
        if (KnownResources.Find(kind) is not { } resource)
        {
            return Finding.Faulty(Message.Of("check.unknownResource", kind));
        }

        var name = manifest.Text("metadata", "name") is { } named ? view.Variables.Substitute(named).Text : null;
        var ns = manifest.Text("metadata", "namespace") is { } inNamespace ? view.Variables.Substitute(inNamespace).Text : "default";
        Finding? nearest = null;
        foreach (var item in view.State.Objects(resource.Id))
        {
            if ((name is not null && item.Id.Name != name) || (resource.IsNamespaced && item.Id.Namespace != ns))
            {
                continue;
            }

            var difference = Difference(manifest, item.Root, "", view.Variables);
            if (difference is null)
            {
                return new Finding(true, Said.Verbatim(item.Id.ToString()), Said.Verbatim(item.Id.ToString()), item.Since, item.Id);
            }

            nearest = new Finding(
                false, Said.Verbatim($"{difference.Path}: {difference.Expected}"), Said.Verbatim($"{difference.Path}: {difference.Actual}"), item.Since, item.Id);
        }

        return nearest ?? new Finding(
            false, Said.There, Said.NotThere, null, name is null ? null : new ObjectId(resource.Id, resource.IsNamespaced ? ns : "", name));
    }

    private static Mismatch? Difference(JsonElement wanted, JsonElement actual, string path, Variables variables)
    {
        switch (wanted.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in wanted.EnumerateObject())
                {
                    if (path.Length == 0 && field.Name is "kind" or "apiVersion")
                    {
                        continue;
                    }

                    var below = actual.At(field.Name);
                    var at = $"{path}.{field.Name}";
                    if (below.ValueKind == JsonValueKind.Undefined)
                    {
                        return new Mismatch(at, field.Value.GetRawText(), "-");
                    }

                    if (Difference(field.Value, below, at, variables) is { } mismatch)
                    {
                        return mismatch;
                    }
                }

                return actual.ValueKind == JsonValueKind.Object ? null : new Mismatch(path, wanted.GetRawText(), actual.GetRawText());
            case JsonValueKind.Array:
                return InList(wanted, actual, path, variables);
            default:
                var expected = wanted.ValueKind == JsonValueKind.String
                    ? variables.Substitute(wanted.GetString()!).Text
                    : wanted.GetRawText();
                var found = actual.ValueKind == JsonValueKind.String ? actual.GetString()! : actual.GetRawText();
                return expected == found ? null : new Mismatch(path, expected, found);
        }
    }

    // Entries are matched by their name or type where they have one, else each wanted entry must be like some actual one.
    private static Mismatch? InList(JsonElement wanted, JsonElement actual, string path, Variables variables)
    {
        if (actual.ValueKind != JsonValueKind.Array)
        {
            return new Mismatch(path, wanted.GetRawText(), actual.GetRawText());
        }

        foreach (var entry in wanted.EnumerateArray())
        {
            var key = entry.Text("name") is not null ? "name" : entry.Text("type") is not null ? "type" : null;
            var candidates = actual.EnumerateArray()
                .Where(item => key is null || item.Text(key) == variables.Substitute(entry.Text(key)!).Text)
                .ToList();
            var mismatches = candidates.Select(item => Difference(entry, item, $"{path}[{entry.Text(key ?? "") ?? ""}]", variables)).ToList();
            if (mismatches.Count == 0)
            {
                return new Mismatch(path, entry.GetRawText(), "-");
            }

            if (mismatches.All(mismatch => mismatch is not null))
            {
                return mismatches[0];
            }
        }

        return null;
    }

    private sealed record Mismatch(string Path, string Expected, string Actual);
}
