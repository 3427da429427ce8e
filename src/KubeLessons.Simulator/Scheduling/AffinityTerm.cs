using KubeLessons.Simulator.Api.Selectors;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>One term of pod affinity or anti-affinity: which pods, and within which domain.</summary>
internal sealed class AffinityTerm
{
    private readonly LabelSelector _selector;
    private readonly HashSet<string> _namespaces;
    private readonly Doc? _namespaceSelector;
    private readonly Func<string, Doc?> _namespaceLabels;

    private AffinityTerm(Doc term, Doc owner, long weight, Func<string, Doc?> namespaceLabels)
    {
        TopologyKey = term.Text("topologyKey") ?? "";
        Weight = weight;
        _selector = LabelSelector.FromDoc(WithLabelKeys(term, owner));
        _namespaceLabels = namespaceLabels;
        _namespaceSelector = term["namespaceSelector"];
        _namespaces = [.. term.List("namespaces").Select(static ns => ns.AsText ?? "")];
        if (_namespaces.Count == 0 && _namespaceSelector is null)
        {
            _namespaces.Add(owner.Namespace());
        }
    }

    public string TopologyKey { get; }

    /// <summary>Of a preferred term; 1 for a required one.</summary>
    public long Weight { get; }

    /// <param name="pod">Whose terms they are.</param>
    /// <param name="kind"><c>podAffinity</c> or <c>podAntiAffinity</c>.</param>
    /// <param name="namespaceLabels">The labels of a namespace.</param>
    public static List<AffinityTerm> Required(Doc pod, string kind, Func<string, Doc?> namespaceLabels) =>
    [
        .. pod.List("spec", "affinity", kind, "requiredDuringSchedulingIgnoredDuringExecution")
            .Select(term => new AffinityTerm(term, pod, 1, namespaceLabels)),
    ];

    /// <inheritdoc cref="Required"/>
    public static List<AffinityTerm> Preferred(Doc pod, string kind, Func<string, Doc?> namespaceLabels) =>
    [
        .. pod.List("spec", "affinity", kind, "preferredDuringSchedulingIgnoredDuringExecution")
            .Select(term => new AffinityTerm(term["podAffinityTerm"] ?? Doc.Empty, pod, term.Int("weight") ?? 0, namespaceLabels)),
    ];

    public bool Matches(Doc pod) =>
        (_namespaces.Contains(pod.Namespace()) || LabelMatch.Matches(_namespaceSelector, _namespaceLabels(pod.Namespace())))
        && _selector.Matches(pod.At("metadata", "labels"));

    // matchLabelKeys and mismatchLabelKeys (since 1.31 by default): the owner's own values join the selector.
    private static Doc? WithLabelKeys(Doc term, Doc owner)
    {
        var selector = term["labelSelector"];
        foreach (var (field, op) in new[] { ("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn") })
        {
            foreach (var key in term.List(field))
            {
                if (owner.Label(key.AsText ?? "") is { } value)
                {
                    var expression = Doc.Obj(("key", key), ("operator", op), ("values", Doc.Arr(value)));
                    selector = (selector ?? Doc.Empty).With(Doc.Arr((selector ?? Doc.Empty).List("matchExpressions").Add(expression)), "matchExpressions");
                }
            }
        }

        return selector;
    }
}
