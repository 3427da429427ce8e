using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Scheduling.Filters;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>
/// Gives every pod without a node the best node that will have it (pkg/scheduler: scheduleOne): one pod at a time, filters, then
/// scores, then a binding through the API. It decides and no more; the kubelet of the node does the rest.
/// </summary>
internal sealed class Scheduler
{
    public const string Name = "default-scheduler";

    /// <summary>What one decision takes.</summary>
    public static readonly TimeSpan CycleTime = TimeSpan.FromMilliseconds(3);

    private readonly ControllerContext _context;
    private readonly Informer _pods;
    private readonly SchedulerCache _cache = new();
    private readonly SchedulingQueue _queue;
    private readonly FilterPlugin[] _filters;
    private readonly NodeScoring _scoring;
    private readonly ComponentEvents _events;
    private bool _cyclePlanned;

    public Scheduler(ControllerContext context)
    {
        _context = context;
        _filters = SchedulerProfile.Filters();
        _scoring = new NodeScoring(
            SchedulerProfile.Scores(context), context.World.RandomFor($"scheduler/{context.Self.Host.Name}"));
        _events = context.EventsOf(Name);
        _queue = new SchedulingQueue(context.Self, context.Version.MaxUnschedulableTime, PlanCycle);
        _pods = context.InformerOf(Resources.Pods);
        context.InformerOf(Resources.Nodes).Changed += OnNodeChanged;
        _pods.Changed += OnPodChanged;
    }

    private static bool WantsNode(Doc pod) =>
        pod.NodeName() is null && !pod.IsTerminated() && (pod.Text("spec", "schedulerName") ?? Name) is Name or "";

    private void OnNodeChanged(Doc? before, Doc? after)
    {
        _cache.SetNode((after ?? before!).Name(), after);
        if (after is null)
        {
            return;
        }

        var happened = before is null ? ClusterEvent.NodeAdded : Difference(before, after);
        if (happened != ClusterEvent.None)
        {
            _queue.Move(happened);
        }
    }

    private static ClusterEvent Difference(Doc before, Doc after)
    {
        var happened = ClusterEvent.None;
        happened |= Changed("status", "allocatable") ? ClusterEvent.NodeAllocatableChanged : 0;
        happened |= Changed("metadata", "labels") ? ClusterEvent.NodeLabelsChanged : 0;
        happened |= Changed("spec", "taints") || Changed("spec", "unschedulable") ? ClusterEvent.NodeTaintsChanged : 0;
        return happened;

        bool Changed(string part, string field) => !Equals(before.At(part, field), after.At(part, field));
    }

    private void OnPodChanged(Doc? before, Doc? after)
    {
        var key = (after ?? before!).Key();
        if (after is not null && WantsNode(after))
        {
            if (!_cache.IsAssumed(key))
            {
                _queue.Put(after);
            }

            return;
        }

        _queue.Remove(key);
        _cache.Put(key, after);
        var held = before?.NodeName() is not null && !before.IsTerminated();
        var holds = after?.NodeName() is not null && !after.IsTerminated();
        if (held && !holds)
        {
            _queue.Move(ClusterEvent.AssignedPodDeleted);
        }
        else if (holds && (!held || !Equals(before?.At("metadata", "labels"), after!.At("metadata", "labels"))))
        {
            _queue.Move(ClusterEvent.AssignedPodAddedOrChanged);
        }
    }

    private void PlanCycle()
    {
        if (!_cyclePlanned)
        {
            _cyclePlanned = true;
            _context.Self.After(CycleTime, Cycle);
        }
    }

    private void Cycle()
    {
        _cyclePlanned = false;
        if (!_context.HasSynced)
        {
            PlanCycle();
            return;
        }

        if (_queue.TryPop() is not { } next)
        {
            return;
        }

        PlanCycle();
        var pod = next.Pod;
        if (pod.IsBeingDeleted())
        {
            Say(pod, "Warning", "FailedScheduling", $"skip schedule deleting pod: {pod.Key()}");
            return;
        }

        Place(new SchedulingCycle(new PodInfo(pod), [.. _cache.Nodes], _context.Version), next.Moves);
    }

    private void Place(SchedulingCycle cycle, long moves)
    {
        if (cycle.Nodes.Count == 0)
        {
            Fail(cycle, FailureMessage.NoNodes, ClusterEvent.NodeAdded, moves);
            return;
        }

        var feasible = new List<NodeInfo>();
        var refusals = new List<(NodeInfo Node, Refusal Refusal)>();
        foreach (var node in cycle.Nodes)
        {
            if (FirstRefusal(cycle, node) is { } refusal)
            {
                refusals.Add((node, refusal));
            }
            else
            {
                feasible.Add(node);
            }
        }

        if (feasible.Count == 0)
        {
            var preemption = cycle.Version.TellsPreemption ? FailureMessage.Preemption(cycle, refusals) : null;
            Fail(cycle, FailureMessage.Of(cycle, refusals, preemption), WakesOn(refusals), moves);
            return;
        }

        cycle.Feasible = feasible;
        Bind(cycle, _scoring.Choose(cycle).Name, moves);
    }

    private Refusal? FirstRefusal(SchedulingCycle cycle, NodeInfo node)
    {
        foreach (var filter in _filters)
        {
            if (filter.Filter(cycle, node) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private ClusterEvent WakesOn(List<(NodeInfo Node, Refusal Refusal)> refusals)
    {
        var wakesOn = ClusterEvent.None;
        foreach (var filter in _filters)
        {
            if (refusals.Exists(at => at.Refusal.Plugin == filter.Name))
            {
                wakesOn |= filter.WakesOn;
            }
        }

        return wakesOn;
    }

    private void Bind(SchedulingCycle cycle, string node, long moves)
    {
        var pod = cycle.Pod.Pod;
        _cache.Assume(cycle.Pod, node);
        var reply = _context.Client.Send(new ApiRequest(ApiVerb.Create, Resources.Pods)
        {
            Namespace = pod.Namespace(),
            Name = pod.Name(),
            Subresource = "binding",
            Body = Doc.Obj(
                ("apiVersion", "v1"),
                ("kind", "Binding"),
                ("metadata", Doc.Obj(("name", pod.Name()), ("namespace", pod.Namespace()), ("uid", pod.Uid()))),
                ("target", Doc.Obj(("kind", "Node"), ("name", node)))),
        });
        if (reply.IsSuccess)
        {
            _queue.Remove(cycle.Pod.Key);
            Say(pod, "Normal", "Scheduled", $"Successfully assigned {cycle.Pod.Key} to {node}");
            return;
        }

        _cache.Forget(cycle.Pod.Key);
        if (reply.Reason != "NotFound")
        {
            Fail(cycle, $"binding rejected: {reply.Response?.Message ?? reply.ConnectionError}", ClusterEvent.Any, moves - 1, "SchedulerError");
        }
    }

    private void Fail(SchedulingCycle cycle, string message, ClusterEvent wakesOn, long moves, string reason = "Unschedulable")
    {
        var pod = cycle.Pod.Pod;
        _queue.PutBack(cycle.Pod.Key, wakesOn, moves);
        Say(pod, "Warning", "FailedScheduling", message);
        var current = Conditions.Find(pod, "PodScheduled");
        if (current is not null
            && current.Text("status") == "False"
            && current.Text("reason") == reason
            && current.Text("message") == message)
        {
            return;
        }

        var since = current?.Text("status") == "False" ? current["lastTransitionTime"] : null;
        var condition = Doc.Obj(
            ("type", "PodScheduled"),
            ("status", "False"),
            ("lastProbeTime", Doc.Null),
            ("lastTransitionTime", since ?? _context.Timestamp),
            ("reason", reason),
            ("message", message));
        _context.Client.Send(new ApiRequest(ApiVerb.Patch, Resources.Pods)
        {
            Namespace = pod.Namespace(),
            Name = pod.Name(),
            Subresource = "status",
            Patch = PatchKind.StrategicMerge,
            Body = Doc.Obj(("status", Doc.Obj(("conditions", Doc.Arr(condition))))),
        });
    }

    private void Say(Doc pod, string type, string reason, string message) =>
        _events.Record(pod, "Pod", "v1", type, reason, message);
}
