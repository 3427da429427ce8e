using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>Whether a node is one that a pod asks for: nodeSelector and node affinity (component-helpers: nodeaffinity).</summary>
internal static class NodeSelection
{
    /// <summary>nodeSelector and requiredDuringSchedulingIgnoredDuringExecution both hold.</summary>
    public static bool Matches(Doc pod, Doc node) =>
        LabelMatch.HasAll(pod.At("spec", "nodeSelector"), node.At("metadata", "labels"))
        && (pod.At("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution") is not { IsNull: false } required
            || MatchesAnyTerm(required.List("nodeSelectorTerms"), node));

    /// <summary>The summed weights of the preferred terms that hold.</summary>
    public static long PreferredWeight(Doc pod, Doc node)
    {
        var weight = 0L;
        foreach (var preferred in pod.List("spec", "affinity", "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution"))
        {
            if (preferred["preference"] is { } term && MatchesTerm(term, node))
            {
                weight += preferred.Int("weight") ?? 0;
            }
        }

        return weight;
    }

    private static bool MatchesAnyTerm(IEnumerable<Doc> terms, Doc node)
    {
        foreach (var term in terms)
        {
            if (MatchesTerm(term, node))
            {
                return true;
            }
        }

        return false;
    }

    // A term without any requirement matches nothing.
    private static bool MatchesTerm(Doc term, Doc node)
    {
        if (term.List("matchExpressions").IsEmpty && term.List("matchFields").IsEmpty)
        {
            return false;
        }

        var fields = Doc.Obj(("metadata.name", node.Name()));
        return MatchesAll(term["matchExpressions"], node.At("metadata", "labels"))
            && MatchesAll(term["matchFields"], fields);
    }

    private static bool MatchesAll(Doc? requirements, Doc? values)
    {
        foreach (var requirement in requirements?.Items ?? [])
        {
            if (!Matches(requirement, values?[requirement.Text("key") ?? ""]?.AsText))
            {
                return false;
            }
        }

        return true;
    }

    // A NodeSelectorRequirement: a label selector's operators, and Gt and Lt for whole numbers.
    private static bool Matches(Doc requirement, string? actual) => requirement.Text("operator") switch
    {
        "In" => actual is not null && HasValue(requirement, actual),
        "NotIn" => actual is null || !HasValue(requirement, actual),
        "Exists" => actual is not null,
        "DoesNotExist" => actual is null,
        "Gt" => Compare(requirement, actual) > 0,
        "Lt" => Compare(requirement, actual) < 0,
        _ => false,
    };

    private static bool HasValue(Doc requirement, string actual)
    {
        foreach (var value in requirement.List("values"))
        {
            if (value.AsText == actual)
            {
                return true;
            }
        }

        return false;
    }

    private static int Compare(Doc requirement, string? actual) =>
        long.TryParse(actual, out var left) && requirement.List("values") is [var only] && long.TryParse(only.AsText, out var right)
            ? left.CompareTo(right)
            : 0;
}
