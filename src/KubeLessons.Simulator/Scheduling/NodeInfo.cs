using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>A node and the pods on it, with sums that are kept up to date (pkg/scheduler/framework: NodeInfo).</summary>
internal sealed class NodeInfo(string name)
{
    private readonly SortedDictionary<ObjectName, PodInfo> _pods = new(ObjectNameOrder.Instance);

    public string Name => name;

    /// <summary>The node itself; null while only pods are known that name it.</summary>
    public Doc? Node { get; private set; }

    public ResourceAmounts Allocatable { get; private set; } = new();

    public ResourceAmounts Requested { get; } = new();

    public ResourceAmounts ScoringRequested { get; } = new();

    public IReadOnlyCollection<PodInfo> Pods => _pods.Values;

    /// <summary>The sizes of the images on the node, by every name that they have.</summary>
    public Dictionary<string, long> Images { get; } = new(StringComparer.Ordinal);

    public bool IsEmpty => Node is null && _pods.Count == 0;

    public string? Label(string key) => key == "metadata.name" ? name : Node?.Label(key);

    public void SetNode(Doc? node)
    {
        Node = node;
        Allocatable = ResourceAmounts.Of(node?.At("status", "allocatable"));
        Images.Clear();
        foreach (var image in node?.List("status", "images") ?? [])
        {
            foreach (var reference in image.List("names"))
            {
                Images[reference.AsText ?? ""] = image.Int("sizeBytes") ?? 0;
            }
        }
    }

    /// <summary>A node of its own with the same pods, to try things out on.</summary>
    public NodeInfo Copy()
    {
        var copy = new NodeInfo(name);
        copy.SetNode(Node);
        foreach (var pod in _pods.Values)
        {
            copy.Put(pod);
        }

        return copy;
    }

    public void Put(PodInfo pod)
    {
        Remove(pod.Key);
        _pods.Add(pod.Key, pod);
        Requested.Add(pod.Requests);
        ScoringRequested.Add(pod.ScoringRequests);
    }

    public void Remove(ObjectName pod)
    {
        if (_pods.Remove(pod, out var gone))
        {
            Requested.Add(gone.Requests, -1);
            ScoringRequested.Add(gone.ScoringRequests, -1);
        }
    }

    public PodInfo? Find(ObjectName pod) => _pods.GetValueOrDefault(pod);
}
