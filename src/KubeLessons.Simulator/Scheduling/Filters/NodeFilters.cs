using KubeLessons.Simulator.Controllers.Nodes;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling.Filters;

/// <summary>Keeps pods off cordoned nodes, unless they tolerate the taint that stands for it.</summary>
internal sealed class NodeUnschedulable : FilterPlugin
{
    private static readonly Doc Taint = Doc.Obj(("key", NodeTaints.Unschedulable), ("effect", NodeTaints.NoSchedule));

    public override string Name => "NodeUnschedulable";

    public override ClusterEvent WakesOn => ClusterEvent.NodeAdded | ClusterEvent.NodeTaintsChanged;

    public override Refusal? Filter(SchedulingCycle cycle, NodeInfo node) =>
        node.Node!.Flag("spec", "unschedulable") == true && !Tolerations.ToleratesAny(cycle.Pod.Tolerations, Taint)
            ? Never("node(s) were unschedulable")
            : null;
}

/// <summary>A pod that names its node.</summary>
internal sealed class NodeName : FilterPlugin
{
    public override string Name => "NodeName";

    public override ClusterEvent WakesOn => ClusterEvent.NodeAdded;

    public override Refusal? Filter(SchedulingCycle cycle, NodeInfo node) =>
        cycle.Pod.Pod.Text("spec", "nodeName") is { Length: > 0 } wanted && wanted != node.Name
            ? Never(cycle.Version.Minor >= 22 ? "node(s) didn't match the requested node name" : "node(s) didn't match the requested hostname")
            : null;
}

/// <summary>Taints that the pod does not tolerate: NoSchedule and NoExecute.</summary>
internal sealed class TaintToleration : FilterPlugin
{
    public override string Name => "TaintToleration";

    public override ClusterEvent WakesOn => ClusterEvent.NodeAdded | ClusterEvent.NodeTaintsChanged;

    public override Refusal? Filter(SchedulingCycle cycle, NodeInfo node)
    {
        foreach (var taint in node.Node!.List("spec", "taints"))
        {
            if (taint.Text("effect") is NodeTaints.NoSchedule or NodeTaints.NoExecute
                && !Tolerations.ToleratesAny(cycle.Pod.Tolerations, taint))
            {
                return Never(cycle.Version.UntoleratedTaint(taint.Text("key") ?? "", taint.Text("value") ?? ""));
            }
        }

        return null;
    }
}

/// <summary>nodeSelector and required node affinity.</summary>
internal sealed class NodeAffinity : FilterPlugin
{
    public override string Name => "NodeAffinity";

    public override ClusterEvent WakesOn => ClusterEvent.NodeAdded | ClusterEvent.NodeLabelsChanged;

    public override Refusal? Filter(SchedulingCycle cycle, NodeInfo node) =>
        NodeSelection.Matches(cycle.Pod.Pod, node.Node!) ? null : Never(cycle.Version.UnmatchedNodeAffinity);
}

/// <summary>Ports of the node that the pod wants and another pod has.</summary>
internal sealed class NodePorts : FilterPlugin
{
    public override string Name => "NodePorts";

    public override ClusterEvent WakesOn => ClusterEvent.NodeAdded | ClusterEvent.AssignedPodDeleted;

    public override Refusal? Filter(SchedulingCycle cycle, NodeInfo node)
    {
        if (cycle.Pod.HostPorts.IsEmpty)
        {
            return null;
        }

        foreach (var other in node.Pods)
        {
            foreach (var taken in other.HostPorts)
            {
                foreach (var wanted in cycle.Pod.HostPorts)
                {
                    if (wanted.ConflictsWith(taken))
                    {
                        return NotNow("node(s) didn't have free ports for the requested pod ports");
                    }
                }
            }
        }

        return null;
    }
}

/// <summary>Whether the pod's requests fit into what the node has left.</summary>
internal sealed class NodeResourcesFit : FilterPlugin
{
    public override string Name => "NodeResourcesFit";

    public override ClusterEvent WakesOn =>
        ClusterEvent.NodeAdded | ClusterEvent.NodeAllocatableChanged | ClusterEvent.AssignedPodDeleted;

    public override Refusal? Filter(SchedulingCycle cycle, NodeInfo node)
    {
        var reasons = new List<string>();
        var isHopeless = false;
        if (node.Pods.Count + 1 > node.Allocatable[ResourceAmounts.PodCount])
        {
            reasons.Add("Too many pods");
        }

        foreach (var (resource, amount) in cycle.Pod.Requests.All)
        {
            if (amount > 0 && amount > node.Allocatable[resource] - node.Requested[resource])
            {
                reasons.Add($"Insufficient {resource}");
                isHopeless |= amount > node.Allocatable[resource];
            }
        }

        return reasons.Count == 0 ? null
            : isHopeless && cycle.Version.OversizedPodsAreHopeless ? new Refusal([.. reasons], false, Name)
            : NotNow([.. reasons]);
    }
}
