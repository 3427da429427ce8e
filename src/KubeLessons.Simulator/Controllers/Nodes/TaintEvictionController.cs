using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Nodes;

/// <summary>
/// Deletes pods from nodes whose NoExecute taints they do not tolerate, or no longer (pkg/controller/tainteviction; part of
/// the node lifecycle controller until 1.28). Deleting is all it does: where the kubelet is silent the pod stays Terminating.
/// </summary>
internal sealed class TaintEvictionController
{
    private readonly ControllerContext _context;
    private readonly Informer _nodes;
    private readonly Informer _pods;
    private readonly RetryingQueue<string> _nodeQueue;
    private readonly RetryingQueue<ObjectName> _podQueue;
    private readonly ComponentEvents _events;
    private readonly Dictionary<ObjectName, Eviction> _evictions = [];
    private readonly HashSet<string> _taintedNodes = [];

    public TaintEvictionController(ControllerContext context)
    {
        _context = context;
        _nodes = context.InformerOf(Resources.Nodes);
        _pods = context.InformerOf(Resources.Pods);
        _nodeQueue = context.QueueOf<string>(SyncNode);
        _podQueue = context.QueueOf<ObjectName>(SyncPod);
        _events = context.EventsOf(context.Version.TaintEvictionComponent);
        _nodes.Changed += OnNodeChanged;
        _pods.Changed += OnPodChanged;
    }

    private static List<Doc> TaintsOf(Doc? node) => node is null ? [] : NodeTaints.WithEffect(node, NodeTaints.NoExecute);

    private void OnNodeChanged(Doc? before, Doc? after)
    {
        var (old, now) = (TaintsOf(before), TaintsOf(after));
        if (old.Count != now.Count || !old.SequenceEqual(now))
        {
            _nodeQueue.Add((after ?? before!).Name());
        }
    }

    private void OnPodChanged(Doc? before, Doc? after)
    {
        var moved = before?.NodeName() != after?.NodeName();
        if (after is null || moved || !Equals(before?.At("spec", "tolerations"), after.At("spec", "tolerations")))
        {
            _podQueue.Add((after ?? before!).Key());
        }
    }

    private SyncResult SyncNode(string name)
    {
        var taints = TaintsOf(_nodes.Get("", name));
        var wasTainted = taints.Count > 0 ? !_taintedNodes.Add(name) : _taintedNodes.Remove(name);
        if (taints.Count == 0 && !wasTainted)
        {
            return SyncResult.Done;
        }

        foreach (var pod in _context.PodsByNode.Of(name).ToList())
        {
            Judge(pod, taints);
        }

        return SyncResult.Done;
    }

    private SyncResult SyncPod(ObjectName key)
    {
        if (_pods.Get(key.Namespace, key.Name) is not { } pod)
        {
            Cancel(key, null);
        }
        else if (pod.NodeName() is { } node && _nodes.Get("", node) is { } there && TaintsOf(there) is { Count: > 0 } taints)
        {
            Judge(pod, taints);
        }

        return SyncResult.Done;
    }

    private void Judge(Doc pod, List<Doc> taints)
    {
        var key = pod.Key();
        if (taints.Count == 0)
        {
            Cancel(key, pod);
            return;
        }

        if (Tolerations.Patience(pod.List("spec", "tolerations"), taints) is not { } patience)
        {
            Cancel(key, pod);
            Plan(key, pod.Uid(), _context.World.Now, TimeSpan.Zero);
            return;
        }

        if (patience == TimeSpan.MaxValue)
        {
            return;
        }

        var since = _context.World.Now;
        if (_evictions.TryGetValue(key, out var planned))
        {
            if (planned.Turn.IsCancelled)
            {
                // It was marked for deletion already.
                return;
            }

            // A second taint, or other tolerations: the count goes on from the first one.
            since = planned.Since;
            if (since + patience < planned.Turn.Due)
            {
                return;
            }

            Cancel(key, pod);
        }

        Plan(key, pod.Uid(), since, patience);
    }

    private void Plan(ObjectName key, string uid, TimeSpan since, TimeSpan patience)
    {
        var wait = since + patience - _context.World.Now;
        var turn = _context.Self.After(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, () => Evict(key, uid));
        _evictions[key] = new Eviction(since, turn);
    }

    private void Cancel(ObjectName key, Doc? pod)
    {
        if (!_evictions.Remove(key, out var planned) || planned.Turn.IsCancelled)
        {
            return;
        }

        planned.Turn.Cancel();
        Say(key, pod, $"Cancelling deletion of Pod {key}");
    }

    private void Evict(ObjectName key, string uid)
    {
        const int Attempts = 5; // pkg/controller/tainteviction: retries
        var pod = _pods.Get(key.Namespace, key.Name);
        Say(key, pod, $"Marking for deletion Pod {key}");
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (AddCondition(key, pod, uid)
                && _context.Client.Send(ApiRequest.Delete(Resources.Pods, key.Namespace, key.Name)) is { } reply
                && (reply.IsSuccess || reply.Reason == "NotFound"))
            {
                return;
            }
        }

        _evictions.Remove(key);
    }

    // Since 1.26 the pod tells why it goes (PodDisruptionConditions).
    private bool AddCondition(ObjectName key, Doc? pod, string uid)
    {
        if (!_context.Version.HasDisruptionConditions || pod is null || pod.Uid() != uid)
        {
            return true;
        }

        var fresh = _context.Client.Send(ApiRequest.Get(Resources.Pods, key.Namespace, key.Name));
        if (!fresh.IsSuccess)
        {
            return fresh.Reason == "NotFound";
        }

        var body = fresh.Response!.Body;
        var conditions = Conditions.Replace(body.At("status", "conditions"), Doc.Obj(
            ("type", "DisruptionTarget"),
            ("status", "True"),
            ("lastProbeTime", Doc.Null),
            ("lastTransitionTime", _context.Timestamp),
            ("reason", "DeletionByTaintManager"),
            ("message", "Taint manager: deleting due to NoExecute taint")));
        return _context.Client.Send(ApiRequest.Update(Resources.Pods, body.With(conditions, "status", "conditions"), "status")).IsSuccess;
    }

    private void Say(ObjectName key, Doc? pod, string message)
    {
        var involved = pod ?? Doc.Obj(("metadata", Doc.Obj(("name", key.Name), ("namespace", key.Namespace))));
        _events.Record(involved, "Pod", "v1", "Normal", "TaintManagerEviction", message);
    }

    private sealed record Eviction(TimeSpan Since, Turn Turn);
}
