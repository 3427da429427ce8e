using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling.Filters;

/// <summary>Required affinity and anti-affinity between pods: the new pod's own, and the anti-affinity of those that are there.</summary>
internal sealed class InterPodAffinity(Func<string, Doc?> namespaceLabels) : FilterPlugin
{
    public override string Name => "InterPodAffinity";

    public override ClusterEvent WakesOn =>
        ClusterEvent.NodeAdded | ClusterEvent.NodeLabelsChanged | ClusterEvent.AssignedPodDeleted | ClusterEvent.AssignedPodAddedOrChanged;

    public override Refusal? Filter(SchedulingCycle cycle, NodeInfo node)
    {
        var counts = cycle.Memory(this, Count);
        if (!MeetsAffinity(counts, node))
        {
            return new Refusal(Words(cycle, "node(s) didn't match pod affinity rules"), false, Name);
        }

        foreach (var term in counts.Repelled)
        {
            if (node.Label(term.TopologyKey) is { } domain && counts.RepelledDomains.Contains((term, domain)))
            {
                return NotNow(Words(cycle, "node(s) didn't match pod anti-affinity rules"));
            }
        }

        foreach (var (key, domain) in counts.Forbidden)
        {
            if (node.Label(key) == domain)
            {
                return NotNow(Words(cycle, "node(s) didn't satisfy existing pods anti-affinity rules"));
            }
        }

        return null;
    }

    // Until 1.20 the general rule was named besides the particular one.
    private static string[] Words(SchedulingCycle cycle, string reason) =>
        cycle.Version.Minor <= 20 ? ["node(s) didn't match pod affinity/anti-affinity rules", reason] : [reason];

    private static bool MeetsAffinity(Counts counts, NodeInfo node)
    {
        if (counts.Attracted.Count == 0)
        {
            return true;
        }

        if (counts.Attracted.Exists(term => node.Label(term.TopologyKey) is null))
        {
            return false;
        }

        // The first pod of a group that is attracted to itself has nobody to join yet.
        return counts.Attracted.TrueForAll(term => counts.AttractedDomains.Contains((term, node.Label(term.TopologyKey)!)))
            || (counts.AttractedDomains.Count == 0 && counts.AttractsItself);
    }

    private Counts Count(SchedulingCycle cycle)
    {
        var pod = cycle.Pod.Pod;
        var counts = new Counts(
            AffinityTerm.Required(pod, "podAffinity", namespaceLabels), AffinityTerm.Required(pod, "podAntiAffinity", namespaceLabels));
        counts.AttractsItself = counts.Attracted.TrueForAll(term => term.Matches(pod));
        var asksNothing = counts.Attracted.Count == 0 && counts.Repelled.Count == 0;
        foreach (var node in cycle.Nodes)
        {
            // To a pod that asks for no neighbours only those matter that ask for theirs.
            foreach (var other in asksNothing ? node.ChoosyPods : node.Pods)
            {
                CountPod(counts, node, other.Pod, pod);
            }
        }

        return counts;
    }

    private void CountPod(Counts counts, NodeInfo node, Doc other, Doc pod)
    {
        if (counts.Attracted.Count > 0 && counts.Attracted.TrueForAll(term => term.Matches(other)))
        {
            Add(counts.AttractedDomains, counts.Attracted, node);
        }

        Add(counts.RepelledDomains, counts.Repelled.Where(term => term.Matches(other)), node);
        if (other.At("spec", "affinity", "podAntiAffinity") is not null)
        {
            foreach (var term in AffinityTerm.Required(other, "podAntiAffinity", namespaceLabels))
            {
                if (node.Label(term.TopologyKey) is { } domain && term.Matches(pod))
                {
                    counts.Forbidden.Add((term.TopologyKey, domain));
                }
            }
        }
    }

    private static void Add(HashSet<(AffinityTerm Term, string Domain)> domains, IEnumerable<AffinityTerm> terms, NodeInfo node)
    {
        foreach (var term in terms)
        {
            if (node.Label(term.TopologyKey) is { } domain)
            {
                domains.Add((term, domain));
            }
        }
    }

    private sealed record Counts(List<AffinityTerm> Attracted, List<AffinityTerm> Repelled)
    {
        public bool AttractsItself { get; set; }

        public HashSet<(AffinityTerm Term, string Domain)> AttractedDomains { get; } = [];

        public HashSet<(AffinityTerm Term, string Domain)> RepelledDomains { get; } = [];

        public HashSet<(string Key, string Domain)> Forbidden { get; } = [];
    }
}
