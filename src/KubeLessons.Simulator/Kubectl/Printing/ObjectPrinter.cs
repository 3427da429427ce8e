using System.Diagnostics.CodeAnalysis;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Paths;

namespace KubeLessons.Simulator.Kubectl.Printing;

/// <summary>Prints objects in one of the machine-readable formats of <c>-o</c>.</summary>
internal abstract class ObjectPrinter
{
    /// <summary>An object (or a <c>List</c>) as text, or why it cannot be printed.</summary>
    public abstract bool TryPrint(Doc value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error);
}

internal sealed class JsonPrinter(bool showManagedFields) : ObjectPrinter
{
    public override bool TryPrint(Doc value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        (text, error) = (GoJson.Indented(showManagedFields ? value : ManagedFields.Omit(value)), null);
        return true;
    }
}

/// <summary>JSON of an object that kubectl made itself: its fields stay in the order of the Go type, kind and apiVersion first.</summary>
internal sealed class MadeObjectJsonPrinter : ObjectPrinter
{
    public override bool TryPrint(Doc value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        (text, error) = (GoJson.IndentedInOrder(value), null);
        return true;
    }
}

internal sealed class YamlPrinter(bool showManagedFields) : ObjectPrinter
{
    private int _printed;

    public override bool TryPrint(Doc value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        text = (_printed++ > 0 ? "---\n" : "") + DocYaml.Write(showManagedFields ? value : ManagedFields.Omit(value));
        error = null;
        return true;
    }
}

/// <summary><c>pod/web</c>, one line an object; with an operation <c>pod/web created</c>.</summary>
internal sealed class NamePrinter(string outcome = "") : ObjectPrinter
{
    public override bool TryPrint(Doc value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        error = null;
        text = value.At("items") is DocArray items ? string.Concat(items.Items.Select(Line)) : Line(value);
        return true;
    }

    private string Line(Doc value)
    {
        var apiVersion = value.Text("apiVersion") ?? "";
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        var kind = (value.Text("kind") ?? "").ToLowerInvariant();
        var name = value.Text("metadata", "name") is { Length: > 0 } given ? given : "<unknown>";
        return $"{kind}{(slash > 0 ? "." + apiVersion[..slash] : "")}/{name}{(outcome.Length > 0 ? " " + outcome : "")}\n";
    }
}

internal sealed class JsonPathPrinter(JsonPath path, string template, bool asJson) : ObjectPrinter
{
    public override bool TryPrint(Doc value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        var printed = asJson ? path.TryPrintAsJson(value, out text, out error) : path.TryPrint(value, out text, out error);
        error = printed
            ? null
            : $"error executing jsonpath {GoText.Quote(template)}: Error executing template: {error}. Printing more information for debugging the template:\n"
                + $"\ttemplate was:\n\t\t{template}\n\tobject given to jsonpath engine was:\n\t\t{GoText.Value(value)}\n\n";
        return printed;
    }
}

internal static class ManagedFields
{
    public static Doc Omit(Doc value) => value.At("items") is DocArray items
        ? value.With(Doc.Arr(items.Items.Select(OmitOne)), "items")
        : OmitOne(value);

    private static Doc OmitOne(Doc value) => value.At("metadata", "managedFields") is null ? value : value.Without("metadata", "managedFields");
}
