using KubeLessons.Simulator.Controllers;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>
/// Pods for which room was made on a node and which are not there yet: others of the same or a lower priority must not take it
/// (pkg/scheduler: nominator).
/// </summary>
internal sealed class Nominations
{
    private readonly SortedDictionary<ObjectName, (PodInfo Pod, string Node)> _nominated = new(ObjectNameOrder.Instance);

    public void Set(PodInfo pod, string node) => _nominated[pod.Key] = (pod, node);

    public void Remove(ObjectName pod) => _nominated.Remove(pod);

    public string? NodeOf(ObjectName pod) => _nominated.TryGetValue(pod, out var at) ? at.Node : null;

    /// <summary>Pods that lose their claim on a node to one of a higher priority.</summary>
    public List<ObjectName> LowerOn(string node, long priority) =>
        [.. _nominated.Where(at => at.Value.Node == node && at.Value.Pod.Priority < priority).Select(static at => at.Key)];

    /// <summary>The node as it will be when those have come who go before this pod; the node itself when there are none.</summary>
    public NodeInfo WithNominated(NodeInfo node, PodInfo pod)
    {
        NodeInfo? fuller = null;
        foreach (var (key, (other, name)) in _nominated)
        {
            if (name == node.Name && key != pod.Key && other.Priority >= pod.Priority && node.Find(key) is null)
            {
                fuller ??= node.Copy();
                fuller.Put(other);
            }
        }

        return fuller ?? node;
    }
}
