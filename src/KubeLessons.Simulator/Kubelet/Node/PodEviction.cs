using System.Text;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet.Node;

/// <summary>
/// Puts pods out when the node runs short of memory or disk (pkg/kubelet/eviction): looks every 10 s, one pod each time, those
/// that use more than they asked for first. Before a pod goes for want of disk, images that nobody uses do. A look at which nothing
/// can be short costs no turn.
/// </summary>
internal sealed class PodEviction
{
    /// <summary>pkg/kubelet: evictionMonitoringPeriod.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>It begins to look when the container runtime has been asked for the first time after the start.</summary>
    private static readonly TimeSpan StartDelay = TimeSpan.FromSeconds(5);

    /// <summary>A log that has grown by less since the last look is not worth another.</summary>
    private const long NotableGrowth = 1024 * 1024;

    private readonly Process _self;
    private readonly PodWorkers _workers;
    private readonly NodeReporter _reporter;
    private readonly PodEvents _events;
    private readonly KubeletSettings _settings;
    private readonly ImageGarbage _images;
    private readonly EvictionSignals _signals;
    private readonly PodUsage _usage;
    private readonly TimeSpan _from;
    private readonly Dictionary<string, TimeSpan> _lastShort = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _logSizes = new(StringComparer.Ordinal);
    private bool _planned;

    public PodEviction(Process self, PodWorkers workers, NodeReporter reporter, PodEvents events, ImageGarbage images, KubeletSettings settings)
    {
        (_self, _workers, _reporter, _events, _images, _settings, _from) = (self, workers, reporter, events, images, settings, self.World.Now + StartDelay);
        var host = self.Host;
        (_signals, _usage) = (new EvictionSignals(host, settings), new PodUsage(host, workers.Relist));
        host.MemoryChanged += OnMemoryChanged;
        host.MemoryRanOut += OnMemoryRanOut;
        host.Files.Changed += OnFileChanged;
        host.Disk.UseChanged += LookAtNextTick;
        self.OnExit(() =>
        {
            host.MemoryChanged -= OnMemoryChanged;
            host.MemoryRanOut -= OnMemoryRanOut;
            host.Files.Changed -= OnFileChanged;
            host.Disk.UseChanged -= LookAtNextTick;
        });
        LookAtNextTick();
    }

    private void OnMemoryChanged(Process process) => LookAtNextTick();

    // What the kernel has killed at large, not for a container's own limit, the kubelet reads from its messages.
    private void OnMemoryRanOut(OutOfMemoryKill kill) => _self.After(
        TimeSpan.FromMilliseconds(1),
        () => _events.OfNode("Warning", "SystemOOM", $"System OOM encountered, victim process: {kill.Victim.Name}, pid: {kill.Victim.Id}"));

    private void OnFileChanged(string path)
    {
        if (path.StartsWith(KubeletPaths.PodLogs, StringComparison.Ordinal) && _self.Host.Files.FindNoFollow(path)?.Live is { } log)
        {
            if (Math.Abs(log.Length - _logSizes.GetValueOrDefault(path)) < NotableGrowth)
            {
                return;
            }

            _logSizes[path] = log.Length;
        }

        LookAtNextTick();
    }

    private void LookAtNextTick()
    {
        if (!_planned && !_self.HasExited)
        {
            _planned = true;
            var passed = _self.World.Now - _from;
            var tick = passed < TimeSpan.Zero ? _from : _from + (Period * ((passed.Ticks / Period.Ticks) + 1));
            _self.After(tick - _self.World.Now, Look);
        }
    }

    private void Look()
    {
        _planned = false;
        var now = _self.World.Now;
        EvictionSignal? first = null;
        foreach (var signal in _signals.Look())
        {
            if (signal.IsMet)
            {
                _lastShort[signal.Resource] = now;
                first ??= signal;
            }
        }

        _reporter.SetPressure(new NodePressure(Lasts(PodUsage.Memory), Lasts("ephemeral-storage"), false));
        _images.Consider();
        if (!EvictForOwnLimits() && first is not null)
        {
            _events.OfNode("Warning", "EvictionThresholdMet", $"Attempting to reclaim {first.Resource}");
            Relieve(first);
        }

        if (Lasts(PodUsage.Memory) || Lasts("ephemeral-storage"))
        {
            LookAtNextTick();
        }

        bool Lasts(string resource) => _lastShort.TryGetValue(resource, out var last) && now - last < _settings.PressureTransitionPeriod;
    }

    private bool EvictForOwnLimits()
    {
        var any = false;
        foreach (var worker in _workers.All.ToList())
        {
            if (worker is { IsStopping: false, Pod: { } pod } && StorageLimits.Has(pod) && StorageLimits.Excess(pod, _usage) is { } message)
            {
                Evict(worker, pod, message);
                any = true;
            }
        }

        return any;
    }

    private void Relieve(EvictionSignal signal)
    {
        if (signal.Resource != PodUsage.Memory && _images.Free(long.MaxValue) > 0 && !_signals.Look().Any(again => again.IsMet))
        {
            return;
        }

        var victim = _workers.All
            .Where(worker => worker is { IsStopping: false, Pod: { IsCritical: false } pod } && !pod.HasEnded)
            .OrderByDescending(worker => _usage.Excess(worker.Pod!, signal.Resource) > 0)
            .ThenBy(worker => worker.Pod!.Doc.Int("spec", "priority") ?? 0)
            .ThenByDescending(worker => _usage.Excess(worker.Pod!, signal.Resource))
            .ThenBy(worker => worker.Uid, StringComparer.Ordinal)
            .FirstOrDefault();
        if (victim?.Pod is { } pod)
        {
            Evict(victim, pod, Words(pod, signal));
        }
    }

    private void Evict(PodWorker worker, PodObject pod, string message)
    {
        _events.OfPod(pod, "Warning", "Evicted", message);
        _workers.Evict(worker, "Evicted", message);
    }

    // 1.26 added the threshold and reworded what is said of containers.
    private string Words(PodObject pod, EvictionSignal signal)
    {
        var isNew = _settings.Version.Minor >= 26;
        var text = new StringBuilder($"The node was low on resource: {signal.Resource}. ");
        if (isNew)
        {
            text.Append($"Threshold quantity: {Quantity.FromBytes(signal.Threshold)}, available: {Quantity.FromBytes(signal.Available)}. ");
        }

        foreach (var container in pod.Containers)
        {
            var used = _usage.Used(pod, container, signal.Resource) / 1024 * 1024;
            var asked = PodUsage.Amount(container, "requests", signal.Resource);
            if (used > asked)
            {
                var (what, request) = (Quantity.FromBytes(used), Quantity.FromBytes(asked));
                text.Append($"Container {container.Name} was using {what}, ").Append(isNew
                    ? $"request is {request}, has larger consumption of {signal.Resource}. "
                    : $"which exceeds its request of {request}. ");
            }
        }

        return text.ToString();
    }
}
