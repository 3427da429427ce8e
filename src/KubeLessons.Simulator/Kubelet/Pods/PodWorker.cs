using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Status;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>Where a pod is on its way through a kubelet (pkg/kubelet: PodWorkerState).</summary>
internal enum PodWorkState
{
    /// <summary>It is kept as it should be.</summary>
    Syncing,

    /// <summary>Its containers are being stopped.</summary>
    Terminating,

    /// <summary>Nothing of it runs any more, and nothing will.</summary>
    Finished,
}

/// <summary>
/// The one routine that works on a pod, from its first appearance until nothing of it runs: no two syncs of one pod overlap.
/// </summary>
internal sealed class PodWorker
{
    private readonly Process _self;
    private readonly PodWorkers _all;
    private readonly Signal _wake;
    private bool _isDirty = true;
    private bool _isStopRequested;
    private TimeSpan? _graceOverride;
    private TimeSpan _lastSyncEnd = TimeSpan.MinValue;
    private Coroutine? _sync;

    public PodWorker(Process self, PodWorkers all, string uid, PodObject? pod)
    {
        (_self, _all, Uid, Pod, _wake) = (self, all, uid, pod, new Signal(self.World));
        Finished = new Signal(self.World);
    }

    public string Uid { get; }

    /// <summary>The newest version of the pod; null for what the runtime has of a pod that nobody knows any more.</summary>
    public PodObject? Pod { get; private set; }

    public PodWorkState State { get; private set; } = PodWorkState.Syncing;

    /// <summary>True once it is certain that no container of the pod will be started any more.</summary>
    public bool IsStopping => _isStopRequested || State != PodWorkState.Syncing;

    /// <summary>It was looked at whether the node can run the pod.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>Its status is said for good: it was turned down, and its containers have none.</summary>
    public bool HasFinalStatus { get; set; }

    /// <summary>The pod is gone from where the kubelet learned of it.</summary>
    public bool IsRemoved { get; private set; }

    /// <summary>A pod of the same UID that is to be started when this one has gone; null: none.</summary>
    public PodObject? Successor { get; set; }

    /// <summary>What the runtime had before this moment was another pod's of the same UID.</summary>
    public TimeSpan LooksNotBefore { get; init; } = TimeSpan.MinValue;

    /// <summary>Raised when nothing of the pod runs any more.</summary>
    public Signal Finished { get; }

    /// <summary>Something of the pod may have changed: sync it.</summary>
    public void Wake()
    {
        _isDirty = true;
        _wake.Raise();
    }

    public void Update(PodObject pod)
    {
        var hadLess = Pod is { IsBeingDeleted: true } && pod.GracePeriod < Pod.GracePeriod;
        Pod = pod;
        if (pod.IsBeingDeleted || pod.HasEnded)
        {
            RequestStop(hadLess ? pod.GracePeriod : null);
        }

        Wake();
    }

    /// <summary>The pod is to be stopped, by its own grace period or by a shorter one.</summary>
    public void RequestStop(TimeSpan? grace = null)
    {
        _isStopRequested = true;
        _graceOverride = grace ?? _graceOverride;
        if (State == PodWorkState.Syncing || grace is not null)
        {
            _sync?.Kill();
        }

        Wake();
    }

    public void Remove()
    {
        IsRemoved = true;
        RequestStop();
    }

    public IEnumerable<Wait> Run()
    {
        yield return Wait.Call(_all.Relist.WaitForNewerThan(LooksNotBefore));

        while (State != PodWorkState.Finished)
        {
            if (_isStopRequested && State == PodWorkState.Syncing)
            {
                State = PodWorkState.Terminating;
            }

            _isDirty = false;
            var outcome = new SyncOutcome(_self.World.UtcNow);
            yield return Wait.Call(RunSync(outcome));
            _lastSyncEnd = _self.World.Now;
            if (State == PodWorkState.Finished)
            {
                break;
            }

            if (outcome.IsTerminal)
            {
                _isStopRequested = true;
                _isDirty = true;
            }

            yield return Wait.Call(Rest(outcome));
        }

        Finished.Raise();
        _all.OnFinished(this);
    }

    // The sync is a routine of its own, so that a deletion can break it off wherever it waits, as cancelling its context does.
    private IEnumerable<Wait> RunSync(SyncOutcome outcome)
    {
        var ended = new Signal(_self.World);
        var routine = State == PodWorkState.Terminating ? Terminate(outcome) : _all.Sync(this, outcome);
        _sync = _all.Routines.Start(routine, ended.Raise);
        while (!_sync.HasEnded)
        {
            yield return Wait.On(ended);
        }

        _sync = null;
    }

    private IEnumerable<Wait> Terminate(SyncOutcome outcome)
    {
        // What the last sync started is stopped, too, so the runtime must have been listed since (pkg/kubelet: podWorkerLoop's GetNewerThan).
        if (Pod is not null)
        {
            yield return Wait.Call(_all.Relist.WaitForKnowledgeSince(_lastSyncEnd));
        }

        var stopped = new StopOutcome();
        yield return Wait.Call(_all.Terminate(this, _graceOverride, stopped));
        if (stopped.Error is not null)
        {
            outcome.Fail();
        }
        else
        {
            State = PodWorkState.Finished;
        }
    }

    // Until something happens, or it is time to try again; then until the runtime was listed anew.
    private IEnumerable<Wait> Rest(SyncOutcome outcome)
    {
        var retryAt = outcome.HasFailed ? _all.NextTry(outcome.IsTransient) : (TimeSpan?)null;
        if (outcome.Deadline is { } deadline && (retryAt is null || deadline - _self.World.Epoch < retryAt))
        {
            retryAt = deadline - _self.World.Epoch;
        }

        while (!_isDirty)
        {
            if (retryAt is not { } due)
            {
                yield return Wait.On(_wake);
            }
            else if (due > _self.World.Now)
            {
                yield return Wait.On(_wake, due - _self.World.Now);
            }
            else
            {
                break;
            }
        }

        if (!_isStopRequested)
        {
            yield return Wait.Call(_all.Relist.WaitForNewerThan(_lastSyncEnd));
        }
    }
}
