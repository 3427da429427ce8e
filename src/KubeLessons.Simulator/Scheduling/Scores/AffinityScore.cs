using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling.Scores;

/// <summary>
/// Prefers the neighbourhood of pods that the new pod likes, or that like it (InterPodAffinity): preferred terms with their
/// weights, and the required affinity of the pods that are there with the weight 1 (hardPodAffinityWeight).
/// </summary>
internal sealed class AffinityScore(Func<string, Doc?> namespaceLabels) : ScorePlugin
{
    public override string Name => "InterPodAffinity";

    public override long[] Score(SchedulingCycle cycle)
    {
        var pod = cycle.Pod.Pod;
        var likes = Signed(AffinityTerm.Preferred(pod, "podAffinity", namespaceLabels), AffinityTerm.Preferred(pod, "podAntiAffinity", namespaceLabels));
        var domains = new Dictionary<(string Key, string Domain), long>();
        foreach (var node in cycle.Nodes)
        {
            foreach (var other in likes.Count == 0 ? node.ChoosyPods : node.Pods)
            {
                foreach (var (term, weight) in likes)
                {
                    Add(domains, node, term, term.Matches(other.Pod) ? weight : 0);
                }

                if (other.Pod.At("spec", "affinity") is not null)
                {
                    AddLikesOf(other.Pod, pod, node, domains);
                }
            }
        }

        return Spread(cycle, domains);
    }

    private static List<(AffinityTerm Term, long Weight)> Signed(List<AffinityTerm> likes, List<AffinityTerm> dislikes) =>
        [.. likes.Select(static term => (term, term.Weight)), .. dislikes.Select(static term => (term, -term.Weight))];

    private void AddLikesOf(Doc other, Doc pod, NodeInfo node, Dictionary<(string Key, string Domain), long> domains)
    {
        var likes = Signed(
            [.. AffinityTerm.Preferred(other, "podAffinity", namespaceLabels), .. AffinityTerm.Required(other, "podAffinity", namespaceLabels)],
            AffinityTerm.Preferred(other, "podAntiAffinity", namespaceLabels));
        foreach (var (term, weight) in likes)
        {
            Add(domains, node, term, term.Matches(pod) ? weight : 0);
        }
    }

    private static void Add(Dictionary<(string Key, string Domain), long> domains, NodeInfo node, AffinityTerm term, long weight)
    {
        if (weight != 0 && node.Label(term.TopologyKey) is { } domain)
        {
            domains[(term.TopologyKey, domain)] = domains.GetValueOrDefault((term.TopologyKey, domain)) + weight;
        }
    }

    private static long[] Spread(SchedulingCycle cycle, Dictionary<(string Key, string Domain), long> domains)
    {
        var raw = new long[cycle.Feasible.Count];
        for (var i = 0; i < raw.Length; i++)
        {
            foreach (var ((key, domain), score) in domains)
            {
                raw[i] += cycle.Feasible[i].Label(key) == domain ? score : 0;
            }
        }

        var (least, most) = raw.Length == 0 ? (0, 0) : (raw.Min(), raw.Max());
        return [.. raw.Select(score => most == least ? 0 : MaxScore * (score - least) / (most - least))];
    }
}
