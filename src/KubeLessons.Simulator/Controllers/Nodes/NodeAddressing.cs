using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Controllers.Nodes;

/// <summary>
/// Gives every node a range of pod addresses of its own (pkg/controller/nodeipam, RangeAllocator): the next free /24 of
/// <c>--cluster-cidr</c>, when <c>--allocate-node-cidrs</c> is set. A node that goes gives its range back.
/// </summary>
internal sealed class NodeAddressing
{
    /// <summary>--node-cidr-mask-size.</summary>
    public const int NodeMaskSize = 24;

    private readonly ControllerContext _context;
    private readonly Informer _nodes;
    private readonly RetryingQueue<string> _queue;
    private readonly ComponentEvents _events;
    private readonly Ipv4Prefix _cluster;
    private readonly SortedDictionary<string, string> _ranges = new(StringComparer.Ordinal);
    private long _next;

    public NodeAddressing(ControllerContext context, Ipv4Prefix clusterCidr)
    {
        (_context, _cluster) = (context, clusterCidr);
        _nodes = context.InformerOf(Resources.Nodes);
        _events = context.EventsOf("cidrAllocator");
        _queue = context.QueueOf<string>(Sync);
        _nodes.Changed += (before, after) =>
        {
            if (after?.Text("spec", "podCIDR") is { Length: > 0 } cidr)
            {
                _ranges[after.Name()] = cidr;
            }

            _queue.Add((after ?? before!).Name());
        };
    }

    private SyncResult Sync(string name)
    {
        if (_nodes.Get("", name) is not { } node)
        {
            _ranges.Remove(name);
            return SyncResult.Done;
        }

        if (node.Text("spec", "podCIDR") is { Length: > 0 })
        {
            return SyncResult.Done;
        }

        if (Allocate(name) is not { } range)
        {
            _events.Record(node, "Node", "v1", "Normal", "CIDRNotAvailable", $"Node {name} status is now: CIDRNotAvailable");
            return SyncResult.Failure;
        }

        var patch = Doc.Obj(("spec", Doc.Obj(("podCIDR", range), ("podCIDRs", Doc.Arr(range)))));
        return SyncResult.FromSuccess(_context.Client.Send(ApiRequest.MergePatch(Resources.Nodes, "", name, patch)).IsSuccess);
    }

    // Ranges are handed out in a ring: one that was given back is used again only after all others.
    private string? Allocate(string name)
    {
        if (_ranges.TryGetValue(name, out var kept))
        {
            return kept;
        }

        var count = 1L << Math.Max(0, NodeMaskSize - _cluster.Length);
        for (var tried = 0L; tried < count; tried++)
        {
            var index = (_next + tried) % count;
            var range = $"{new Ipv4Address((uint)(_cluster.Address.Value + (index << (32 - NodeMaskSize))))}/{NodeMaskSize}";
            if (!_ranges.ContainsValue(range))
            {
                _next = index + 1;
                _ranges[name] = range;
                return range;
            }
        }

        return null;
    }
}
