using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.StatefulSets;

/// <summary>Keeps the pods of StatefulSets, each with a name and claims of its own (pkg/controller/statefulset).</summary>
internal sealed class StatefulSetController
{
    private readonly ControllerContext _context;
    private readonly Informer _sets;
    private readonly RetryingQueue<ObjectName> _queue;
    private readonly Revisions _revisions;
    private readonly ComponentEvents _events;

    public StatefulSetController(ControllerContext context)
    {
        _context = context;
        _sets = context.InformerOf(Resources.StatefulSets);
        _queue = context.QueueOf<ObjectName>(Sync);
        _revisions = new Revisions(context, Resources.StatefulSets, "StatefulSet");
        _events = context.EventsOf("statefulset-controller");
        _sets.Changed += (before, after) => _queue.Add((after ?? before!).Key());
        context.InformerOf(Resources.Pods).Changed += OnPodChanged;
    }

    private void OnPodChanged(Doc? before, Doc? after)
    {
        var pod = (after ?? before)!;
        if (pod.ControllerReference() is { } reference)
        {
            if (reference.Text("kind") == "StatefulSet")
            {
                _queue.Add(new ObjectName(pod.Namespace(), reference.Text("name") ?? ""));
            }

            return;
        }

        foreach (var set in _sets.Objects)
        {
            if (set.Namespace() == pod.Namespace() && LabelMatch.Matches(set.At("spec", "selector"), pod.At("metadata", "labels")))
            {
                _queue.Add(set.Key());
            }
        }
    }

    private SyncResult Sync(ObjectName key)
    {
        if (_sets.Get(key.Namespace, key.Name) is not { } set)
        {
            return SyncResult.Done;
        }

        // An orphan is adopted only under a name that the set would give.
        var candidates = _context.PodsByController.Of(set.Uid())
            .Concat(_context.PodsByController.Of(ControllerContext.OrphansOf(key.Namespace)).Where(pod => StatefulPods.OrdinalOf(set, pod) >= 0))
            .ToList();
        var known = _revisions.Of(set);
        if (new Adoption(_context, set, Resources.StatefulSets, "StatefulSet", Resources.Pods).Claim(candidates) is not { } pods
            || (set.IsBeingDeleted() ? known.LastOrDefault() : _revisions.Current(set, known)) is not { } update)
        {
            return set.IsBeingDeleted() ? SyncResult.Done : SyncResult.Failure;
        }

        var current = known.Find(revision => revision.Name() == set.Text("status", "currentRevision")) ?? update;
        var rollout = new StatefulRollout(
            _context, set, pods, current, update, (type, reason, message) => _events.Record(set, "StatefulSet", "apps/v1", type, reason, message));
        rollout.Act();
        var success = _context.UpdateStatus(Resources.StatefulSets, set, rollout.Status()) && !rollout.Failed;
        _revisions.Trim(set, known, update, pods);
        return !success ? SyncResult.Failure : rollout.Again is { } wait ? SyncResult.After(wait) : SyncResult.Done;
    }
}
