using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>A node and the pods on it, with sums that are kept up to date (pkg/scheduler/framework: NodeInfo).</summary>
internal sealed class NodeInfo(string name)
{
    private const int MostGroups = 64;

    private readonly SortedDictionary<ObjectName, PodInfo> _pods = new(ObjectNameOrder.Instance);
    private readonly SortedDictionary<ObjectName, PodInfo> _choosy = new(ObjectNameOrder.Instance);
    private readonly Dictionary<(object Group, string Namespace), long> _groups = [];

    public string Name => name;

    /// <summary>The node itself; null while only pods are known that name it.</summary>
    public Doc? Node { get; private set; }

    public ResourceAmounts Allocatable { get; private set; } = new();

    public ResourceAmounts Requested { get; } = new();

    public ResourceAmounts ScoringRequested { get; } = new();

    public IReadOnlyCollection<PodInfo> Pods => _pods.Values;

    /// <summary>Those of them with an affinity of their own (HavePodsWithAffinity).</summary>
    public IReadOnlyCollection<PodInfo> ChoosyPods => _choosy.Values;

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
        _groups.Clear();
        if (pod.HasAffinity)
        {
            _choosy.Add(pod.Key, pod);
        }

        Requested.Add(pod.Requests);
        ScoringRequested.Add(pod.ScoringRequests);
    }

    public void Remove(ObjectName pod)
    {
        if (_pods.Remove(pod, out var gone))
        {
            _groups.Clear();
            _choosy.Remove(pod);
            Requested.Add(gone.Requests, -1);
            ScoringRequested.Add(gone.ScoringRequests, -1);
        }
    }

    /// <summary>
    /// How many of the pods belong to a group: counted the first time that it is asked since the node's pods changed.
    /// </summary>
    public long CountOf(object group, string ns, Func<NodeInfo, long> count)
    {
        if (!_groups.TryGetValue((group, ns), out var known))
        {
            if (_groups.Count >= MostGroups)
            {
                _groups.Clear();
            }

            _groups.Add((group, ns), known = count(this));
        }

        return known;
    }

    public PodInfo? Find(ObjectName pod) => _pods.GetValueOrDefault(pod);
}
