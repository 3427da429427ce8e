using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.GarbageCollection;

/// <summary>
/// Deletes what nobody owns any more (pkg/controller/garbagecollector). Background: the owner goes at once and its dependents
/// follow. Foreground: the owner stays until the dependents that block it are gone. Orphan: dependents are set free first.
/// </summary>
internal sealed class GarbageCollector
{
    private readonly ControllerContext _context;
    private readonly ServedResources _served;
    private readonly OwnerGraph _graph;
    private readonly RetryingQueue<string> _deletions;
    private readonly RetryingQueue<string> _orphans;
    private readonly ComponentEvents _events;

    public GarbageCollector(ControllerContext context, ServedResources served)
    {
        (_context, _served) = (context, served);
        _deletions = context.QueueOf<string>(uid => SyncResult.FromSuccess(AttemptToDelete(uid)));
        _orphans = context.QueueOf<string>(uid => SyncResult.FromSuccess(AttemptToOrphan(uid)));
        _graph = new OwnerGraph(served, _deletions.Add, _orphans.Add);
        _events = context.EventsOf("garbage-collector-controller");
        foreach (var kind in served.Deletable)
        {
            // Nobody owns an event, and an event owns nobody (garbagecollector: ignoredResources).
            if (kind.Plural != "events")
            {
                var resource = ServedResources.PathOf(kind);
                context.InformerOf(resource).Changed += (before, after) => _graph.Observe(resource, before, after);
            }
        }
    }

    private enum OwnerState
    {
        Solid,
        Dangling,
        Waiting,
    }

    private bool AttemptToDelete(string uid)
    {
        if (_graph.Find(uid) is not { } node || (node.IsBeingDeleted && !node.IsDeletingDependents))
        {
            return true;
        }

        var reply = _context.Client.Send(ApiRequest.Get(node.Resource, node.Name.Namespace, node.Name.Name));
        if (reply.Reason == "NotFound" || (reply.IsSuccess && reply.Response!.Body.Uid() != uid))
        {
            // Told of by an owner reference only, or gone since: the informer may never tell.
            _graph.Remove(uid);
            return true;
        }

        if (!reply.IsSuccess)
        {
            return false;
        }

        return node.IsDeletingDependents
            ? FinishForeground(node, reply.Response!.Body)
            : JudgeByOwners(node, reply.Response!.Body);
    }

    private bool FinishForeground(ObjectNode node, Doc latest)
    {
        var blocking = node.Blocking.ToList();
        if (blocking.Count == 0)
        {
            return RemoveFinalizer(node, latest, OwnerGraph.ForegroundFinalizer);
        }

        foreach (var dependent in blocking)
        {
            if (!dependent.IsDeletingDependents)
            {
                _deletions.Add(dependent.Uid);
            }
        }

        return true;
    }

    private bool JudgeByOwners(ObjectNode node, Doc latest)
    {
        var owners = latest.OwnerReferences();
        if (owners.IsEmpty)
        {
            return true;
        }

        var states = new List<(Doc Owner, OwnerState State)>();
        foreach (var owner in owners)
        {
            if (StateOf(owner, latest) is not { } state)
            {
                return false;
            }

            states.Add((owner, state));
        }

        if (states.Exists(static at => at.State == OwnerState.Solid))
        {
            var lost = states.Where(static at => at.State != OwnerState.Solid).Select(static at => at.Owner).ToList();
            return lost.Count == 0 || DropOwners(node, latest, lost);
        }

        if (states.Exists(static at => at.State == OwnerState.Waiting) && node.Dependents.Count > 0)
        {
            // A circle of owners that wait for each other would never end: let this one's dependents not block it.
            foreach (var dependent in node.Dependents.Values.Where(static dependent => dependent.IsDeletingDependents))
            {
                if (!Unblock(dependent))
                {
                    return false;
                }
            }

            return Delete(node, latest, "Foreground");
        }

        return Delete(node, latest, latest.HasFinalizer(OwnerGraph.OrphanFinalizer) ? "Orphan"
            : latest.HasFinalizer(OwnerGraph.ForegroundFinalizer) ? "Foreground"
            : "Background");
    }

    private OwnerState? StateOf(Doc reference, Doc dependent)
    {
        if (_served.Find(reference.Text("apiVersion") ?? "", reference.Text("kind") ?? "") is not { } kind)
        {
            // A kind that nobody serves: wait until it is known (the real one retries with the next discovery).
            return OwnerState.Solid;
        }

        if (kind.IsNamespaced && dependent.Namespace().Length == 0)
        {
            _events.Record(
                dependent,
                dependent.Text("kind") ?? "",
                dependent.Text("apiVersion") ?? "",
                "Warning",
                "OwnerRefInvalidNamespace",
                $"cluster-scoped objects can not have namespaced owners: ownerRef [{kind.Versions[0]}/{kind.Name}, namespace: , name: {reference.Text("name")}, uid: {reference.Text("uid")}]");
            return OwnerState.Solid;
        }

        var ns = kind.IsNamespaced ? dependent.Namespace() : "";
        var reply = _context.Client.Send(ApiRequest.Get(ServedResources.PathOf(kind), ns, reference.Text("name") ?? ""));
        if (reply.Reason == "NotFound")
        {
            return OwnerState.Dangling;
        }

        if (!reply.IsSuccess)
        {
            return null;
        }

        var owner = reply.Response!.Body;
        return owner.Uid() != reference.Text("uid") ? OwnerState.Dangling
            : owner.IsBeingDeleted() && owner.HasFinalizer(OwnerGraph.ForegroundFinalizer) ? OwnerState.Waiting
            : OwnerState.Solid;
    }

    private bool Delete(ObjectNode node, Doc latest, string propagation)
    {
        var request = ApiRequest.Delete(node.Resource, node.Name.Namespace, node.Name.Name) with
        {
            Options = new ApiOptions { PropagationPolicy = propagation, PreconditionUid = latest.Uid() },
        };
        var reply = _context.Client.Send(request);
        return reply.IsSuccess || reply.Reason is "NotFound" or "Conflict";
    }

    private bool DropOwners(ObjectNode node, Doc latest, List<Doc> lost)
    {
        var left = latest.OwnerReferences().Where(owner => !lost.Contains(owner));
        return PatchMetadata(node, latest, ("ownerReferences", Doc.Arr(left)));
    }

    private bool Unblock(ObjectNode node)
    {
        var reply = _context.Client.Send(ApiRequest.Get(node.Resource, node.Name.Namespace, node.Name.Name));
        if (!reply.IsSuccess)
        {
            return reply.Reason == "NotFound";
        }

        var owners = reply.Response!.Body.OwnerReferences().Select(static owner => owner.With(false, "blockOwnerDeletion"));
        return PatchMetadata(node, reply.Response.Body, ("ownerReferences", Doc.Arr(owners)));
    }

    private bool AttemptToOrphan(string uid)
    {
        if (_graph.Find(uid) is not { } owner)
        {
            return true;
        }

        foreach (var dependent in owner.Dependents.Values.ToList())
        {
            var reply = _context.Client.Send(ApiRequest.Get(dependent.Resource, dependent.Name.Namespace, dependent.Name.Name));
            if (!reply.IsSuccess)
            {
                if (reply.Reason == "NotFound")
                {
                    continue;
                }

                return false;
            }

            var latest = reply.Response!.Body;
            var left = latest.OwnerReferences().Where(reference => reference.Text("uid") != uid).ToList();
            if (left.Count != latest.OwnerReferences().Length && !PatchMetadata(dependent, latest, ("ownerReferences", Doc.Arr(left))))
            {
                return false;
            }
        }

        var current = _context.Client.Send(ApiRequest.Get(owner.Resource, owner.Name.Namespace, owner.Name.Name));
        return current.IsSuccess
            ? RemoveFinalizer(owner, current.Response!.Body, OwnerGraph.OrphanFinalizer)
            : current.Reason == "NotFound";
    }

    private bool RemoveFinalizer(ObjectNode node, Doc latest, string finalizer)
    {
        if (!latest.HasFinalizer(finalizer))
        {
            return true;
        }

        var left = latest.List("metadata", "finalizers").Where(item => item.AsText != finalizer);
        return PatchMetadata(node, latest, ("finalizers", Doc.Arr(left)));
    }

    // The resource version makes sure that nothing was added meanwhile.
    private bool PatchMetadata(ObjectNode node, Doc latest, (string Field, Doc Value) change)
    {
        var value = change.Value.Items.IsEmpty ? Doc.Null : change.Value;
        var patch = Doc.Obj(("metadata", Doc.Obj(
            ("uid", latest.Uid()),
            ("resourceVersion", latest.At("metadata", "resourceVersion")),
            (change.Field, value))));
        var reply = _context.Client.Send(ApiRequest.MergePatch(node.Resource, node.Name.Namespace, node.Name.Name, patch));
        return reply.IsSuccess || reply.Reason == "NotFound";
    }
}
