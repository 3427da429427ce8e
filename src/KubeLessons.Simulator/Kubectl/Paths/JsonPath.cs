using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Paths;

/// <summary>A JSONPath template, ready to be applied to objects.</summary>
internal sealed class JsonPath
{
    private readonly ImmutableArray<PathNode> _nodes;
    private readonly bool _allowMissing;

    private JsonPath(ImmutableArray<PathNode> nodes, bool allowMissing) => (_nodes, _allowMissing) = (nodes, allowMissing);

    public static bool TryParse(
        string template, bool allowMissing, [NotNullWhen(true)] out JsonPath? path, [NotNullWhen(false)] out string? error)
    {
        (var nodes, error) = PathParser.Parse(template);
        path = error is null ? new JsonPath(nodes, allowMissing) : null;
        return error is null;
    }

    /// <summary>
    /// The relaxed form that custom columns, <c>--sort-by</c> and <c>kubectl wait</c> take: <c>name</c>, <c>.name</c>, <c>{name}</c> and
    /// <c>{.name}</c> are all <c>{.name}</c>. Null when it is none of them.
    /// </summary>
    public static string? Relaxed(string text)
    {
        if (text.Length == 0)
        {
            return "";
        }

        var inside = text.StartsWith('{') && text.EndsWith('}') ? text[1..^1] : text;
        inside = inside.StartsWith('.') ? inside[1..] : inside;
        return inside.Length == 0 || inside.AsSpan().ContainsAny('{', '}') ? null : $"{{.{inside}}}";
    }

    /// <summary>What each piece of the template finds: values of a path, or a text. An error when a key is missing and must not be.</summary>
    public bool TryFind(Doc document, out List<ImmutableArray<Doc>> results, [NotNullWhen(false)] out string? error)
    {
        var run = new PathEvaluation(_allowMissing);
        results = run.Find(_nodes, document);
        error = run.Error;
        return error is null;
    }

    /// <summary>The template's output for a document, as <c>-o jsonpath</c> prints it: no line feed at the end.</summary>
    public bool TryPrint(Doc document, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        text = null;
        if (!TryFind(document, out var results, out error))
        {
            return false;
        }

        var output = new StringBuilder();
        foreach (var found in results)
        {
            output.AppendJoin(' ', found.Select(TextOf));
        }

        text = output.ToString();
        return true;
    }

    /// <summary>All values in one JSON array, as <c>-o jsonpath-as-json</c> prints them.</summary>
    public bool TryPrintAsJson(Doc document, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        text = null;
        if (!TryFind(document, out var results, out error))
        {
            return false;
        }

        text = GoJson.Indented(Doc.Arr(results.SelectMany(found => found)));
        return true;
    }

    /// <summary>A value as text: strings bare, maps and lists as compact JSON.</summary>
    public static string TextOf(Doc value) => value switch
    {
        DocObject or DocArray => GoJson.Compact(value),
        DocNumber number => NumberText(number),
        DocNull => "null",
        _ => value.AsText ?? (value.AsBool == true ? "true" : "false"),
    };

    private static string NumberText(DocNumber number) =>
        number.AsInt is { } whole ? whole.ToString(CultureInfo.InvariantCulture) : number.Literal;
}
