using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers;

/// <summary>A <c>LabelSelector</c> (matchLabels and matchExpressions) or a plain map of labels, asked about labels.</summary>
internal static class LabelSelector
{
    /// <summary>Whether labels satisfy a LabelSelector. A missing selector matches nothing, an empty one everything (metav1.LabelSelector).</summary>
    public static bool Matches(Doc? selector, Doc? labels)
    {
        if (selector is null or { IsNull: true })
        {
            return false;
        }

        return MatchesMap(selector["matchLabels"], labels) && MatchesExpressions(selector["matchExpressions"], labels);
    }

    /// <summary>Whether labels have all entries of a map, as a Service's or ReplicationController's selector asks.</summary>
    public static bool MatchesMap(Doc? map, Doc? labels)
    {
        foreach (var (key, value) in map?.Fields ?? [])
        {
            if (labels?[key]?.AsText is not { } actual || actual != value.AsText)
            {
                return false;
            }
        }

        return true;
    }

    public static bool MatchesExpressions(Doc? expressions, Doc? labels)
    {
        foreach (var expression in expressions?.Items ?? [])
        {
            if (!MatchesExpression(expression, labels))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True for a selector that has no requirement at all.</summary>
    public static bool IsEmpty(Doc? selector) =>
        selector is null || (!(selector["matchLabels"]?.Fields.Any() ?? false) && selector.List("matchExpressions").IsEmpty);

    /// <summary>One requirement: In, NotIn, Exists, DoesNotExist; Gt and Lt too, as node affinity has them.</summary>
    public static bool MatchesExpression(Doc expression, Doc? labels)
    {
        var actual = labels?[expression.Text("key") ?? ""]?.AsText;
        return expression.Text("operator") switch
        {
            "In" => actual is not null && HasValue(expression, actual),
            "NotIn" => actual is null || !HasValue(expression, actual),
            "Exists" => actual is not null,
            "DoesNotExist" => actual is null,
            "Gt" => Compare(expression, actual) > 0,
            "Lt" => Compare(expression, actual) < 0,
            _ => false,
        };
    }

    private static bool HasValue(Doc expression, string actual)
    {
        foreach (var value in expression.List("values"))
        {
            if (value.AsText == actual)
            {
                return true;
            }
        }

        return false;
    }

    private static int Compare(Doc expression, string? actual) =>
        long.TryParse(actual, out var left) && expression.List("values") is [var only] && long.TryParse(only.AsText, out var right)
            ? left.CompareTo(right)
            : 0;
}
