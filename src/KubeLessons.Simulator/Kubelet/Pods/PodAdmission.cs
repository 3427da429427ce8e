using System.Collections.Immutable;
using KubeLessons.Simulator.Controllers.Nodes;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Node;
using KubeLessons.Simulator.Kubelet.Status;
using KubeLessons.Simulator.Scheduling;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>Why a pod cannot run on this node: what its Failed status says.</summary>
internal sealed record PodRefusal(string Reason, string Message);

/// <summary>
/// Looks once, when a pod comes to the node, whether the node can run it (pkg/kubelet/lifecycle: predicateAdmitHandler): the
/// scheduler's own rules, for whoever did not ask the scheduler.
/// </summary>
internal sealed class PodAdmission(Func<Doc> node, Func<NodePressure> pressure, KubernetesVersion version)
{
    /// <summary>The refusal; null: the pod is welcome. <paramref name="others"/> are those that are here and have not ended.</summary>
    public PodRefusal? Admit(PodObject pod, IEnumerable<PodObject> others)
    {
        if (pod.IsCritical)
        {
            return Refuse(pod, others);
        }

        if (pressure().Memory && QualityOfService.Of(pod) == "BestEffort" && !Tolerates(pod, "node.kubernetes.io/memory-pressure"))
        {
            return new PodRefusal("Evicted", "The node had condition: [MemoryPressure]. ");
        }

        if (pressure().Disk)
        {
            return new PodRefusal("Evicted", "The node had condition: [DiskPressure]. ");
        }

        return Refuse(pod, others);
    }

    /// <summary>
    /// The pods that make room for a critical one when they are put out: the least valued first, no more than are needed
    /// (pkg/kubelet/preemption). Empty: nothing helps.
    /// </summary>
    public ImmutableArray<PodObject> RoomFor(PodObject critical, IReadOnlyList<PodObject> others)
    {
        var left = others.ToList();
        var victims = new List<PodObject>();
        var candidates = others
            .Where(other => !other.IsCritical && (other.Doc.Int("spec", "priority") ?? 0) < (critical.Doc.Int("spec", "priority") ?? int.MaxValue))
            .OrderBy(other => QualityOfService.Of(other) switch { "BestEffort" => 0, "Burstable" => 1, _ => 2 })
            .ThenBy(other => other.Uid, StringComparer.Ordinal);
        foreach (var candidate in candidates)
        {
            if (ShortOf(critical, left, node()) is null)
            {
                break;
            }

            left.Remove(candidate);
            victims.Add(candidate);
        }

        if (ShortOf(critical, left, node()) is not null)
        {
            return [];
        }

        // Those that turn out not to be needed stay.
        foreach (var spared in victims.ToList())
        {
            if (ShortOf(critical, left.Append(spared), node()) is null)
            {
                left.Add(spared);
                victims.Remove(spared);
            }
        }

        return [.. victims];
    }

    private PodRefusal? Refuse(PodObject pod, IEnumerable<PodObject> others) => ShortOf(pod, others, node()) ?? Mismatch(pod, others, node());

    /// <summary>The status message of a refused pod; its beginning changed with 1.27.</summary>
    public string StatusMessage(PodRefusal refusal) => (version.Minor >= 27 ? "Pod was rejected: " : "Pod ") + refusal.Message;

    private static PodRefusal? ShortOf(PodObject pod, IEnumerable<PodObject> others, Doc node)
    {
        var allocatable = ResourceAmounts.Of(node.At("status", "allocatable"));
        var (used, count) = (new ResourceAmounts(), 0);
        foreach (var other in others)
        {
            used.Add(PodRequests.Of(other.Doc, withDefaults: false));
            count++;
        }

        if (count + 1 > allocatable[ResourceAmounts.PodCount])
        {
            return Short("pods", 1, count, allocatable[ResourceAmounts.PodCount]);
        }

        foreach (var (resource, amount) in PodRequests.Of(pod.Doc, withDefaults: false).All)
        {
            if (amount > 0 && amount > allocatable[resource] - used[resource])
            {
                return Short(resource, amount, used[resource], allocatable[resource]);
            }
        }

        return null;

        static PodRefusal Short(string resource, long asked, long used, long capacity) => new(
            "OutOf" + resource, $"Node didn't have enough resource: {resource}, requested: {asked}, used: {used}, capacity: {capacity}");
    }

    private PodRefusal? Mismatch(PodObject pod, IEnumerable<PodObject> others, Doc node)
    {
        if (!NodeSelection.Matches(pod.Doc, node))
        {
            return new PodRefusal("NodeAffinity", version.Minor >= 21
                ? "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
                : "Predicate NodeAffinity failed");
        }

        var taken = others.SelectMany(other => HostPort.Of(other.Doc)).ToList();
        if (HostPort.Of(pod.Doc).Any(wanted => taken.Exists(wanted.ConflictsWith)))
        {
            return new PodRefusal("NodePorts", version.Minor >= 21
                ? "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"
                : "Predicate NodePorts failed");
        }

        foreach (var taint in node.List("spec", "taints"))
        {
            if (taint.Text("effect") == NodeTaints.NoExecute && !Tolerations.ToleratesAny(pod.Doc.List("spec", "tolerations"), taint))
            {
                return new PodRefusal("TaintToleration", "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate");
            }
        }

        return null;
    }

    private static bool Tolerates(PodObject pod, string taint) => Tolerations.ToleratesAny(
        pod.Doc.List("spec", "tolerations"), Doc.Obj(("key", taint), ("effect", NodeTaints.NoSchedule)));
}
