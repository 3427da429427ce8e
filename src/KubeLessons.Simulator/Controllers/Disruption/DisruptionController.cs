using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Api.Selectors;
using KubeLessons.Simulator.Controllers.Deployments;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Disruption;

/// <summary>
/// Tells in each PodDisruptionBudget's status how many of its pods may be evicted now (pkg/controller/disruption). The API's
/// eviction subresource decides by that.
/// </summary>
internal sealed class DisruptionController
{
    /// <summary>An eviction that was allowed and did not delete its pod is forgotten after this time (DeletionTimeout).</summary>
    public static readonly TimeSpan DeletionTimeout = TimeSpan.FromMinutes(2);

    private readonly ControllerContext _context;
    private readonly ResourcePath _resource;
    private readonly Informer _budgets;
    private readonly Informer _pods;
    private readonly RetryingQueue<ObjectName> _queue;
    private readonly ComponentEvents _events;
    private readonly (string Kind, Informer Informer)[] _scaled;

    public DisruptionController(ControllerContext context)
    {
        _context = context;
        _resource = Resources.PodDisruptionBudgetsIn(context.Version);
        _budgets = context.InformerOf(_resource);
        _pods = context.InformerOf(Resources.Pods);
        _queue = context.QueueOf<ObjectName>(Sync);
        _events = context.EventsOf("controllermanager");
        _scaled =
        [
            ("ReplicaSet", context.InformerOf(Resources.ReplicaSets)),
            ("Deployment", context.InformerOf(Resources.Deployments)),
            ("StatefulSet", context.InformerOf(Resources.StatefulSets)),
            ("ReplicationController", context.InformerOf(Resources.ReplicationControllers)),
        ];
        _budgets.Changed += (before, after) => _queue.Add((after ?? before!).Key());
        _pods.Changed += (before, after) =>
        {
            AddBudgetsOf(before);
            AddBudgetsOf(after);
        };
        foreach (var (_, informer) in _scaled)
        {
            informer.Changed += OnScaledChanged;
        }
    }

    private void AddBudgetsOf(Doc? pod)
    {
        if (pod is null)
        {
            return;
        }

        foreach (var budget in _budgets.Objects)
        {
            if (budget.Namespace() == pod.Namespace() && LabelMatch.Matches(budget.At("spec", "selector"), pod.At("metadata", "labels")))
            {
                _queue.Add(budget.Key());
            }
        }
    }

    private void OnScaledChanged(Doc? before, Doc? after)
    {
        if (before?.Int("spec", "replicas") != after?.Int("spec", "replicas"))
        {
            var ns = (after ?? before)!.Namespace();
            foreach (var budget in _budgets.Objects)
            {
                if (budget.Namespace() == ns)
                {
                    _queue.Add(budget.Key());
                }
            }
        }
    }

    private SyncResult Sync(ObjectName key)
    {
        if (_budgets.Get(key.Namespace, key.Name) is not { } budget)
        {
            return SyncResult.Done;
        }

        var selector = LabelSelector.FromDoc(budget.At("spec", "selector"));
        var pods = _pods.Objects.Where(pod => pod.Namespace() == key.Namespace && selector.Matches(pod.At("metadata", "labels"))).ToList();
        if (pods.Count == 0)
        {
            _events.Record(budget, "PodDisruptionBudget", _resource.ApiVersion, "Normal", "NoPods", "No matching pods found");
        }

        var (expected, desired, failure) = Expect(budget, pods);
        if (failure is not null)
        {
            _events.Record(budget, "PodDisruptionBudget", _resource.ApiVersion, "Warning", "CalculateExpectedPodCountFailed", $"Failed to calculate the number of expected pods: {failure}");
        }

        var (disrupted, again) = StillDisrupted(budget, pods);
        var healthy = pods.Count(pod => !pod.IsBeingDeleted() && pod.IsReady() && disrupted[pod.Name()] is null);
        var allowed = expected <= 0 || failure is not null ? 0 : Math.Max(0, healthy - desired);
        var status = Doc.Obj(
            ("currentHealthy", healthy),
            ("desiredHealthy", desired),
            ("disruptedPods", disrupted is DocObject { Count: 0 } ? null : disrupted),
            ("disruptionsAllowed", allowed),
            ("expectedPods", expected),
            ("observedGeneration", budget.Generation()),
            ("conditions", ConditionsOf(budget, allowed, failure)));
        return !_context.UpdateStatus(_resource, budget, status) ? SyncResult.Failure
            : again is { } wait ? SyncResult.After(wait)
            : SyncResult.Done;
    }

    // minAvailable as a number counts the pods that are there; everything else needs to know how many there should be.
    private (long Expected, long Desired, string? Failure) Expect(Doc budget, List<Doc> pods)
    {
        if (budget.At("spec", "maxUnavailable") is { IsNull: false } unavailable)
        {
            var (expected, failure) = Scale(pods);
            return (expected, Math.Max(0, expected - RolloutLimits.Scaled(unavailable, expected, roundUp: true)), failure);
        }

        if (budget.At("spec", "minAvailable") is { IsNull: false } minimum)
        {
            if (minimum.AsInt is { } number)
            {
                return (pods.Count, number, null);
            }

            var (expected, failure) = Scale(pods);
            return (expected, RolloutLimits.Scaled(minimum, expected, roundUp: true), failure);
        }

        return (0, 0, null);
    }

    // The declared sizes of the pods' controllers, each once; a pod without one cannot be judged by a share.
    private (long Expected, string? Failure) Scale(List<Doc> pods)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var pod in pods)
        {
            if (pod.ControllerReference() is not { } reference)
            {
                return (0, $"found no controller ref for pod \"{pod.Name()}\"");
            }

            if (OwnerOf(pod.Namespace(), reference) is not { } owner)
            {
                return (0, $"found no controllers for pod \"{pod.Name()}\"");
            }

            if (owner.ControllerReference() is { } above && OwnerOf(owner.Namespace(), above) is { } deployment)
            {
                owner = deployment;
            }

            sizes[owner.Uid()] = owner.Int("spec", "replicas") ?? 1;
        }

        return (sizes.Values.Sum(), null);
    }

    private Doc? OwnerOf(string ns, Doc reference)
    {
        foreach (var (kind, informer) in _scaled)
        {
            if (kind == reference.Text("kind")
                && informer.Get(ns, reference.Text("name") ?? "") is { } owner
                && owner.Uid() == reference.Text("uid"))
            {
                return owner;
            }
        }

        return null;
    }

    // Pods whose eviction was granted and that are not deleted yet.
    private (Doc Disrupted, TimeSpan? Again) StillDisrupted(Doc budget, List<Doc> pods)
    {
        Doc left = Doc.Empty;
        TimeSpan? again = null;
        foreach (var (name, granted) in budget.At("status", "disruptedPods")?.Fields ?? [])
        {
            var pod = pods.Find(pod => pod.Name() == name);
            var wait = Timestamps.Parse(granted.AsText) + DeletionTimeout - _context.UtcNow;
            if (pod is null || pod.IsBeingDeleted() || wait <= TimeSpan.Zero)
            {
                continue;
            }

            left = left.With(granted, name);
            again = again is { } sooner && sooner < wait ? sooner : wait;
        }

        return (left, again);
    }

    // Since 1.22 (policy/v1) the status says in words whether a disruption is allowed.
    private Doc? ConditionsOf(Doc budget, long allowed, string? failure)
    {
        if (_context.Version.Minor < 22)
        {
            return null;
        }

        var (status, reason) = failure is not null ? ("False", "SyncFailed") : allowed > 0 ? ("True", "SufficientPods") : ("False", "InsufficientPods");
        var had = Conditions.Find(budget, "DisruptionAllowed");
        return Conditions.Replace(budget.At("status", "conditions"), Doc.Obj(
            ("type", "DisruptionAllowed"),
            ("status", status),
            ("observedGeneration", budget.Generation()),
            ("lastTransitionTime", had?.Text("status") == status ? had["lastTransitionTime"] : _context.Timestamp),
            ("reason", reason),
            ("message", failure ?? "")));
    }
}
