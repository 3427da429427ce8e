using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Deployments;

/// <summary>
/// Drives Deployments: a ReplicaSet for each template, rolled over within the limits of the strategy, revisions kept for
/// rollbacks, progress told in conditions (pkg/controller/deployment).
/// </summary>
internal sealed class DeploymentController
{
    private readonly ControllerContext _context;
    private readonly Informer _deployments;
    private readonly Informer _sets;
    private readonly RetryingQueue<ObjectName> _queue;
    private readonly ComponentEvents _events;

    public DeploymentController(ControllerContext context)
    {
        _context = context;
        _deployments = context.InformerOf(Resources.Deployments);
        _sets = context.InformerOf(Resources.ReplicaSets);
        _queue = context.QueueOf<ObjectName>(Sync);
        _events = context.EventsOf("deployment-controller");
        _deployments.Changed += (before, after) => _queue.Add((after ?? before!).Key());
        _sets.Changed += OnSetChanged;
        context.InformerOf(Resources.Pods).Changed += OnPodChanged;
    }

    private void OnSetChanged(Doc? before, Doc? after)
    {
        AddOwnerOf(before);
        if (after is null)
        {
            return;
        }

        AddOwnerOf(after);
        if (after.ControllerReference() is null)
        {
            foreach (var deployment in _deployments.Objects)
            {
                if (deployment.Namespace() == after.Namespace()
                    && LabelMatch.Matches(deployment.At("spec", "selector"), after.At("metadata", "labels")))
                {
                    _queue.Add(deployment.Key());
                }
            }
        }
    }

    // Recreate waits for the last old pod: only its end tells.
    private void OnPodChanged(Doc? before, Doc? after)
    {
        if (after is null
            && before!.ControllerReference() is { } reference
            && _sets.Get(before!.Namespace(), reference.Text("name") ?? "") is { } set
            && OwnerOf(set) is { } deployment
            && deployment.Text("spec", "strategy", "type") == "Recreate")
        {
            _queue.Add(deployment.Key());
        }
    }

    private void AddOwnerOf(Doc? set)
    {
        if (set is not null && OwnerOf(set) is { } deployment)
        {
            _queue.Add(deployment.Key());
        }
    }

    private Doc? OwnerOf(Doc set) =>
        set.ControllerReference() is { } reference
        && reference.Text("kind") == "Deployment"
        && _deployments.Get(set.Namespace(), reference.Text("name") ?? "") is { } deployment
        && deployment.Uid() == reference.Text("uid")
            ? deployment
            : null;

    private SyncResult Sync(ObjectName key)
    {
        if (_deployments.Get(key.Namespace, key.Name) is not { } deployment)
        {
            return SyncResult.Done;
        }

        if (LabelMatch.IsEmpty(deployment.At("spec", "selector")))
        {
            Say(deployment, "Warning", "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.");
            return SyncResult.Done;
        }

        var candidates = _sets.Objects.Where(set => set.Namespace() == key.Namespace);
        if (new Adoption(_context, deployment, Resources.Deployments, "Deployment", Resources.ReplicaSets).Claim(candidates) is not { } sets
            || NotePause(deployment) is not { } current)
        {
            return SyncResult.Failure;
        }

        var revisions = new DeploymentRevisions(_context, current, sets, (type, reason, message) => Say(current, type, reason, message));
        return Act(current, revisions);
    }

    private SyncResult Act(Doc deployment, DeploymentRevisions revisions)
    {
        var update = new RollingUpdate(_context, revisions, (type, reason, message) => Say(deployment, type, reason, message));
        if (deployment.IsBeingDeleted())
        {
            return revisions.Sync(createNew: false) ? WriteStatus(revisions, withProgress: false) : SyncResult.Failure;
        }

        var isPaused = deployment.Flag("spec", "paused") == true;
        if (!revisions.Sync(createNew: false))
        {
            return SyncResult.Failure;
        }

        bool failed;
        if (isPaused || IsScaling(deployment, revisions))
        {
            update.FollowSize(out failed);
            return failed ? SyncResult.Failure : WriteStatus(revisions, withProgress: false);
        }

        if (deployment.Text("spec", "strategy", "type") == "Recreate")
        {
            return Recreate(revisions, update);
        }

        if (revisions.New is null && !revisions.Sync(createNew: true))
        {
            return SyncResult.Failure;
        }

        var scaled = update.Step(out failed);
        return failed ? SyncResult.Failure : Finish(revisions, mayClean: !scaled);
    }

    private SyncResult Recreate(DeploymentRevisions revisions, RollingUpdate update)
    {
        if (update.StopOld(out var failed) || failed || OldPodsRun(revisions))
        {
            return failed ? SyncResult.Failure : Finish(revisions, mayClean: false);
        }

        if (revisions.New is null && !revisions.Sync(createNew: true))
        {
            return SyncResult.Failure;
        }

        update.StartNew(out failed);
        return failed ? SyncResult.Failure : Finish(revisions, mayClean: true);
    }

    private bool OldPodsRun(DeploymentRevisions revisions)
    {
        foreach (var old in revisions.Old)
        {
            if ((old.Int("status", "replicas") ?? 0) > 0)
            {
                return true;
            }

            foreach (var pod in _context.PodsByController.Of(old.Uid()))
            {
                if (!pod.IsTerminated())
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsScaling(Doc deployment, DeploymentRevisions revisions)
    {
        var replicas = deployment.Int("spec", "replicas") ?? 1;
        foreach (var set in revisions.All)
        {
            if (ProportionalScaling.Size(set) > 0
                && DeploymentAnnotations.Number(set, DeploymentAnnotations.DesiredReplicas) is { } desired
                && desired != replicas)
            {
                return true;
            }
        }

        return false;
    }

    private SyncResult Finish(DeploymentRevisions revisions, bool mayClean)
    {
        if (mayClean && DeploymentStatus.IsComplete(revisions.Deployment, revisions.Deployment["status"] ?? Doc.Empty))
        {
            DropOldRevisions(revisions);
        }

        return WriteStatus(revisions, withProgress: true);
    }

    private void DropOldRevisions(DeploymentRevisions revisions)
    {
        if (revisions.Deployment.Int("spec", "revisionHistoryLimit") is not { } limit)
        {
            return;
        }

        var alive = revisions.Old.Where(static set => !set.IsBeingDeleted()).OrderBy(DeploymentAnnotations.RevisionOf).ToList();
        for (var i = 0; i < alive.Count - limit; i++)
        {
            var set = alive[i];
            var isIdle = (set.Int("status", "replicas") ?? 0) == 0
                && ProportionalScaling.Size(set) == 0
                && set.Generation() <= (set.Int("status", "observedGeneration") ?? 0);
            if (isIdle)
            {
                _context.Client.Send(ApiRequest.Delete(Resources.ReplicaSets, set.Namespace(), set.Name()));
            }
        }
    }

    private SyncResult WriteStatus(DeploymentRevisions revisions, bool withProgress)
    {
        var now = _context.UtcNow;
        var deployment = revisions.Deployment;
        var status = DeploymentStatus.Calculate(deployment, revisions.New, revisions.All, now);
        if (withProgress)
        {
            status = DeploymentStatus.WithProgress(deployment, status, revisions.New, now);
            status = WithReplicaFailure(status, revisions);
        }

        if (!_context.UpdateStatus(Resources.Deployments, deployment, status))
        {
            return SyncResult.Failure;
        }

        return withProgress && DeploymentStatus.UntilDeadline(deployment, status, now) is { } wait
            ? SyncResult.After(wait)
            : SyncResult.Done;
    }

    // A ReplicaSet that cannot create its pods says so in its own status; the Deployment passes it on.
    private static Doc WithReplicaFailure(Doc status, DeploymentRevisions revisions)
    {
        var failure = revisions.All.AsEnumerable().Reverse()
            .Select(static set => Conditions.Find(set, "ReplicaFailure"))
            .FirstOrDefault(static condition => condition is not null);
        if (failure is null)
        {
            return Conditions.FindIn(status["conditions"], "ReplicaFailure") is null
                ? status
                : status.With(Conditions.Without(status["conditions"], "ReplicaFailure"), "conditions");
        }

        return DeploymentStatus.WithCondition(status, failure.With(failure["lastTransitionTime"], "lastUpdateTime"));
    }

    // So that a paused rollout is not reported as one that makes no progress (pkg/controller/deployment: checkPausedConditions).
    private Doc? NotePause(Doc deployment)
    {
        if (deployment.At("spec", "progressDeadlineSeconds") is null || deployment.IsBeingDeleted())
        {
            return deployment;
        }

        var reason = Conditions.Find(deployment, "Progressing")?.Text("reason");
        var isPaused = deployment.Flag("spec", "paused") == true;
        if (reason == DeploymentStatus.ProgressDeadlineExceeded || isPaused == (reason == "DeploymentPaused"))
        {
            return deployment;
        }

        var condition = isPaused
            ? DeploymentStatus.Condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", _context.UtcNow)
            : DeploymentStatus.Condition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed", _context.UtcNow);
        var status = DeploymentStatus.WithCondition(deployment["status"] ?? Doc.Empty, condition);
        var reply = _context.Client.Send(ApiRequest.Update(Resources.Deployments, deployment.With(status, "status"), "status"));
        return reply.IsSuccess ? reply.Response!.Body : null;
    }

    private void Say(Doc deployment, string type, string reason, string message) =>
        _events.Record(deployment, "Deployment", "apps/v1", type, reason, message);
}
