using KubeLessons.Simulator.Api.Selectors;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Controllers.Nodes;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>One topologySpreadConstraint of a pod, or one of the scheduler's defaults.</summary>
/// <param name="TopologyKey">The node label whose values are the domains.</param>
/// <param name="MaxSkew">How far domains may differ.</param>
/// <param name="Matches">Which pods are counted.</param>
internal sealed record SpreadConstraint(string TopologyKey, long MaxSkew, Func<Doc, bool> Matches)
{
    public const string HostnameLabel = "kubernetes.io/hostname";
    public const string ZoneLabel = "topology.kubernetes.io/zone";

    /// <summary>Stands for <see cref="Matches"/> where that lives longer than one cycle, so that counts may be kept; null: it does not.</summary>
    public object? Group { get; init; }

    /// <summary>With fewer domains than this the emptiest counts as empty (since 1.25).</summary>
    public long MinDomains { get; init; } = 1;

    /// <summary>Whether nodes that the pod's node affinity excludes are left out of the count (Honor, the default).</summary>
    public bool HonorsAffinity { get; init; } = true;

    /// <summary>Whether nodes with taints that the pod does not tolerate are left out (Ignore is the default).</summary>
    public bool HonorsTaints { get; init; }

    /// <summary>The constraints of a pod with one of the two answers to "what if it cannot be met".</summary>
    public static List<SpreadConstraint> Of(Doc pod, string whenUnsatisfiable)
    {
        var constraints = new List<SpreadConstraint>();
        foreach (var constraint in pod.List("spec", "topologySpreadConstraints"))
        {
            if (constraint.Text("whenUnsatisfiable") != whenUnsatisfiable)
            {
                continue;
            }

            var selector = LabelSelector.FromDoc(WithLabelKeys(constraint, pod));
            constraints.Add(new SpreadConstraint(
                constraint.Text("topologyKey") ?? "",
                constraint.Int("maxSkew") ?? 1,
                other => selector.Matches(other.At("metadata", "labels")))
            {
                MinDomains = constraint.Int("minDomains") ?? 1,
                HonorsAffinity = constraint.Text("nodeAffinityPolicy") != "Ignore",
                HonorsTaints = constraint.Text("nodeTaintsPolicy") == "Honor",
            });
        }

        return constraints;
    }

    /// <summary>The pods on a node that are counted for a pod.</summary>
    public long CountOn(NodeInfo node, Doc pod)
    {
        var ns = pod.Namespace();
        return Group is { } group ? node.CountOf(group, ns, Count) : Count(node);

        long Count(NodeInfo on)
        {
            var count = 0L;
            foreach (var other in on.Pods)
            {
                count += !other.Pod.IsBeingDeleted() && other.Key.Namespace == ns && Matches(other.Pod) ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>Whether the pods of a node are counted at all.</summary>
    public bool Includes(NodeInfo node, PodInfo pod) =>
        (!HonorsAffinity || NodeSelection.Matches(pod.Pod, node.Node!))
        && (!HonorsTaints || node.Node!.List("spec", "taints").All(taint =>
            taint.Text("effect") is not (NodeTaints.NoSchedule or NodeTaints.NoExecute) || Tolerations.ToleratesAny(pod.Tolerations, taint)));

    // matchLabelKeys (since 1.27): the pod's own values of these labels join the selector.
    private static Doc? WithLabelKeys(Doc constraint, Doc pod)
    {
        var selector = constraint["labelSelector"];
        foreach (var key in constraint.List("matchLabelKeys"))
        {
            if (pod.Label(key.AsText ?? "") is { } value)
            {
                selector = (selector ?? Doc.Empty).With(value, "matchLabels", key.AsText!);
            }
        }

        return selector;
    }
}
