using System.Text.Json;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Checks;

/// <summary>The objects that a selection means at an instant, or the reason why that cannot be said.</summary>
internal sealed record Selected(IReadOnlyList<ObservedObject> Objects, ObjectId? Named, Message? Fault);

/// <summary>Finds the objects of a <see cref="ResourceSelection"/>.</summary>
internal static class Selecting
{
    public static Selected Select(ResourceSelection selection, Viewpoint view)
    {
        if (KnownResources.Find(selection.Type) is not { } resource)
        {
            return Faulty(Message.Of("check.unknownResource", selection.Type));
        }

        var texts = new[] { selection.Name, selection.Selector, selection.Namespace }
            .Select(text => text is null ? null : view.Variables.Substitute(text)).ToArray();
        if (texts.FirstOrDefault(text => text is { IsComplete: false }) is { } incomplete)
        {
            return Faulty(Message.Of("check.unknownVariable", incomplete.Unknown[0]));
        }

        var ns = !resource.IsNamespaced ? "" : texts[2]?.Text ?? "default";
        if (texts[0] is { } name)
        {
            var id = new ObjectId(resource.Id, ns, name.Text);
            return new Selected(view.State.Find(id) is { } found ? [found] : [], id, null);
        }

        string? node = null;
        if (selection.On is { } on && (node = on.Resolve(view.Variables, view.Nodes)) is null)
        {
            return Faulty(Message.Of("check.unknownNode", on.Text));
        }

        var chosen = view.State.Objects(resource.Id)
            .Where(candidate => ns == ResourceSelection.AllNamespaces || candidate.Id.Namespace == ns)
            .Where(candidate => texts[1] is not { } selector || LabelSelector.Matches(selector.Text, candidate.Root))
            .Where(candidate => node is null || JsonPath.Evaluate(candidate.Root, ".spec.nodeName") == node)
            .ToList();
        return new Selected(chosen, null, null);
    }

    /// <summary>The field at a path of names; an undefined element when it is not there.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return default;
            }
        }

        return element;
    }

    /// <summary>The string at a path of names; null when it is not there or is no string.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    /// <summary>The elements of the array at a path; none when it is not there.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray() : [];

    private static Selected Faulty(Message fault) => new([], null, fault);
}
