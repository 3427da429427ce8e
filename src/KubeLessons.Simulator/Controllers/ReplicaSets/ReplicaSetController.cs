using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.ReplicaSets;

/// <summary>
/// Keeps as many pods as each ReplicaSet declares (pkg/controller/replicaset). Nothing but the number counts: a pod that is
/// terminating, succeeded or failed is none, whoever ended it.
/// </summary>
internal sealed class ReplicaSetController
{
    /// <summary>So many pods are created or deleted in one look (pkg/controller/replicaset: BurstReplicas).</summary>
    public const int BurstReplicas = 500;

    private readonly ControllerContext _context;
    private readonly Informer _sets;
    private readonly Informer _pods;
    private readonly RetryingQueue<ObjectName> _queue;
    private readonly Expectations _expectations;
    private readonly ComponentEvents _events;
    private readonly Dictionary<string, ReplicaTally> _tallies = new(StringComparer.Ordinal);

    public ReplicaSetController(ControllerContext context)
    {
        _context = context;
        _sets = context.InformerOf(Resources.ReplicaSets);
        _pods = context.InformerOf(Resources.Pods);
        _queue = context.QueueOf<ObjectName>(Sync);
        _expectations = new Expectations(context.World);
        _events = context.EventsOf("replicaset-controller");
        _sets.Changed += OnSetChanged;
        _pods.Changed += OnPodChanged;
    }

    private void OnSetChanged(Doc? before, Doc? after)
    {
        if (after is null || (before is not null && before.Uid() != after.Uid()))
        {
            _expectations.Forget(before!.Key());
            _tallies.Remove(before!.Uid());
        }

        _queue.Add((after ?? before!).Key());
    }

    private void OnPodChanged(Doc? before, Doc? after)
    {
        Tally(before, -1);
        Tally(after, 1);
        var pod = after ?? before!;
        var owner = OwnerOf(pod);
        if (after is null || after.IsBeingDeleted())
        {
            if (owner is { } losing)
            {
                _expectations.DeletionSeen(losing, pod.Uid());
                _queue.Add(losing);
            }

            return;
        }

        if (before is not null && OwnerOf(before) is { } former && former != owner)
        {
            _queue.Add(former);
        }

        if (owner is { } set)
        {
            if (before is null)
            {
                _expectations.CreationSeen(set);
            }

            _queue.Add(set);
            LookAgainWhenAvailable(before, after, set);
        }
        else if (before is null || !LabelsOf(before).Equals(LabelsOf(after)) || before.ControllerReference() is not null)
        {
            AddSetsThatMatch(after);
        }
    }

    private void Tally(Doc? pod, int by)
    {
        if (pod?.ControllerReference()?.Text("uid") is { } uid && _tallies.TryGetValue(uid, out var tally))
        {
            tally.Count(pod, by);
        }
    }

    private ReplicaTally TallyOf(Doc set)
    {
        if (!_tallies.TryGetValue(set.Uid(), out var tally) || !tally.IsOf(set))
        {
            _tallies[set.Uid()] = tally = new ReplicaTally(set, _context.PodsByController.Of(set.Uid()));
        }

        return tally;
    }

    private static Doc LabelsOf(Doc pod) => pod.At("metadata", "labels") ?? Doc.Empty;

    // Nothing changes in the pod when its minReadySeconds are over, so the set is looked at then.
    private void LookAgainWhenAvailable(Doc? before, Doc after, ObjectName set)
    {
        var minReadySeconds = _sets.Get(set.Namespace, set.Name)?.Int("spec", "minReadySeconds") ?? 0;
        if (minReadySeconds > 0 && after.IsReady() && before?.IsReady() != true)
        {
            _queue.AddAfter(set, TimeSpan.FromSeconds(minReadySeconds + 1));
        }
    }

    private ObjectName? OwnerOf(Doc pod)
    {
        if (pod.ControllerReference() is not { } reference || reference.Text("kind") != "ReplicaSet")
        {
            return null;
        }

        var set = _sets.Get(pod.Namespace(), reference.Text("name") ?? "");
        return set is not null && set.Uid() == reference.Text("uid") ? set.Key() : null;
    }

    private void AddSetsThatMatch(Doc pod)
    {
        foreach (var set in _sets.Objects)
        {
            if (set.Namespace() == pod.Namespace()
                && LabelMatch.Matches(set.At("spec", "selector"), pod.At("metadata", "labels")))
            {
                _queue.Add(set.Key());
            }
        }
    }

    private SyncResult Sync(ObjectName key)
    {
        if (_sets.Get(key.Namespace, key.Name) is not { } set)
        {
            _expectations.Forget(key);
            return SyncResult.Done;
        }

        var mayAct = _expectations.AreMet(key);
        if (TallyOf(set) is { Strangers: 0 } tally && tally.Active <= Wanted(set)
            && (set.Int("spec", "minReadySeconds") ?? 0) == 0
            && _context.PodsByController.Of(ControllerContext.OrphansOf(key.Namespace)).Count == 0)
        {
            // Nobody to adopt, to release or to delete: the numbers are enough.
            var why = mayAct && !set.IsBeingDeleted() && tally.Active < Wanted(set) ? CreateMissing(set, Wanted(set) - tally.Active) : null;
            var status = ReplicaSetStatus.Of(set, tally, why, _context.UtcNow);
            return SyncResult.FromSuccess(_context.UpdateStatus(Resources.ReplicaSets, set, status) && why is null);
        }

        var candidates = _context.PodsByController.Of(set.Uid())
            .Concat(_context.PodsByController.Of(ControllerContext.OrphansOf(key.Namespace)))
            .Where(static pod => pod.IsActive())
            .ToList();
        var pods = new Adoption(_context, set, Resources.ReplicaSets, "ReplicaSet", Resources.Pods).Claim(candidates);
        if (pods is null)
        {
            return SyncResult.Failure;
        }

        (string Reason, string Message)? failure = null;
        if (mayAct && !set.IsBeingDeleted())
        {
            failure = ManageReplicas(set, pods);
        }

        var now = _context.UtcNow;
        if (!_context.UpdateStatus(Resources.ReplicaSets, set, ReplicaSetStatus.Of(set, pods, failure, now)) || failure is not null)
        {
            return SyncResult.Failure;
        }

        var minReadySeconds = set.Int("spec", "minReadySeconds") ?? 0;
        return minReadySeconds > 0 && pods.Any(pod => pod.IsReady() && !pod.IsAvailable(minReadySeconds, now))
            ? SyncResult.After(TimeSpan.FromSeconds(minReadySeconds))
            : SyncResult.Done;
    }

    private (string Reason, string Message)? ManageReplicas(Doc set, List<Doc> pods)
    {
        var excess = pods.Count - Wanted(set);
        return excess switch
        {
            < 0 => CreateMissing(set, -excess),
            > 0 => Delete(set, pods, Math.Min(excess, BurstReplicas)) is { } why ? ("FailedDelete", why) : null,
            _ => null,
        };
    }

    private static int Wanted(Doc set) => (int)(set.Int("spec", "replicas") ?? 1);

    private (string Reason, string Message)? CreateMissing(Doc set, int missing) =>
        Create(set, Math.Min(missing, BurstReplicas)) is { } why ? ("FailedCreate", why) : null;

    // Slow start: 1, 2, 4, 8… at a time, so that a quota that refuses all is asked once and not five hundred times.
    private string? Create(Doc set, int count)
    {
        var key = set.Key();
        _expectations.ExpectCreations(key, count);
        var pod = Controllers.Pods.FromTemplate(
            set.At("spec", "template") ?? Doc.Empty,
            set.Name() + "-",
            Metadata.ReferenceTo(set, "apps/v1", "ReplicaSet"));
        string? firstError = null;
        var done = 0;
        for (var batch = 1; done < count && firstError is null; batch *= 2)
        {
            for (var i = Math.Min(batch, count - done); i > 0; i--, done++)
            {
                firstError ??= CreateOne(set, pod);
            }
        }

        for (var skipped = count - done; skipped > 0; skipped--)
        {
            _expectations.CreationSeen(key);
        }

        return firstError;
    }

    private string? CreateOne(Doc set, Doc pod)
    {
        var reply = _context.Client.Send(ApiRequest.Create(Resources.Pods, set.Namespace(), pod));
        if (reply.IsSuccess)
        {
            Say(set, "Normal", "SuccessfulCreate", $"Created pod: {reply.Response!.Body.Name()}");
            return null;
        }

        _expectations.CreationSeen(set.Key());
        var why = reply.Response?.Message ?? reply.ConnectionError ?? "";
        if (why.Contains("because it is being terminated", StringComparison.Ordinal))
        {
            // The namespace goes away: there is nobody left to tell.
            return null;
        }

        Say(set, "Warning", "FailedCreate", $"Error creating: {why}");
        return why;
    }

    private string? Delete(Doc set, List<Doc> pods, int count)
    {
        var ranking = new DeletionRanking(_context.Version, _context.UtcNow, RelatedOnSameNode(set));
        var chosen = ranking.Choose(pods, count);
        _expectations.ExpectDeletions(set.Key(), chosen.Select(static pod => pod.Uid()));
        string? firstError = null;
        foreach (var pod in chosen)
        {
            var reply = _context.Client.Send(ApiRequest.Delete(Resources.Pods, pod.Namespace(), pod.Name()));
            if (reply.IsSuccess)
            {
                Say(set, "Normal", "SuccessfulDelete", $"Deleted pod: {pod.Name()}");
                continue;
            }

            _expectations.DeletionSeen(set.Key(), pod.Uid());
            if (reply.Reason != "NotFound")
            {
                var why = reply.Response?.Message ?? reply.ConnectionError ?? "";
                Say(set, "Warning", "FailedDelete", $"Error deleting: {why}");
                firstError ??= why;
            }
        }

        return firstError;
    }

    // Pods of the sets of one Deployment count together: a rolling update leaves the nodes evenly filled.
    private Func<Doc, int> RelatedOnSameNode(Doc set)
    {
        var family = set.ControllerReference()?.Text("uid");
        var perNode = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var related in _sets.Objects)
        {
            if (related.Uid() != set.Uid() && (family is null || related.ControllerReference()?.Text("uid") != family))
            {
                continue;
            }

            foreach (var pod in _context.PodsByController.Of(related.Uid()))
            {
                if (pod.IsActive() && pod.NodeName() is { } node)
                {
                    perNode[node] = perNode.GetValueOrDefault(node) + 1;
                }
            }
        }

        return pod => pod.NodeName() is { } node ? perNode.GetValueOrDefault(node) : 0;
    }

    private void Say(Doc set, string type, string reason, string message) =>
        _events.Record(set, "ReplicaSet", "apps/v1", type, reason, message);
}
