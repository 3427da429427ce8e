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
    private readonly SchedulerCache _cache = new();
    private readonly SchedulingQueue _queue;
    private readonly FilterPlugin[] _filters;
    private readonly Preemption _preemption;
    private readonly Nominations _nominations = new();
    private readonly NodeScoring _scoring;
    private readonly SchedulerWrites _writes;
    private bool _cyclePlanned;

    public Scheduler(ControllerContext context)
    {
        _context = context;
        _filters = SchedulerProfile.Filters(context);
        var budgets = context.InformerOf(Resources.PodDisruptionBudgetsIn(context.Version));
        _preemption = new Preemption(FirstRefusal, () => budgets.Objects);
        _scoring = new NodeScoring(
            SchedulerProfile.Scores(context), context.World.RandomFor($"scheduler/{context.Self.Host.Name}"));
        _writes = new SchedulerWrites(context);
        _queue = new SchedulingQueue(context.Self, context.Version.MaxUnschedulableTime, PlanCycle);
        context.InformerOf(Resources.Nodes).Changed += OnNodeChanged;
        context.InformerOf(Resources.Pods).Changed += OnPodChanged;
    }

    private static bool WantsNode(Doc pod) =>
        pod.NodeName() is null && !pod.IsTerminated() && (pod.Text("spec", "schedulerName") ?? Name) is Name or "";

    // Somebody holds the pod back until he takes his gate away (schedulingGates, on since 1.27).
    private bool IsGated(Doc pod) => _context.Version.Minor >= 27 && !pod.List("spec", "schedulingGates").IsEmpty;

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
            if (IsGated(after))
            {
                _queue.Remove(key);
            }
            else if (!_cache.IsAssumed(key))
            {
                _queue.Put(after);
            }

            return;
        }

        _queue.Remove(key);
        _nominations.Remove(key);
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
            _writes.Say(pod, "Warning", "FailedScheduling", $"skip schedule deleting pod: {pod.Key()}");
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
            Preempt(cycle, refusals, moves);
            return;
        }

        cycle.Feasible = feasible;
        Bind(cycle, _scoring.Choose(cycle).Name, moves);
    }

    private void Preempt(SchedulingCycle cycle, List<(NodeInfo Node, Refusal Refusal)> refusals, long moves)
    {
        var wakesOn = WakesOn(refusals);
        if (cycle.Pod.Pod.Text("spec", "preemptionPolicy") == "Never")
        {
            Fail(cycle, FailureMessage.Of(cycle, refusals, "not eligible due to preemptionPolicy=Never."), wakesOn, moves);
            return;
        }

        if (IsRoomBeingMade(cycle.Pod))
        {
            Fail(cycle, FailureMessage.Of(cycle, refusals, "not eligible due to a terminating pod on the nominated node."), wakesOn, moves);
            return;
        }

        var (candidate, reasons) = _preemption.Find(cycle, refusals);
        if (candidate is null)
        {
            _nominations.Remove(cycle.Pod.Key);
            Fail(cycle, FailureMessage.Of(cycle, refusals, FailureMessage.OfPreemption(cycle, reasons)), wakesOn, moves);
            return;
        }

        foreach (var victim in candidate.Victims)
        {
            _writes.Evict(victim, cycle.Pod, candidate.Node.Name);
        }

        foreach (var loser in _nominations.LowerOn(candidate.Node.Name, cycle.Pod.Priority))
        {
            _nominations.Remove(loser);
            _writes.ClearNomination(loser);
        }

        _nominations.Set(cycle.Pod, candidate.Node.Name);
        Fail(cycle, FailureMessage.Of(cycle, refusals, null), wakesOn, moves, nominatedNode: candidate.Node.Name);
    }

    private bool IsRoomBeingMade(PodInfo pod) =>
        _nominations.NodeOf(pod.Key) is { } nominated
        && _cache.Node(nominated) is { } node
        && node.Pods.Any(other => other.Priority < pod.Priority && other.Pod.IsBeingDeleted());

    private Refusal? FirstRefusal(SchedulingCycle cycle, NodeInfo node)
    {
        // A node must do both with the pods that have been promised a place there and without: they may not come.
        var fuller = _nominations.WithNominated(node, cycle.Pod);
        return (ReferenceEquals(fuller, node) ? null : Ask(cycle.With(fuller), fuller)) ?? Ask(cycle, node);
    }

    private Refusal? Ask(SchedulingCycle cycle, NodeInfo node)
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
        _cache.Assume(cycle.Pod, node);
        var reply = _writes.Bind(cycle.Pod, node);
        if (reply.IsSuccess)
        {
            _queue.Remove(cycle.Pod.Key);
            _nominations.Remove(cycle.Pod.Key);
            return;
        }

        _cache.Forget(cycle.Pod.Key);
        if (reply.Reason != "NotFound")
        {
            // Whatever it was, it has nothing to do with the cluster's state: only the back-off is waited for.
            Fail(cycle, $"binding rejected: {reply.Response?.Message ?? reply.ConnectionError}", ClusterEvent.Any, moves - 1, "SchedulerError");
        }
    }

    private void Fail(
        SchedulingCycle cycle, string message, ClusterEvent wakesOn, long moves, string reason = "Unschedulable", string? nominatedNode = null)
    {
        _queue.PutBack(cycle.Pod.Key, wakesOn, moves);
        _writes.TellFailure(cycle.Pod, reason, message, nominatedNode);
    }
}
