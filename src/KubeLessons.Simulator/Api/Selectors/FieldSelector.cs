using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Selectors;

/// <summary>
/// A condition on fields, from a query's text (<c>spec.nodeName=w1-k8s,status.phase!=Failed</c>). Each kind knows a closed list
/// of them (<c>field-selectors.tsv</c>, besides metadata.name and metadata.namespace); others are refused.
/// </summary>
internal sealed class FieldSelector
{
    private static readonly Dictionary<(string Storage, string Label), FieldLabel> Known = DataFile.Rows("field-selectors.tsv")
        .ToDictionary(row => (row[0], row[1]), row => new FieldLabel(row[2].Split('.'), row[3]));

    private static readonly HashSet<string> KindsWithOwnLabels = [.. Known.Keys.Select(key => key.Storage)];
    private static readonly FieldLabel MetadataName = new(["metadata", "name"], "");
    private static readonly FieldLabel MetadataNamespace = new(["metadata", "namespace"], "");

    private readonly ImmutableArray<Term> _terms;

    private FieldSelector(ImmutableArray<Term> terms) => _terms = terms;

    public static FieldSelector Everything { get; } = new([]);

    public bool IsEverything => _terms.IsEmpty;

    /// <summary>Reads a query's text; null with the fault, in the API server's words.</summary>
    public static FieldSelector? Parse(string? text, ResourceKind kind, out string? fault)
    {
        fault = null;
        if (string.IsNullOrEmpty(text))
        {
            return Everything;
        }

        var terms = ImmutableArray.CreateBuilder<Term>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.AsSpan().IndexOfAny('!', '=');
            var length = at < 0 ? 0 : part.AsSpan(at).StartsWith("!=") || part.AsSpan(at).StartsWith("==") ? 2 : part[at] == '=' ? 1 : 0;
            if (length == 0)
            {
                fault = $"invalid selector: '{text}'; can't understand '{part}'";
                return null;
            }

            var label = part[..at];
            if (Find(kind, label) is not { } field)
            {
                fault = KindsWithOwnLabels.Contains(kind.StorageName)
                    ? $"field label not supported: {label}"
                    : $"{GoText.Quote(label)} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";
                return null;
            }

            terms.Add(new Term(label, field, part[(at + length)..], part[at] == '!'));
        }

        return new FieldSelector(terms.ToImmutable());
    }

    /// <summary>The value that a field must have, such as the name of the one object that is asked for; null when any will do.</summary>
    public string? Exactly(string label)
    {
        foreach (var term in _terms)
        {
            if (!term.Negated && term.Label == label)
            {
                return term.Value;
            }
        }

        return null;
    }

    public bool Matches(Doc value)
    {
        foreach (var term in _terms)
        {
            if ((term.Field.Of(value) == term.Value) == term.Negated)
            {
                return false;
            }
        }

        return true;
    }

    private static FieldLabel? Find(ResourceKind kind, string label) => label switch
    {
        "metadata.name" => MetadataName,
        "metadata.namespace" => MetadataNamespace,
        _ => Known.GetValueOrDefault((kind.StorageName, label)),
    };

    private sealed record FieldLabel(string[] Path, string Missing)
    {
        public string Of(Doc value) => value.At(Path) switch
        {
            DocText text => text.AsText,
            null or DocNull => Missing,
            var other => other.ToString(),
        };
    }

    private readonly record struct Term(string Label, FieldLabel Field, string Value, bool Negated);
}
