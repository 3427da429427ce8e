using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers.Nodes;

/// <summary>
/// The NoExecute taints, zone by zone and at a rate that depends on how many of the zone's nodes are well: when too many fail at
/// once the fault is probably the network's, and when all fail, the controller's own (pkg/controller/nodelifecycle:
/// handleDisruption).
/// </summary>
internal sealed class NodeDisruption(ControllerContext context, Informer nodes)
{
    /// <summary>From this share of nodes that are not ready on, a zone is disrupted (--unhealthy-zone-threshold).</summary>
    public const double UnhealthyZoneThreshold = 0.55;

    /// <summary>A disrupted zone with more nodes than this goes on slowly; a smaller one stops (--large-cluster-size-threshold).</summary>
    public const int LargeClusterThreshold = 50;

    /// <summary>The label that keeps a node out of the count.</summary>
    public const string ExcludeLabel = "node.kubernetes.io/exclude-disruption";

    private static readonly TimeSpan PassPeriod = TimeSpan.FromMilliseconds(100); // scheduler.NodeEvictionPeriod

    private readonly SortedDictionary<string, ZoneTainter> _zones = new(StringComparer.Ordinal);
    private Turn? _pass;

    /// <summary>Puts a node in line for its taint, or takes the taint away, as its Ready condition was at this look.</summary>
    public void FollowReady(Doc node, string ready)
    {
        switch (ready)
        {
            case "True":
                MarkReachable(node);
                break;
            case "False":
                Follow(node, NodeTaints.NotReady, NodeTaints.Unreachable);
                break;
            default:
                Follow(node, NodeTaints.Unreachable, NodeTaints.NotReady);
                break;
        }
    }

    /// <summary>Takes both NoExecute taints away.</summary>
    public void MarkReachable(Doc node)
    {
        ZoneOf(node).Remove(node.Name());
        if (NodeTaints.Has(node, NodeTaints.NotReady, NodeTaints.NoExecute) || NodeTaints.Has(node, NodeTaints.Unreachable, NodeTaints.NoExecute))
        {
            NodeTaints.Swap(context, node.Name(), NodeTaints.NoExecute, [], [NodeTaints.Unreachable, NodeTaints.NotReady]);
        }
    }

    /// <summary>Adapts the rates. True when all nodes had been lost and some are back: signs of life count anew.</summary>
    public bool Update(IReadOnlyList<(Doc Node, string? Ready)> conditions)
    {
        var states = new SortedDictionary<string, (ZoneState State, int Size)>(StringComparer.Ordinal);
        foreach (var zone in conditions.Where(static at => at.Node.Label(ExcludeLabel) is null).GroupBy(static at => ZoneKey(at.Node)))
        {
            states[zone.Key] = (StateOf(zone.Select(static at => at.Ready)), zone.Count());
        }

        var wasAllLost = _zones.Values.All(static zone => zone.State == ZoneState.FullDisruption);
        var isAllLost = states.Values.All(static zone => zone.State == ZoneState.FullDisruption);
        if (isAllLost && wasAllLost)
        {
            return false;
        }

        if (isAllLost)
        {
            StopAll(conditions);
            return false;
        }

        foreach (var (key, (state, size)) in states)
        {
            var zone = Zone(key);
            if (wasAllLost || zone.State != state)
            {
                zone.State = state;
                zone.SetRate(RateOf(state, size));
            }
        }

        return wasAllLost;
    }

    /// <summary>Taints the nodes whose turn it is, and plans the next turn.</summary>
    public void TaintWaiting()
    {
        var now = context.World.Now;
        TimeSpan? next = null;
        foreach (var zone in _zones.Values)
        {
            while (zone.TryTake(now) is { } name)
            {
                Taint(zone, name);
            }

            if (zone.NextDue is { } due && (next is null || due < next))
            {
                next = due;
            }
        }

        if (next is { } at && (_pass is null || _pass.IsCancelled || _pass.Due > at))
        {
            _pass?.Cancel();
            var wait = at > now ? at - now : PassPeriod;
            _pass = context.Self.After(wait, TaintWaiting);
        }
    }

    private static string ZoneKey(Doc node)
    {
        var region = node.Label("topology.kubernetes.io/region") ?? node.Label("failure-domain.beta.kubernetes.io/region") ?? "";
        var zone = node.Label("topology.kubernetes.io/zone") ?? node.Label("failure-domain.beta.kubernetes.io/zone") ?? "";
        return $"{region}/{zone}";
    }

    private static ZoneState StateOf(IEnumerable<string?> readyStatuses)
    {
        var (ready, lost) = (0, 0);
        foreach (var status in readyStatuses)
        {
            _ = status == "True" ? ready++ : lost++;
        }

        return ready == 0 && lost > 0 ? ZoneState.FullDisruption
            : lost > 2 && lost / (double)(lost + ready) >= UnhealthyZoneThreshold ? ZoneState.PartialDisruption
            : ZoneState.Normal;
    }

    private static double RateOf(ZoneState state, int size) =>
        state != ZoneState.PartialDisruption ? KubernetesConstants.NodeEvictionRate
        : size > LargeClusterThreshold ? KubernetesConstants.SecondaryNodeEvictionRate
        : 0;

    private ZoneTainter ZoneOf(Doc node) => Zone(ZoneKey(node));

    private ZoneTainter Zone(string key)
    {
        if (!_zones.TryGetValue(key, out var zone))
        {
            _zones.Add(key, zone = new ZoneTainter());
        }

        return zone;
    }

    private void Follow(Doc node, string taint, string opposite)
    {
        if (NodeTaints.Has(node, opposite, NodeTaints.NoExecute))
        {
            NodeTaints.Swap(context, node.Name(), NodeTaints.NoExecute, [taint], [opposite]);
        }
        else if (!NodeTaints.Has(node, taint, NodeTaints.NoExecute))
        {
            ZoneOf(node).Add(node.Name());
        }
    }

    private void StopAll(IReadOnlyList<(Doc Node, string? Ready)> conditions)
    {
        foreach (var (node, _) in conditions)
        {
            MarkReachable(node);
        }

        foreach (var zone in _zones.Values)
        {
            zone.SetRate(0);
            zone.State = ZoneState.FullDisruption;
        }
    }

    private void Taint(ZoneTainter zone, string name)
    {
        if (nodes.Get("", name) is not { } node)
        {
            return;
        }

        var done = Conditions.Find(node, "Ready")?.Text("status") switch
        {
            "False" => NodeTaints.Swap(context, name, NodeTaints.NoExecute, [NodeTaints.NotReady], [NodeTaints.Unreachable]),
            "Unknown" => NodeTaints.Swap(context, name, NodeTaints.NoExecute, [NodeTaints.Unreachable], [NodeTaints.NotReady]),
            _ => true,
        };
        if (!done)
        {
            zone.Add(name);
        }
    }
}
