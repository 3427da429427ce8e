using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Controllers.Deployments;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.DaemonSets;

/// <summary>
/// Keeps one pod on every node that a DaemonSet is for (pkg/controller/daemon). It makes the pods and binds each to its node by
/// affinity; the scheduler places them. Nodes that are not ready keep their pods: daemons tolerate that.
/// </summary>
internal sealed class DaemonSetController
{
    /// <summary>So many pods are created or deleted in one look (pkg/controller/daemon: BurstReplicas).</summary>
    public const int BurstReplicas = 250;

    private static readonly TimeSpan FirstFailureBackOff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestFailureBackOff = TimeSpan.FromMinutes(15);

    private readonly ControllerContext _context;
    private readonly Informer _sets;
    private readonly Informer _nodes;
    private readonly RetryingQueue<ObjectName> _queue;
    private readonly Expectations _expectations;
    private readonly Revisions _revisions;
    private readonly ComponentEvents _events;
    private readonly Dictionary<(string Set, string Node), (int Failures, TimeSpan Until)> _failures = [];

    public DaemonSetController(ControllerContext context)
    {
        _context = context;
        _sets = context.InformerOf(Resources.DaemonSets);
        _nodes = context.InformerOf(Resources.Nodes);
        _queue = context.QueueOf<ObjectName>(Sync);
        _expectations = new Expectations(context.World);
        _revisions = new Revisions(context, Resources.DaemonSets, "DaemonSet");
        _events = context.EventsOf("daemonset-controller");
        _sets.Changed += (before, after) => _queue.Add((after ?? before!).Key());
        context.InformerOf(Resources.Pods).Changed += OnPodChanged;
        _nodes.Changed += OnNodeChanged;
    }

    private void OnNodeChanged(Doc? before, Doc? after)
    {
        if (before is null || after is null
            || !Equals(before.At("metadata", "labels"), after.At("metadata", "labels"))
            || !Equals(before.At("spec", "taints"), after.At("spec", "taints")))
        {
            foreach (var set in _sets.Objects)
            {
                _queue.Add(set.Key());
            }
        }
    }

    private void OnPodChanged(Doc? before, Doc? after)
    {
        if (OwnerOf((after ?? before)!) is { } set)
        {
            if (after is null || after.IsBeingDeleted())
            {
                _expectations.DeletionSeen(set.Key(), (after ?? before)!.Uid());
            }
            else if (before is null)
            {
                _expectations.CreationSeen(set.Key());
            }

            _queue.Add(set.Key());
            var minReadySeconds = set.Int("spec", "minReadySeconds") ?? 0;
            if (minReadySeconds > 0 && after is not null && after.IsReady() && before?.IsReady() != true)
            {
                _queue.AddAfter(set.Key(), TimeSpan.FromSeconds(minReadySeconds + 1));
            }
        }
        else if (after is not null && after.ControllerReference() is null)
        {
            foreach (var other in _sets.Objects)
            {
                if (other.Namespace() == after.Namespace() && LabelMatch.Matches(other.At("spec", "selector"), after.At("metadata", "labels")))
                {
                    _queue.Add(other.Key());
                }
            }
        }
    }

    private Doc? OwnerOf(Doc pod) =>
        pod.ControllerReference() is { } reference
        && reference.Text("kind") == "DaemonSet"
        && _sets.Get(pod.Namespace(), reference.Text("name") ?? "") is { } set
        && set.Uid() == reference.Text("uid")
            ? set
            : null;

    private SyncResult Sync(ObjectName key)
    {
        if (_sets.Get(key.Namespace, key.Name) is not { } set)
        {
            _expectations.Forget(key);
            return SyncResult.Done;
        }

        if (LabelMatch.IsEmpty(set.At("spec", "selector")))
        {
            Say(set, "Warning", "SelectingAll", "This daemon set is selecting all pods. A non-empty selector is required.");
            return SyncResult.Done;
        }

        var known = _revisions.Of(set);
        var candidates = _context.PodsByController.Of(set.Uid()).Concat(_context.PodsByController.Of(ControllerContext.OrphansOf(key.Namespace))).ToList();
        if (new Adoption(_context, set, Resources.DaemonSets, "DaemonSet", Resources.Pods).Claim(candidates) is not { } pods
            || (set.IsBeingDeleted() ? known.LastOrDefault() : _revisions.Current(set, known)) is not { } current)
        {
            return set.IsBeingDeleted() ? SyncResult.Done : SyncResult.Failure;
        }

        return Manage(set, pods, known, current);
    }

    private SyncResult Manage(Doc set, List<Doc> pods, List<Doc> known, Doc current)
    {
        var hash = current.Label(Revisions.HashLabel) ?? "";
        var template = NodeEligibility.WithTolerations(set.At("spec", "template") ?? Doc.Empty);
        var nodes = _nodes.Objects.OrderBy(static node => node.Name(), StringComparer.Ordinal).ToList();
        var byNode = pods.ToLookup(static pod => TargetNode(pod) ?? "");
        var success = true;
        TimeSpan? again = null;
        if (!set.IsBeingDeleted() && _expectations.AreMet(set.Key()))
        {
            var work = new DaemonWork();
            foreach (var node in nodes)
            {
                PlanNode(set, node, NodeEligibility.Of(template, node), byNode[node.Name()].ToList(), work);
            }

            DaemonUpdate.Plan(set, nodes.Where(node => NodeEligibility.Of(template, node).Run), byNode, hash, work, _context.UtcNow);
            success = Carry(set, template, hash, work);
            again = work.Again;
            _revisions.Trim(set, known, current, pods);
        }

        var status = DaemonSetStatus.Of(set, nodes, node => NodeEligibility.Of(template, node), byNode, hash, _context.UtcNow);
        return !_context.UpdateStatus(Resources.DaemonSets, set, status) || !success ? SyncResult.Failure
            : again is { } wait ? SyncResult.After(wait)
            : SyncResult.Done;
    }

    private void PlanNode(Doc set, Doc node, (bool Run, bool Keep) eligible, List<Doc> pods, DaemonWork work)
    {
        if (!eligible.Keep)
        {
            work.Delete.AddRange(pods.Where(static pod => !pod.IsBeingDeleted()));
            return;
        }

        var alive = new List<Doc>();
        foreach (var pod in pods)
        {
            if (pod.Phase() == "Failed" && !pod.IsBeingDeleted())
            {
                RemoveFailed(set, node, pod, work);
            }
            else if (!pod.IsTerminated() || pod.Phase() != "Succeeded")
            {
                alive.Add(pod);
            }
            else if (!pod.IsBeingDeleted())
            {
                work.Delete.Add(pod);
            }
        }

        if (eligible.Run && pods.Count == 0)
        {
            work.Create.Add(node.Name());
        }

        // More than one, and no update that wants two: the oldest stays.
        var running = alive.Where(static pod => !pod.IsBeingDeleted()).OrderBy(static pod => pod.CreatedAt()).ThenBy(static pod => pod.Name(), StringComparer.Ordinal).ToList();
        if (DaemonUpdate.MaxSurge(set, 1) == 0)
        {
            work.Delete.AddRange(running.Skip(1));
        }
    }

    private void RemoveFailed(Doc set, Doc node, Doc pod, DaemonWork work)
    {
        var at = (set.Uid(), node.Name());
        var now = _context.World.Now;
        var (failures, until) = _failures.GetValueOrDefault(at);
        if (now < until)
        {
            work.LookAgainIn(until - now);
            return;
        }

        var wait = FirstFailureBackOff * (1L << Math.Min(failures, 20));
        _failures[at] = (failures + 1, now + (wait < LongestFailureBackOff ? wait : LongestFailureBackOff));
        Say(set, "Warning", "FailedDaemonPod", $"Found failed daemon pod {pod.Key()} on node {node.Name()}, will try to kill it");
        work.Delete.Add(pod);
    }

    private bool Carry(Doc set, Doc template, string hash, DaemonWork work)
    {
        var create = work.Create.Take(BurstReplicas).ToList();
        var delete = work.Delete.DistinctBy(static pod => pod.Uid()).Take(BurstReplicas).ToList();
        if (create.Count + delete.Count == 0)
        {
            return true;
        }

        _expectations.Expect(set.Key(), create.Count, delete.Select(static pod => pod.Uid()));
        var success = true;
        var labelled = template.With(hash, "metadata", "labels", Revisions.HashLabel)
            .With(set.Annotation("deprecated.daemonset.template.generation") ?? DeploymentAnnotations.Text(set.Generation()), "metadata", "labels", "pod-template-generation");
        foreach (var node in create)
        {
            var pod = Pods.FromTemplate(NodeEligibility.ForNode(labelled, node), set.Name() + "-", Metadata.ReferenceTo(set, "apps/v1", "DaemonSet"));
            var reply = _context.Client.Send(ApiRequest.Create(Resources.Pods, set.Namespace(), pod));
            if (reply.IsSuccess)
            {
                Say(set, "Normal", "SuccessfulCreate", $"Created pod: {reply.Response!.Body.Name()}");
                continue;
            }

            success = false;
            _expectations.CreationSeen(set.Key());
            Say(set, "Warning", "FailedCreate", $"Error creating: {reply.Response?.Message ?? reply.ConnectionError}");
        }

        foreach (var pod in delete)
        {
            var reply = _context.Client.Send(ApiRequest.Delete(Resources.Pods, pod.Namespace(), pod.Name()));
            if (reply.IsSuccess)
            {
                Say(set, "Normal", "SuccessfulDelete", $"Deleted pod: {pod.Name()}");
                continue;
            }

            success &= reply.Reason == "NotFound";
            _expectations.DeletionSeen(set.Key(), pod.Uid());
        }

        return success;
    }

    // A pod that is not placed yet says by its affinity where it belongs.
    private static string? TargetNode(Doc pod)
    {
        if (pod.NodeName() is { } node)
        {
            return node;
        }

        foreach (var term in pod.List("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"))
        {
            foreach (var field in term.List("matchFields"))
            {
                if (field.Text("key") == "metadata.name" && field.List("values") is [var only])
                {
                    return only.AsText;
                }
            }
        }

        return null;
    }

    private void Say(Doc set, string type, string reason, string message) => _events.Record(set, "DaemonSet", "apps/v1", type, reason, message);
}
