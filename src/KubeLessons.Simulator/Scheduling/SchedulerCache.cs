using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>
/// The scheduler's picture of nodes and of the pods on them: what its informers saw, and the pods that it has just placed
/// itself and not yet seen there (assumed).
/// </summary>
internal sealed class SchedulerCache
{
    private readonly SortedDictionary<string, NodeInfo> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectName, string> _placed = [];
    private readonly HashSet<ObjectName> _assumed = [];

    /// <summary>The nodes that exist, ordered by name.</summary>
    public IEnumerable<NodeInfo> Nodes
    {
        get
        {
            foreach (var node in _nodes.Values)
            {
                if (node.Node is not null)
                {
                    yield return node;
                }
            }
        }
    }

    public NodeInfo? Node(string name) => _nodes.GetValueOrDefault(name) is { Node: not null } node ? node : null;

    public bool IsAssumed(ObjectName pod) => _assumed.Contains(pod);

    public void SetNode(string name, Doc? node)
    {
        var info = Info(name);
        info.SetNode(node);
        DropIfEmpty(info);
    }

    /// <summary>A pod was seen on a node (or no longer holds anything there, when <paramref name="pod"/> is null).</summary>
    public void Put(ObjectName key, Doc? pod)
    {
        var node = pod is null || pod.IsTerminated() ? null : pod.NodeName();
        if (node is null && pod is not null && _assumed.Contains(key))
        {
            // An older state of a pod that was placed since: the watch will bring the newer one.
            return;
        }

        _assumed.Remove(key);
        Place(key, node, pod);
    }

    /// <summary>Counts a pod on a node before its binding is seen.</summary>
    public void Assume(PodInfo pod, string node)
    {
        _assumed.Add(pod.Key);
        Place(pod.Key, node, pod.Pod.With(node, "spec", "nodeName"));
    }

    /// <summary>The binding failed.</summary>
    public void Forget(ObjectName pod)
    {
        if (_assumed.Remove(pod))
        {
            Place(pod, null, null);
        }
    }

    private void Place(ObjectName key, string? node, Doc? pod)
    {
        if (_placed.TryGetValue(key, out var before) && before != node)
        {
            var left = Info(before);
            left.Remove(key);
            _placed.Remove(key);
            DropIfEmpty(left);
        }

        if (node is not null)
        {
            _placed[key] = node;
            Info(node).Put(new PodInfo(pod!));
        }
    }

    private NodeInfo Info(string name)
    {
        if (!_nodes.TryGetValue(name, out var info))
        {
            _nodes.Add(name, info = new NodeInfo(name));
        }

        return info;
    }

    private void DropIfEmpty(NodeInfo info)
    {
        if (info.IsEmpty)
        {
            _nodes.Remove(info.Name);
        }
    }
}
