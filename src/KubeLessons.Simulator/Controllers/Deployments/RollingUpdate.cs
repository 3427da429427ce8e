using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.Deployments;

/// <summary>The steps of a rollout: up with the new set, down with the old ones, never past surge and unavailability.</summary>
internal sealed class RollingUpdate(ControllerContext context, DeploymentRevisions revisions, Action<string, string, string> say)
{
    private Doc Deployment => revisions.Deployment;

    private long Replicas => Deployment.Int("spec", "replicas") ?? 1;

    /// <summary>How large the new set may be now (pkg/controller/deployment/util: NewRSNewReplicas).</summary>
    public static long NewSize(Doc deployment, IReadOnlyList<Doc> all, Doc newSet, RolloutLimits limits)
    {
        var replicas = deployment.Int("spec", "replicas") ?? 1;
        if (deployment.Text("spec", "strategy", "type") == "Recreate")
        {
            return replicas;
        }

        var size = ProportionalScaling.Size(newSet);
        var room = replicas + limits.MaxSurge - all.Sum(ProportionalScaling.Size);
        return room <= 0 ? size : size + Math.Min(room, replicas - size);
    }

    /// <summary>One step. True when a set was scaled: the rest follows when that shows.</summary>
    public bool Step(out bool failed)
    {
        failed = false;
        return ScaleUpNew(ref failed) || failed || ScaleDownOld(ref failed);
    }

    /// <summary>All old sets to nothing. True when one was scaled.</summary>
    public bool StopOld(out bool failed)
    {
        failed = false;
        var scaled = false;
        foreach (var old in revisions.ActiveOld.ToList())
        {
            scaled |= Scale(old, 0, ref failed);
        }

        return scaled;
    }

    /// <summary>The new set to its full size at once.</summary>
    public void StartNew(out bool failed)
    {
        failed = false;
        if (revisions.New is { } newSet)
        {
            Scale(newSet, Replicas, ref failed);
        }
    }

    /// <summary>
    /// Follows a change of size: the one active set takes it, or all of a rollout in progress share it
    /// (pkg/controller/deployment: scale).
    /// </summary>
    public void FollowSize(out bool failed)
    {
        failed = false;
        if (ActiveOrLatest() is { } only)
        {
            Scale(only, Replicas, ref failed);
            return;
        }

        if (IsSaturated(revisions.New))
        {
            StopOld(out failed);
            return;
        }

        if (Deployment.Text("spec", "strategy", "type") == "Recreate")
        {
            return;
        }

        var active = revisions.All.Where(static set => ProportionalScaling.Size(set) > 0);
        foreach (var (set, size) in ProportionalScaling.Share(Deployment, active, RolloutLimits.Of(Deployment).MaxSurge))
        {
            Resize(set, size, ref failed);
        }
    }

    private bool ScaleUpNew(ref bool failed)
    {
        if (revisions.New is not { } newSet || ProportionalScaling.Size(newSet) == Replicas)
        {
            return false;
        }

        var size = ProportionalScaling.Size(newSet) > Replicas
            ? Replicas
            : NewSize(Deployment, revisions.All, newSet, RolloutLimits.Of(Deployment));
        return Scale(newSet, size, ref failed);
    }

    private bool ScaleDownOld(ref bool failed)
    {
        if (!revisions.ActiveOld.Any())
        {
            return false;
        }

        var minAvailable = Replicas - RolloutLimits.Of(Deployment).MaxUnavailable;
        var newUnavailable = revisions.New is { } newSet
            ? ProportionalScaling.Size(newSet) - (newSet.Int("status", "availableReplicas") ?? 0)
            : 0;
        var mayGo = revisions.All.Sum(ProportionalScaling.Size) - minAvailable - newUnavailable;
        if (mayGo <= 0)
        {
            return false;
        }

        var unhealthy = StopUnhealthy(mayGo, ref failed);
        var healthy = StopHealthy(minAvailable, ref failed);
        return unhealthy + healthy > 0;
    }

    // Pods that serve nobody go first: it costs no availability.
    private long StopUnhealthy(long most, ref bool failed)
    {
        var gone = 0L;
        foreach (var old in revisions.ActiveOld.Order(ByAge).ToList())
        {
            var size = ProportionalScaling.Size(old);
            var idle = size - (old.Int("status", "availableReplicas") ?? 0);
            var count = Math.Min(most - gone, idle);
            if (count > 0 && Scale(old, size - count, ref failed))
            {
                gone += count;
            }
        }

        return gone;
    }

    private long StopHealthy(long minAvailable, ref bool failed)
    {
        var spare = revisions.All.Sum(static set => set.Int("status", "availableReplicas") ?? 0) - minAvailable;
        var gone = 0L;
        foreach (var old in revisions.ActiveOld.Order(ByAge).ToList())
        {
            var size = ProportionalScaling.Size(old);
            var count = Math.Min(size, spare - gone);
            if (count > 0 && Scale(old, size - count, ref failed))
            {
                gone += count;
            }
        }

        return gone;
    }

    private static Comparer<Doc> ByAge { get; } = Comparer<Doc>.Create(ProportionalScaling.ByAge);

    private Doc? ActiveOrLatest()
    {
        var active = revisions.All.Where(static set => ProportionalScaling.Size(set) > 0).ToList();
        return active.Count switch
        {
            0 => revisions.New ?? revisions.Old.Order(ByAge).LastOrDefault(),
            1 => active[0],
            _ => null,
        };
    }

    private bool IsSaturated(Doc? set) =>
        set is not null
        && ProportionalScaling.Size(set) == Replicas
        && DeploymentAnnotations.Number(set, DeploymentAnnotations.DesiredReplicas) == Replicas
        && (set.Int("status", "availableReplicas") ?? 0) == Replicas;

    private bool Scale(Doc set, long size, ref bool failed) =>
        ProportionalScaling.Size(set) != size && Resize(set, size, ref failed);

    private bool Resize(Doc set, long size, ref bool failed)
    {
        var before = ProportionalScaling.Size(set);
        var wanted = DeploymentAnnotations
            .WithSizes(set, Replicas, Replicas + RolloutLimits.Of(Deployment).MaxSurge)
            .With(size, "spec", "replicas");
        if (wanted.Equals(set))
        {
            return false;
        }

        var reply = context.Client.Send(ApiRequest.Update(Resources.ReplicaSets, wanted));
        if (!reply.IsSuccess)
        {
            failed = true;
            return false;
        }

        revisions.Put(reply.Response!.Body);
        if (before != size)
        {
            var direction = before < size ? "up" : "down";
            var change = context.Version.ScalingMessage(before, size);
            say("Normal", "ScalingReplicaSet", $"Scaled {direction} replica set {set.Name()} {change}");
        }

        return before != size;
    }
}
