using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>Whether a node is one that a pod asks for: nodeSelector and node affinity (component-helpers: nodeaffinity).</summary>
internal static class NodeSelection
{
    /// <summary>nodeSelector and requiredDuringSchedulingIgnoredDuringExecution both hold.</summary>
    public static bool Matches(Doc pod, Doc node) =>
        LabelSelector.MatchesMap(pod.At("spec", "nodeSelector"), node.At("metadata", "labels"))
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
        return LabelSelector.MatchesExpressions(term["matchExpressions"], node.At("metadata", "labels"))
            && LabelSelector.MatchesExpressions(term["matchFields"], fields);
    }
}
