using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet.Status;

/// <summary>
/// The newest status of each pod, and the one who posts it (pkg/kubelet/status: manager). While the API does not answer, the
/// newest status waits and is posted when it does. A pod that is being deleted is removed for good after its last status.
/// </summary>
internal sealed class PodStatuses
{
    /// <summary>What could not be posted is tried again this often (pkg/kubelet/status: syncPeriod).</summary>
    public static readonly TimeSpan SyncPeriod = TimeSpan.FromSeconds(10);

    private const double RequestsPerSecond = 50;
    private const double Burst = 100;
    private const double RequestsPerStatus = 2;

    private static readonly ResourcePath _pods = ResourcePath.Core("pods");
    private static readonly string[] _ownFields =
    [
        "phase", "conditions", "message", "reason", "hostIP", "hostIPs", "podIP", "podIPs", "startTime",
        "initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses", "qosClass",
    ];

    private readonly ApiClient _client;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly WorkQueue<string> _queue;

    private readonly World _world;
    private readonly TimeSpan _from;
    private double _allowance = Burst;
    private TimeSpan _spentAt;

    public PodStatuses(Process self, ApiClient client)
    {
        (_client, _world, _from) = (client, self.World, self.World.Now);
        _queue = new WorkQueue<string>(self, Post);
    }

    /// <summary>The UID under which the API knows a static pod; null while it has no mirror.</summary>
    public Func<PodObject, string?> MirrorUid { get; set; } = static _ => null;

    /// <summary>The newest status; of a pod that this kubelet has not looked at yet, what the API has.</summary>
    public Doc? Get(PodObject pod) => _entries.TryGetValue(pod.Uid, out var entry) ? entry.Status : pod.Doc["status"];

    public void Set(PodObject pod, Doc status)
    {
        var isNew = !_entries.TryGetValue(pod.Uid, out var entry);
        entry ??= _entries[pod.Uid] = new Entry();
        entry.Pod = pod;
        if (isNew || !entry.Status.Equals(status))
        {
            entry.Status = status;
            _queue.Add(pod.Uid);
        }
    }

    /// <summary>Nothing of the pod runs any more: when it is being deleted, it can go.</summary>
    public void Finish(PodObject pod)
    {
        if (_entries.TryGetValue(pod.Uid, out var entry))
        {
            entry.IsFinished = true;
            _queue.Add(pod.Uid);
        }
    }

    /// <summary>The pod changed in a way that may let a status through that could not be posted: such as a mirror that has appeared.</summary>
    public void Retry(string uid)
    {
        if (_entries.ContainsKey(uid))
        {
            _queue.Add(uid);
        }
    }

    /// <summary>
    /// The API has another state of the pod: a finished one may be deleted only now, and a status that somebody else wrote, such as
    /// the node lifecycle controller while the node was away, is put right at the next tick (syncBatch: needsReconcile).
    /// </summary>
    public void Update(PodObject pod)
    {
        if (!_entries.TryGetValue(pod.Uid, out var entry))
        {
            return;
        }

        entry.Pod = pod;
        if (entry.IsFinished && pod.IsBeingDeleted)
        {
            _queue.Add(pod.Uid);
        }
        else if (pod.Doc["status"] is not { } there || !Merge(there, entry.Status).Equals(there))
        {
            _queue.AddAfter(pod.Uid, SyncPeriod - TimeSpan.FromTicks((_world.Now - _from).Ticks % SyncPeriod.Ticks));
        }
    }

    public void Forget(string uid) => _entries.Remove(uid);

    private TimeSpan? Post(string uid)
    {
        if (!_entries.TryGetValue(uid, out var entry))
        {
            return null;
        }

        var pod = entry.Pod;
        var wantedUid = pod.IsStatic ? MirrorUid(pod) : pod.Uid;
        if (wantedUid is null)
        {
            return null;
        }

        if (Spend() is { } wait)
        {
            return wait;
        }

        var current = _client.Send(ApiRequest.Get(_pods, pod.Namespace, pod.Name));
        if (!current.IsSuccess && current.Reason != "NotFound")
        {
            return SyncPeriod;
        }

        if (!current.IsSuccess || current.Response!.Body.Text("metadata", "uid") != wantedUid)
        {
            // Gone, or another pod of the same name: its status is none of ours.
            return null;
        }

        var there = current.Response.Body;
        var merged = there.With(Merge(there["status"], entry.Status), "status");
        if (!merged.Equals(there))
        {
            var reply = _client.Send(ApiRequest.Update(_pods, merged, "status"));
            if (!reply.IsSuccess)
            {
                return SyncPeriod;
            }
        }

        if (entry.IsFinished && !pod.IsStatic && there.At("metadata", "deletionTimestamp") is { IsNull: false })
        {
            var delete = ApiRequest.Delete(_pods, pod.Namespace, pod.Name) with
            {
                Options = new ApiOptions { GracePeriodSeconds = 0, PreconditionUid = pod.Uid },
            };
            var reply = _client.Send(delete);
            return reply.IsSuccess || reply.Reason is "NotFound" or "Conflict" ? null : SyncPeriod;
        }

        return null;
    }

    // A client that asks more often waits (KubeletConfiguration.kubeAPIQPS); a status costs a look and an update.
    private TimeSpan? Spend()
    {
        _allowance = Math.Min(Burst, _allowance + ((_world.Now - _spentAt).TotalSeconds * RequestsPerSecond));
        _spentAt = _world.Now;
        if (_allowance < RequestsPerStatus)
        {
            return TimeSpan.FromSeconds((RequestsPerStatus - _allowance) / RequestsPerSecond) + TimeSpan.FromMilliseconds(1);
        }

        _allowance -= RequestsPerStatus;
        return null;
    }

    // Conditions and fields that others have written since stay as they are.
    private static Doc Merge(Doc? there, Doc own)
    {
        var merged = there ?? Doc.Empty;
        foreach (var field in _ownFields)
        {
            merged = merged.With(own[field], field);
        }

        var known = there?.List("conditions") ?? [];
        var isTold = known.Any(condition => condition.Text("type") == PodConditions.DisruptionTarget);
        var others = known.Where(condition => !PodConditions.IsOwned(condition.Text("type")));
        var ours = own.List("conditions").Where(condition =>
            PodConditions.IsOwned(condition.Text("type")) || (!isTold && condition.Text("type") == PodConditions.DisruptionTarget));
        return merged.With(Doc.Arr(ours.Concat(others)), "conditions");
    }

    private sealed class Entry
    {
        public PodObject Pod { get; set; } = null!;

        public Doc Status { get; set; } = Doc.Empty;

        public bool IsFinished { get; set; }
    }
}
