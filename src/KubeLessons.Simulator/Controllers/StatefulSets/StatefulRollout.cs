using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers.StatefulSets;

/// <summary>
/// One look at a StatefulSet (pkg/controller/statefulset: updateStatefulSet): pods come in the order of their ordinals, each when
/// the one before is ready, and go in the reverse order. A pod that is terminating holds its place: nobody takes it until it is gone.
/// </summary>
internal sealed class StatefulRollout
{
    private readonly ControllerContext _context;
    private readonly Doc _set;
    private readonly Doc _current;
    private readonly Doc _update;
    private readonly Action<string, string, string> _say;
    private readonly bool _isOrdered;
    private readonly long _minReadySeconds;
    private readonly long _first;
    private readonly long _count;
    private readonly SortedDictionary<long, Doc> _pods = [];

    public StatefulRollout(ControllerContext context, Doc set, IEnumerable<Doc> pods, Doc current, Doc update, Action<string, string, string> say)
    {
        (_context, _set, _current, _update, _say) = (context, set, current, update, say);
        _isOrdered = set.Text("spec", "podManagementPolicy") != "Parallel";
        _minReadySeconds = set.Int("spec", "minReadySeconds") ?? 0;
        _first = set.Int("spec", "ordinals", "start") ?? 0;
        _count = set.Int("spec", "replicas") ?? 1;
        foreach (var pod in pods)
        {
            if (StatefulPods.OrdinalOf(set, pod) is var ordinal and >= 0)
            {
                _pods[ordinal] = pod;
            }
        }
    }

    public bool Failed { get; private set; }

    /// <summary>When to look again though nothing changes, such as when minReadySeconds are over.</summary>
    public TimeSpan? Again { get; private set; }

    public void Act()
    {
        if (_set.IsBeingDeleted() || !FillPlaces() || !RemoveSurplus() || _set.Text("spec", "updateStrategy", "type") == "OnDelete")
        {
            return;
        }

        ReplaceOld();
    }

    /// <summary>The numbers of the status, counted from the pods as they were seen.</summary>
    public Doc Status()
    {
        var (replicas, ready, available, current, updated) = (0, 0, 0, 0, 0);
        foreach (var pod in _pods.Values)
        {
            replicas++;
            var isReady = IsRunningAndReady(pod);
            ready += isReady ? 1 : 0;
            available += isReady && pod.IsAvailable(_minReadySeconds, _context.UtcNow) ? 1 : 0;
            if (!pod.IsBeingDeleted())
            {
                var revision = pod.Label(Revisions.HashLabel);
                current += revision == _current.Name() ? 1 : 0;
                updated += revision == _update.Name() ? 1 : 0;
            }
        }

        var isComplete = _set.Text("spec", "updateStrategy", "type") != "OnDelete" && updated == replicas && ready == replicas && replicas == _count;
        return Doc.Obj(
            ("observedGeneration", _set.Generation()),
            ("replicas", replicas),
            ("readyReplicas", NonZero(ready)),
            ("currentReplicas", NonZero(isComplete ? updated : current)),
            ("updatedReplicas", NonZero(updated)),
            ("currentRevision", (isComplete ? _update : _current).Name()),
            ("updateRevision", _update.Name()),
            ("collisionCount", _set.At("status", "collisionCount") ?? 0),
            ("availableReplicas", _context.Version.Minor >= 22 ? (Doc)available : null));
    }

    private static Doc? NonZero(int count) => count == 0 ? null : count;

    private static bool IsRunningAndReady(Doc pod) => pod.Phase() == "Running" && pod.IsReady();

    // False: the rest has to wait.
    private bool FillPlaces()
    {
        for (var ordinal = _first; ordinal < _first + _count; ordinal++)
        {
            if (!_pods.TryGetValue(ordinal, out var pod))
            {
                if (!Create(ordinal) || _isOrdered)
                {
                    return false;
                }

                continue;
            }

            if (pod.IsTerminated())
            {
                if (!pod.IsBeingDeleted())
                {
                    var what = pod.Phase() == "Failed" ? ("RecreatingFailedPod", "failed") : ("RecreatingTerminatedPod", "terminated");
                    _say(pod.Phase() == "Failed" ? "Warning" : "Normal", what.Item1, $"StatefulSet {_set.Key()} is recreating {what.Item2} Pod {pod.Name()}");
                    Delete(pod);
                }

                return false;
            }

            if (_isOrdered && !IsSettled(pod))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsSettled(Doc pod)
    {
        if (pod.IsBeingDeleted() || !IsRunningAndReady(pod))
        {
            return false;
        }

        if (pod.IsAvailable(_minReadySeconds, _context.UtcNow))
        {
            return true;
        }

        Again = TimeSpan.FromSeconds(1);
        return false;
    }

    private bool RemoveSurplus()
    {
        var surplus = _pods.Where(at => at.Key < _first || at.Key >= _first + _count).Reverse().ToList();
        var firstUnhealthy = _pods.Values.FirstOrDefault(static pod => !IsRunningAndReady(pod) || pod.IsBeingDeleted());
        foreach (var (ordinal, pod) in surplus)
        {
            if (pod.IsBeingDeleted() || (_isOrdered && !IsRunningAndReady(pod) && firstUnhealthy is not null && pod.Uid() != firstUnhealthy.Uid()))
            {
                if (_isOrdered)
                {
                    return false;
                }

                continue;
            }

            FreeClaims(ordinal, pod);
            Delete(pod);
            if (_isOrdered)
            {
                return false;
            }
        }

        return true;
    }

    // From the highest ordinal down to the partition, one at a time, each when all above are healthy.
    private void ReplaceOld()
    {
        var lowest = _first + (_set.Int("spec", "updateStrategy", "rollingUpdate", "partition") ?? 0);
        for (var ordinal = _first + _count - 1; ordinal >= lowest; ordinal--)
        {
            if (!_pods.TryGetValue(ordinal, out var pod))
            {
                return;
            }

            if (pod.Label(Revisions.HashLabel) != _update.Name() && !pod.IsBeingDeleted())
            {
                Delete(pod);
                return;
            }

            if (!IsSettled(pod))
            {
                return;
            }
        }
    }

    // Below the partition, and while an update without partition has not come so far, the old template is used.
    private Doc RevisionFor(long ordinal)
    {
        var partition = _set.Int("spec", "updateStrategy", "rollingUpdate", "partition");
        var oldOnes = partition ?? _set.Int("status", "currentReplicas") ?? 0;
        return _set.Text("spec", "updateStrategy", "type") != "OnDelete" && ordinal < _first + oldOnes ? _current : _update;
    }

    private bool Create(long ordinal)
    {
        var name = StatefulPods.NameOf(_set, ordinal);
        foreach (var claim in StatefulPods.ClaimsOf(_set, ordinal))
        {
            var made = _context.Client.Send(ApiRequest.Create(Resources.PersistentVolumeClaims, _set.Namespace(), claim));
            if (made.IsSuccess)
            {
                _say("Normal", "SuccessfulCreate", $"create Claim {claim.Name()} Pod {name} in StatefulSet {_set.Name()} success");
            }
            else if (made.Reason != "AlreadyExists")
            {
                return Refused("create", name, made.Response?.Message ?? made.ConnectionError);
            }
        }

        var pod = StatefulPods.Make(_set, RevisionFor(ordinal), ordinal, _context.Version);
        var reply = _context.Client.Send(ApiRequest.Create(Resources.Pods, _set.Namespace(), pod));
        if (reply.IsSuccess)
        {
            _say("Normal", "SuccessfulCreate", $"create Pod {name} in StatefulSet {_set.Name()} successful");
            _pods[ordinal] = reply.Response!.Body;
            return true;
        }

        return reply.Reason == "AlreadyExists" ? false : Refused("create", name, reply.Response?.Message ?? reply.ConnectionError);
    }

    private void Delete(Doc pod)
    {
        var reply = _context.Client.Send(ApiRequest.Delete(Resources.Pods, pod.Namespace(), pod.Name()) with
        {
            Options = new ApiOptions { PreconditionUid = pod.Uid() },
        });
        if (reply.IsSuccess)
        {
            _say("Normal", "SuccessfulDelete", $"delete Pod {pod.Name()} in StatefulSet {_set.Name()} successful");
        }
        else if (reply.Reason is not ("NotFound" or "Conflict"))
        {
            Refused("delete", pod.Name(), reply.Response?.Message ?? reply.ConnectionError);
        }
    }

    private bool Refused(string verb, string pod, string? why)
    {
        var reason = verb == "create" ? "FailedCreate" : "FailedDelete";
        _say("Warning", reason, $"{verb} Pod {pod} in StatefulSet {_set.Name()} failed error: {why}");
        Failed = true;
        return false;
    }

    // persistentVolumeClaimRetentionPolicy.whenScaled: Delete lets the claims go with the pod that is scaled away.
    private void FreeClaims(long ordinal, Doc pod)
    {
        if (_set.Text("spec", "persistentVolumeClaimRetentionPolicy", "whenScaled") != "Delete")
        {
            return;
        }

        foreach (var claim in StatefulPods.ClaimsOf(_set, ordinal))
        {
            var reference = Doc.Obj(("apiVersion", "v1"), ("kind", "Pod"), ("name", pod.Name()), ("uid", pod.Uid()));
            var patch = Doc.Obj(("metadata", Doc.Obj(("ownerReferences", Doc.Arr(reference)))));
            _context.Client.Send(ApiRequest.MergePatch(Resources.PersistentVolumeClaims, claim.Namespace(), claim.Name(), patch));
        }
    }
}
