namespace KubeLessons.Simulator.Scheduling.Filters;

/// <summary>Keeps the pods of a constraint spread: no domain may have more than maxSkew pods above the emptiest (DoNotSchedule).</summary>
internal sealed class PodTopologySpread : FilterPlugin
{
    private const string Unmet = "node(s) didn't match pod topology spread constraints";

    public override string Name => "PodTopologySpread";

    public override ClusterEvent WakesOn =>
        ClusterEvent.NodeAdded | ClusterEvent.NodeLabelsChanged | ClusterEvent.NodeTaintsChanged
        | ClusterEvent.AssignedPodDeleted | ClusterEvent.AssignedPodAddedOrChanged;

    public override Refusal? Filter(SchedulingCycle cycle, NodeInfo node)
    {
        if (cycle.Pod.Pod.At("spec", "topologySpreadConstraints") is null)
        {
            return null;
        }

        foreach (var (constraint, domains) in cycle.Memory(this, Count))
        {
            if (node.Label(constraint.TopologyKey) is not { } domain)
            {
                return Never(Unmet + " (missing required label)");
            }

            var least = domains.Count < constraint.MinDomains || domains.Count == 0 ? 0 : domains.Values.Min();
            var self = constraint.Matches(cycle.Pod.Pod) ? 1 : 0;
            if (domains.GetValueOrDefault(domain) + self - least > constraint.MaxSkew)
            {
                return NotNow(Unmet);
            }
        }

        return null;
    }

    private static List<(SpreadConstraint Constraint, Dictionary<string, long> Domains)> Count(SchedulingCycle cycle)
    {
        var constraints = SpreadConstraint.Of(cycle.Pod.Pod, "DoNotSchedule");
        var counted = new List<(SpreadConstraint Constraint, Dictionary<string, long> Domains)>();
        foreach (var constraint in constraints)
        {
            var domains = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var node in cycle.Nodes)
            {
                if (constraints.TrueForAll(each => node.Label(each.TopologyKey) is not null) && constraint.Includes(node, cycle.Pod))
                {
                    var domain = node.Label(constraint.TopologyKey)!;
                    domains[domain] = domains.GetValueOrDefault(domain) + constraint.CountOn(node, cycle.Pod.Pod);
                }
            }

            counted.Add((constraint, domains));
        }

        return counted;
    }
}
