using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Tools;
using KubeLessons.Simulator.Kubelet.Pods;

namespace KubeLessons.Simulator.Kubelet.Node;

/// <summary>
/// Puts pods out when the node runs short of memory or disk (pkg/kubelet/eviction): looks every 10 s, one pod each time, those
/// that use more than they asked for first. A look at which nothing can be short costs no turn.
/// </summary>
internal sealed class PodEviction
{
    /// <summary>pkg/kubelet: evictionMonitoringPeriod.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>A condition stays this long after the shortage (evictionPressureTransitionPeriod).</summary>
    public static readonly TimeSpan TransitionPeriod = TimeSpan.FromMinutes(5);

    /// <summary>evictionHard memory.available&lt;100Mi.</summary>
    private const long MinMemory = 100L * 1024 * 1024;

    /// <summary>evictionHard nodefs.available&lt;10%.</summary>
    private const double MinDisk = 0.1;

    private readonly Process _self;
    private readonly PodWorkers _workers;
    private readonly NodeReporter _reporter;
    private readonly PodEvents _events;
    private readonly TimeSpan _from;
    private bool _planned;
    private TimeSpan? _lastShortOfMemory;
    private TimeSpan? _lastShortOfDisk;

    public PodEviction(Process self, PodWorkers workers, NodeReporter reporter, PodEvents events)
    {
        (_self, _workers, _reporter, _events, _from) = (self, workers, reporter, events, self.World.Now);
        var host = self.Host;
        host.MemoryChanged += OnMemoryChanged;
        host.Files.Changed += OnFileChanged;
        self.OnExit(() =>
        {
            host.MemoryChanged -= OnMemoryChanged;
            host.Files.Changed -= OnFileChanged;
        });
    }

    private long FreeMemory => (_self.Host.Machine.MemoryKiB * 1024) - ProcessUsage.UsedMemory(_self.Host);

    private void OnMemoryChanged(Process process) => LookAtNextTick();

    private void OnFileChanged(string path) => LookAtNextTick();

    private void LookAtNextTick()
    {
        if (!_planned && !_self.HasExited)
        {
            _planned = true;
            var tick = _from + (Period * (((_self.World.Now - _from).Ticks / Period.Ticks) + 1));
            _self.After(tick - _self.World.Now, Look);
        }
    }

    private void Look()
    {
        _planned = false;
        var now = _self.World.Now;
        var machine = _self.Host.Machine;
        var freeMemory = FreeMemory;
        var freeDisk = machine.DiskKiB - DiskUse.UsedKiB(_self.Host);
        var isShortOfMemory = freeMemory < MinMemory;
        var isShortOfDisk = freeDisk < machine.DiskKiB * MinDisk;
        _lastShortOfMemory = isShortOfMemory ? now : _lastShortOfMemory;
        _lastShortOfDisk = isShortOfDisk ? now : _lastShortOfDisk;
        _reporter.SetPressure(new NodePressure(Lasts(_lastShortOfMemory), Lasts(_lastShortOfDisk), false));
        if (isShortOfMemory)
        {
            _events.OfNode("Warning", "EvictionThresholdMet", "Attempting to reclaim memory");
            Evict("memory", Quantity.FromBytes(MinMemory).ToString(), Quantity.FromBytes(freeMemory / 1024 * 1024).ToString());
        }
        else if (isShortOfDisk)
        {
            _events.OfNode("Warning", "EvictionThresholdMet", "Attempting to reclaim ephemeral-storage");
            Evict("ephemeral-storage", Quantity.FromBytes((long)(machine.DiskKiB * MinDisk) * 1024).ToString(), Quantity.FromBytes(freeDisk * 1024).ToString());
        }

        if (Lasts(_lastShortOfMemory) || Lasts(_lastShortOfDisk))
        {
            LookAtNextTick();
        }

        bool Lasts(TimeSpan? last) => last is { } at && now - at < TransitionPeriod;
    }

    private void Evict(string resource, string threshold, string available)
    {
        var victim = _workers.All
            .Where(worker => worker is { IsStopping: false, Pod: { IsStatic: false } pod } && !IsCritical(pod))
            .OrderByDescending(worker => Excess(worker.Pod!) > 0)
            .ThenBy(worker => worker.Pod!.Doc.Int("spec", "priority") ?? 0)
            .ThenByDescending(worker => Excess(worker.Pod!))
            .ThenBy(worker => worker.Uid, StringComparer.Ordinal)
            .FirstOrDefault();
        if (victim?.Pod is not { } pod)
        {
            return;
        }

        var message = $"The node was low on resource: {resource}. Threshold quantity: {threshold}, available: {available}. ";
        foreach (var container in pod.Containers)
        {
            var (used, asked) = (Used(pod, container.Name), Request(container));
            if (resource == "memory" && used > asked)
            {
                message += $"Container {container.Name} was using {Quantity.FromBytes(used / 1024 * 1024)}, request is {Quantity.FromBytes(asked)}, has larger consumption of memory. ";
            }
        }

        _events.OfPod(pod, "Warning", "Evicted", message);
        _workers.Evict(victim, "Evicted", message);
    }

    private long Excess(PodObject pod) => pod.Containers.Sum(container => Used(pod, container.Name) - Request(container));

    private long Used(PodObject pod, string container)
    {
        var seen = _workers.Relist.Get(pod.Uid).Newest(container);
        return seen is null ? 0 : _self.Host.Processes.Running.Where(process => process.ContainerId == seen.Container.Id).Sum(ProcessUsage.ResidentBytes);
    }

    private static long Request(ContainerSpec container) =>
        container.Doc.At("resources", "requests", "memory") is { } asked && Quantity.TryParse(asked.AsText ?? asked.ToString()) is { } amount ? amount.Value : 0;

    // system-cluster-critical and system-node-critical begin here (pkg/apis/scheduling: SystemCriticalPriority).
    private static bool IsCritical(PodObject pod) => pod.Doc.Int("spec", "priority") >= 2_000_000_000;
}
