using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Probes;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Kubelet.Status;
using KubeLessons.Simulator.Kubelet.Volumes;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>The workers of a kubelet's pods, by UID.</summary>
internal sealed class PodWorkers
{
    /// <summary>After a failed sync (pkg/kubelet: backOffPeriod); up to half as much is added by chance.</summary>
    private static readonly TimeSpan _backOffPeriod = TimeSpan.FromSeconds(10);

    /// <summary>After a failure that will pass soon (pkg/kubelet: backOffOnTransientErrorPeriod).</summary>
    private static readonly TimeSpan _transientPeriod = TimeSpan.FromSeconds(1);

    /// <summary>While the runtime is down, it is looked for this often in the end (pkg/kubelet: syncLoop's longest pause).</summary>
    private static readonly TimeSpan _haltPeriod = TimeSpan.FromSeconds(5);

    /// <summary>What is left of a pod that nobody knows any more is given this long (pkg/kubelet: SyncTerminatingRuntimePod).</summary>
    private static readonly TimeSpan _orphanGrace = TimeSpan.FromSeconds(1);

    private readonly Process _self;
    private readonly SeededRandom _random;
    private readonly RuntimeConnection _runtime;
    private readonly SortedDictionary<string, PodWorker> _workers = new(StringComparer.Ordinal);

    public PodWorkers(Process self, RuntimeConnection runtime, Relist relist, Routines routines)
    {
        (_self, _runtime, Relist, Routines) = (self, runtime, relist, routines);
        _random = self.World.RandomFor("kubelet/" + self.Host.Name + "/" + self.Id);
        relist.Changed += Wake;
    }

    public Relist Relist { get; }

    public Routines Routines { get; }

    public required PodSync Syncer { get; init; }

    public required ContainerStopper Stopper { get; init; }

    public required ContainerStarter Starter { get; init; }

    public required ContainerProbes Probes { get; init; }

    public required PodVolumes Volumes { get; init; }

    public required PodAdmission Admission { get; init; }

    public required PodEvents Events { get; init; }

    public required PodStatusBuilder Builder { get; init; }

    public required PodStatuses Statuses { get; init; }

    /// <summary>Called before a pod's sync: what a static pod needs besides. False: that could not be done now.</summary>
    public Func<PodObject, bool> BeforeSync { get; set; } = static _ => true;

    /// <summary>Whether no pod is looked at now, since the runtime is known to be down (pkg/kubelet: syncLoop's "Skipping pod synchronization").</summary>
    public Func<bool> IsHalted { get; set; } = static () => false;

    public IEnumerable<PodWorker> All => _workers.Values;

    public PodWorker? Find(string uid) => _workers.GetValueOrDefault(uid);

    /// <summary>A pod is new or has changed.</summary>
    public void Update(PodObject pod)
    {
        if (_workers.TryGetValue(pod.Uid, out var worker))
        {
            if (worker.IsRemoved)
            {
                // A manifest that was put back before its pod was gone: the pod begins anew when it is.
                worker.Successor = pod;
            }
            else
            {
                worker.Update(pod);
            }

            return;
        }

        Begin(pod, TimeSpan.MinValue);
    }

    /// <summary>Puts a pod out: it has Failed for a reason, and what runs of it is killed at once.</summary>
    public void Evict(PodWorker worker, string reason, string message)
    {
        if (worker.Pod is { } pod)
        {
            // Until 1.21 nothing was said any more of the containers of a pod that was put out.
            worker.HasFinalStatus = Builder.Version.Minor < 22;
            Statuses.Set(pod, worker.HasFinalStatus
                ? Builder.Reject(pod, Statuses.Get(pod), reason, message)
                : Builder.Fail(pod, Relist.Get(pod.Uid), Statuses.Get(pod), reason, message, isDisruption: true));
            worker.RequestStop(TimeSpan.Zero);
        }
    }

    /// <summary>A pod is not wanted here any more.</summary>
    public void Remove(string uid)
    {
        if (!_workers.TryGetValue(uid, out var worker))
        {
            return;
        }

        worker.Successor = null;
        worker.Remove();
        if (worker.State == PodWorkState.Finished)
        {
            Forget(worker);
        }
    }

    /// <summary>Whether the runtime has something of a pod that is not wanted.</summary>
    public bool HasOrphans()
    {
        foreach (var uid in Relist.Pods)
        {
            if (!_workers.ContainsKey(uid))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Stops all that the runtime has of pods that are not wanted: for when all of the wanted ones are known.</summary>
    public void StopOrphans()
    {
        foreach (var uid in Relist.Pods.Where(uid => !_workers.ContainsKey(uid)).Order(StringComparer.Ordinal).ToList())
        {
            var worker = Add(uid, null, TimeSpan.MinValue);
            worker.Remove();
            Routines.Start(worker.Run());
        }

        // Directories of pods that the runtime has forgotten, too, such as those that were deleted while the node was off.
        foreach (var uid in _self.Host.Files.List(KubeletPaths.Pods).Where(uid => !_workers.ContainsKey(uid)))
        {
            PodVolumes.Clean(_self.Host, uid);
            LogFiles.RemovePod(_self.Host, uid);
        }
    }

    public void Wake(string uid)
    {
        if (_workers.TryGetValue(uid, out var worker))
        {
            worker.Wake();
        }
    }

    internal IEnumerable<Wait> Sync(PodWorker worker, SyncOutcome outcome)
    {
        while (IsHalted())
        {
            yield return Wait.For(_haltPeriod);
        }

        var pod = worker.Pod!;
        while (pod.IsStatic && Predecessor(worker) is { } predecessor)
        {
            yield return Wait.On(predecessor.Finished);
        }

        if (Refusal(worker, pod) is { } refusal)
        {
            Events.OfPod(pod, "Warning", refusal.Reason, refusal.Message);
            Statuses.Set(pod, Builder.Reject(pod, Statuses.Get(pod), refusal.Reason, Admission.StatusMessage(refusal)));
            worker.HasFinalStatus = true;
            outcome.IsTerminal = true;
            yield break;
        }

        var isPrepared = BeforeSync(pod);
        yield return Wait.Call(Syncer.Run(pod, outcome));
        if (!isPrepared)
        {
            // The regular sync of every pod, which otherwise finds nothing to do.
            outcome.LookAgainBy(outcome.Now + (KubernetesConstants.SyncFrequency * (1 + (0.5 * _random.NextDouble()))));
        }
    }

    internal IEnumerable<Wait> Terminate(PodWorker worker, TimeSpan? grace, StopOutcome outcome)
    {
        var (pod, seen) = (worker.Pod, Relist.Get(worker.Uid));
        if (pod is not null && !pod.HasEnded && !worker.HasFinalStatus)
        {
            Statuses.Set(pod, Builder.Build(pod, seen, Statuses.Get(pod)));
        }

        yield return Wait.Call(Stopper.StopPod(pod, seen, grace ?? pod?.GracePeriod ?? _orphanGrace, outcome));
        if (outcome.Error is { } error)
        {
            if (pod is not null)
            {
                Events.OfPod(pod, "Warning", "FailedKillPod", $"error killing pod: {error}");
            }

            yield break;
        }

        Probes.Remove(worker.Uid);

        // The last status tells how the containers ended, so the runtime is listed once more.
        if (!seen.IsEmpty)
        {
            yield return Wait.Call(Relist.WaitForNewerThan(_self.World.Now));
        }

        if (pod is null)
        {
            yield break;
        }

        var last = Relist.Get(worker.Uid);
        if (!worker.HasFinalStatus)
        {
            Statuses.Set(pod, Builder.Build(pod, last, Statuses.Get(pod), isTerminal: true));
        }

        Volumes.Unmount(pod);
        Statuses.Finish(pod);
    }

    // A pod is looked at once; one that runs here already, from before the kubelet's start, was admitted then.
    private PodRefusal? Refusal(PodWorker worker, PodObject pod)
    {
        if (worker.IsAdmitted)
        {
            return null;
        }

        worker.IsAdmitted = true;
        if (Relist.Get(pod.Uid).HasRunningContainers)
        {
            return null;
        }

        var others = _workers.Values.Where(other => other != worker && other is { IsAdmitted: true, State: not PodWorkState.Finished, Pod: not null }).Select(other => other.Pod!).ToList();
        var refusal = Admission.Admit(pod, others);
        return refusal is not null && pod.IsCritical && refusal.Reason.StartsWith("OutOf", StringComparison.Ordinal) && MakeRoom(pod, others) ? null : refusal;
    }

    // A critical pod that finds no room takes that of others.
    private bool MakeRoom(PodObject critical, List<PodObject> others)
    {
        const string Message = "Preempted in order to admit critical pod";
        var victims = Admission.RoomFor(critical, others);
        foreach (var victim in victims)
        {
            Events.OfPod(victim, "Warning", "Preempting", Message);
            Evict(_workers[victim.Uid], "Preempting", Message);
        }

        return !victims.IsEmpty;
    }

    internal TimeSpan NextTry(bool isTransient)
    {
        var period = isTransient ? _transientPeriod : _backOffPeriod;
        return _self.World.Now + (period * (1 + (0.5 * _random.NextDouble())));
    }

    internal void OnFinished(PodWorker worker)
    {
        if (worker.IsRemoved)
        {
            Forget(worker);
            if (worker.Successor is { } successor)
            {
                Begin(successor, _self.World.Now);
            }
        }
    }

    private void Begin(PodObject pod, TimeSpan looksNotBefore)
    {
        var worker = Add(pod.Uid, pod, looksNotBefore);
        worker.Update(pod);
        Routines.Start(worker.Run());
    }

    private PodWorker Add(string uid, PodObject? pod, TimeSpan looksNotBefore)
    {
        var worker = new PodWorker(_self, this, uid, pod) { LooksNotBefore = looksNotBefore };
        _workers.Add(uid, worker);
        return worker;
    }

    // A static pod waits until the one of the same name before it, such as before its manifest was edited, has gone.
    private PodWorker? Predecessor(PodWorker worker) => _workers.Values.FirstOrDefault(other =>
        other != worker && other is { State: not PodWorkState.Finished, Pod: { IsStatic: true } pod, IsStopping: true }
        && pod.Name == worker.Pod!.Name && pod.Namespace == worker.Pod.Namespace);

    // Nobody wants the pod and nothing of it runs: what the runtime keeps of it goes, too.
    private void Forget(PodWorker worker)
    {
        _workers.Remove(worker.Uid);
        if (worker.Pod is { } pod)
        {
            Starter.Forget(pod);
            Statuses.Forget(pod.Uid);
        }

        PodVolumes.Clean(_self.Host, worker.Uid);
        LogFiles.RemovePod(_self.Host, worker.Uid);
        if (_runtime.Connect(out _) is { } cri)
        {
            foreach (var sandbox in cri.State.SandboxesOf(worker.Uid).ToList())
            {
                cri.RemovePodSandbox(sandbox.Id);
            }

            Relist.Forget(worker.Uid);
        }
    }
}
