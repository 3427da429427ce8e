using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers.Nodes;

/// <summary>
/// Notices nodes that went silent (pkg/controller/nodelifecycle): conditions become Unknown after the grace period, the taints
/// follow (NoSchedule at once, NoExecute at the next look), and the node's pods are no longer ready. It looks every 5 s since it
/// began to lead; a look at which nothing can have changed is not taken.
/// </summary>
internal sealed class NodeLifecycleController
{
    private static readonly string[] ConditionTypes = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

    private readonly ControllerContext _context;
    private readonly Informer _nodes;
    private readonly Informer _leases;
    private readonly RetryingQueue<string> _taintQueue;
    private readonly RetryingQueue<ObjectName> _podQueue;
    private readonly NodeDisruption _disruption;
    private readonly NodeEvents _events;
    private readonly SortedDictionary<string, Doc> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeHealth> _health = [];
    private readonly HashSet<string> _podsToRetry = [];
    private TimeSpan? _start;
    private TimeSpan _lastTick = TimeSpan.MinValue;
    private Turn? _tick;

    public NodeLifecycleController(ControllerContext context)
    {
        _context = context;
        _nodes = context.InformerOf(Resources.Nodes);
        _leases = context.InformerOf(Resources.Leases);
        _events = new NodeEvents(context);
        _disruption = new NodeDisruption(context, _nodes);
        _taintQueue = context.QueueOf<string>(name => SyncResult.FromSuccess(TaintByConditions(name)));
        _podQueue = context.QueueOf<ObjectName>(MarkNewPod);
        _nodes.Changed += OnNodeChanged;
        _leases.Changed += OnLeaseChanged;
        context.InformerOf(Resources.Pods).Changed += OnPodChanged;
    }

    /// <summary>Begins to look, now and then every 5 s. Call it when the informers have their first lists.</summary>
    public void Start()
    {
        _start = _context.World.Now;
        ArmTick(_context.World.Now);
    }

    private void OnNodeChanged(Doc? before, Doc? after)
    {
        if (after is not null)
        {
            _taintQueue.Add(after.Name());
        }

        ArmTick(_context.World.Now);
    }

    // A lease changes when its renewals begin or cease: then the deadline is worth a look.
    private void OnLeaseChanged(Doc? before, Doc? after)
    {
        if ((after ?? before!).Namespace() == Heartbeat.NodeLeaseNamespace)
        {
            ArmTick(_context.World.Now);
        }
    }

    private void OnPodChanged(Doc? before, Doc? after)
    {
        if (after?.NodeName() is { } node && before?.NodeName() != node)
        {
            _podQueue.Add(after.Key());
        }
    }

    private TimeSpan TickAtOrAfter(TimeSpan time)
    {
        var start = _start ?? TimeSpan.Zero;
        var period = KubernetesConstants.NodeMonitorPeriod;
        if (time <= start)
        {
            return start;
        }

        var steps = (time - start + period - TimeSpan.FromTicks(1)).Ticks / period.Ticks;
        return start + (steps * period);
    }

    private void ArmTick(TimeSpan notBefore)
    {
        if (_start is null)
        {
            return;
        }

        var due = TickAtOrAfter(notBefore > _context.World.Now ? notBefore : _context.World.Now);
        if (due <= _lastTick)
        {
            due = _lastTick + KubernetesConstants.NodeMonitorPeriod;
        }

        if (_tick is { IsCancelled: false } planned)
        {
            if (planned.Due <= due)
            {
                return;
            }

            planned.Cancel();
        }

        _tick = _context.Self.After(due - _context.World.Now, Tick);
    }

    private void Tick()
    {
        var now = _context.World.Now;
        _lastTick = now;
        var nodes = _nodes.Objects.OrderBy(static node => node.Name(), StringComparer.Ordinal).ToList();
        Classify(nodes);
        var conditions = new List<(Doc Node, string? Ready)>(nodes.Count);
        foreach (var node in nodes)
        {
            conditions.Add((node, Look(node, now)));
        }

        if (_disruption.Update(conditions))
        {
            foreach (var health in _health.Values)
            {
                health.Reset(now);
            }

            ArmTick(now);
        }

        _disruption.TaintWaiting();
        foreach (var node in nodes)
        {
            // While a lease is being renewed there is nothing to wait for: its last commit will tell when that is over.
            if (_health.TryGetValue(node.Name(), out var health)
                && !IsUnknown(node)
                && !_context.Client.IsRenewed(Heartbeat.NodeLeaseNamespace, node.Name()))
            {
                ArmTick(TickAtOrAfter(health.Deadline(_context.Version)));
            }
        }
    }

    private static bool IsUnknown(Doc node) => Array.TrueForAll(ConditionTypes, type => Conditions.Find(node, type)?.Text("status") == "Unknown");

    private void Classify(List<Doc> nodes)
    {
        foreach (var node in nodes)
        {
            if (_known.TryAdd(node.Name(), node))
            {
                _events.OfNode(node, "RegisteredNode", $"Node {node.Name()} event: Registered Node {node.Name()} in Controller");
                _disruption.MarkReachable(node);
            }
        }

        foreach (var (name, node) in _known.ToList())
        {
            if (_nodes.Get("", name) is null)
            {
                _events.OfNode(node, "RemovingNode", $"Node {name} event: Removing Node {name} from Controller");
                _known.Remove(name);
                _health.Remove(name);
            }
        }
    }

    // Returns the status of Ready after the look; null when the node has no such condition.
    private string? Look(Doc node, TimeSpan now)
    {
        var name = node.Name();
        var observed = Conditions.Find(node, "Ready")?.Text("status");
        if (!_health.TryGetValue(name, out var health))
        {
            _health.Add(name, health = new NodeHealth(TickAtOrAfter, _context.World.Epoch));
            health.Begin(node, now);
        }

        health.SeeStatus(node, now);
        health.SeeLease(_leases.Get(Heartbeat.NodeLeaseNamespace, name), now);
        var current = observed;
        if (now >= health.Deadline(_context.Version) && !IsUnknown(node) && IsSilent(name, health, now))
        {
            if (WriteUnknown(node) is not { } written)
            {
                ArmTick(now);
                return observed;
            }

            (node, current) = (written, "Unknown");
        }

        _disruption.FollowReady(node, observed ?? "Unknown");
        if (current != "True" && observed == "True")
        {
            _events.OfNode(node, "NodeNotReady", $"Node {name} status is now: NodeNotReady");
            _podsToRetry.Add(name);
        }

        if (_podsToRetry.Contains(name) && (current == "True" || _events.MarkPodsNotReady(_context.PodsByNode.Of(name))))
        {
            _podsToRetry.Remove(name);
        }
        else if (_podsToRetry.Contains(name))
        {
            ArmTick(now);
        }

        return current;
    }

    // The cached lease is as old as its last commit; the server knows the renewals since.
    private bool IsSilent(string name, NodeHealth health, TimeSpan now)
    {
        var reply = _context.Client.Send(ApiRequest.Get(Resources.Leases, Heartbeat.NodeLeaseNamespace, name));
        if (reply.IsSuccess)
        {
            health.SeeLease(reply.Response!.Body, now);
            return now >= health.Deadline(_context.Version);
        }

        return reply.Reason == "NotFound";
    }

    private Doc? WriteUnknown(Doc node)
    {
        const int Attempts = 5; // pkg/controller/nodelifecycle/scheduler: NodeHealthUpdateRetry
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var status = (node["status"] ?? Doc.Empty).With(UnknownConditions(node), "conditions");
            var reply = _context.Client.Send(ApiRequest.Update(Resources.Nodes, node.With(status, "status"), "status"));
            if (reply.IsSuccess)
            {
                return reply.Response!.Body;
            }

            var fresh = _context.Client.Send(ApiRequest.Get(Resources.Nodes, "", node.Name()));
            if (!fresh.IsSuccess)
            {
                return null;
            }

            node = fresh.Response!.Body;
        }

        return null;
    }

    private Doc UnknownConditions(Doc node)
    {
        var conditions = node.At("status", "conditions") ?? Doc.EmptyArray;
        foreach (var type in ConditionTypes)
        {
            if (Conditions.FindIn(conditions, type) is not { } condition)
            {
                conditions = Conditions.Replace(conditions, Doc.Obj(
                    ("type", type),
                    ("status", "Unknown"),
                    ("lastHeartbeatTime", node.At("metadata", "creationTimestamp")),
                    ("lastTransitionTime", _context.Timestamp),
                    ("reason", "NodeStatusNeverUpdated"),
                    ("message", "Kubelet never posted node status.")));
            }
            else if (condition.Text("status") != "Unknown")
            {
                conditions = Conditions.Replace(conditions, condition
                    .With("Unknown", "status")
                    .With(_context.Timestamp, "lastTransitionTime")
                    .With("NodeStatusUnknown", "reason")
                    .With("Kubelet stopped posting node status.", "message"));
            }
        }

        return conditions;
    }

    private bool TaintByConditions(string name)
    {
        if (_nodes.Get("", name) is not { } node)
        {
            return true;
        }

        var wanted = NodeTaints.Wanted(node);
        var has = NodeTaints.WithEffect(node, NodeTaints.NoSchedule)
            .Select(static taint => taint.Text("key") ?? "")
            .Where(NodeTaints.TellsCondition)
            .ToList();
        var add = wanted.Except(has).ToList();
        var remove = has.Except(wanted).ToList();
        return (add.Count == 0 && remove.Count == 0)
            || NodeTaints.Swap(_context, name, NodeTaints.NoSchedule, add, remove);
    }

    // A pod that comes to a node that is not ready is not ready either.
    private SyncResult MarkNewPod(ObjectName key)
    {
        var pod = _context.InformerOf(Resources.Pods).Get(key.Namespace, key.Name);
        if (pod?.NodeName() is not { } name
            || !_health.ContainsKey(name)
            || _nodes.Get("", name) is not { } node
            || Conditions.Find(node, "Ready") is not { } ready
            || ready.Text("status") == "True")
        {
            return SyncResult.Done;
        }

        return SyncResult.FromSuccess(_events.MarkPodsNotReady([pod]));
    }
}
