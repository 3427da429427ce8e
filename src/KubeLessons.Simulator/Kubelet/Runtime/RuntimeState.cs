using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Tools;
using KubeLessons.Simulator.Kubelet.Images;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>An image on a node, with the names by which it is known there.</summary>
public sealed record LocalImage(ContainerImage Image, ImmutableArray<string> Tags, DateTimeOffset PulledAt);

/// <summary>
/// What containerd keeps on a node's disk, and the shims keep running: sandboxes, containers, images. It is there whether or not
/// the containerd process runs; containers end by themselves, by a kill, or with the power.
/// </summary>
public sealed class RuntimeState
{
    private readonly OrderedDictionary<string, PodSandbox> _sandboxes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<PodSandbox>> _byPod = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, Container> _containers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, LocalImage> _images = new(StringComparer.Ordinal);

    internal RuntimeState(Host host)
    {
        Host = host;
        Random = host.World.RandomFor("containerd/" + host.Name);
        host.PowerChanged += OnPowerChanged;
        host.MemoryChanged += OnMemoryChanged;
        host.Disk.AddUse(UsedDisk);
        host.MemoryRanOut += kill =>
        {
            if (kill.Victim.ContainerId is { } id && Container(id) is { } container)
            {
                container.WasKilledForMemory = true;
            }
        };
    }

    public Host Host { get; }

    /// <summary>The sandboxes in the order of their making.</summary>
    public IEnumerable<PodSandbox> Sandboxes => _sandboxes.Values;

    /// <summary>The containers in the order of their making.</summary>
    public IEnumerable<Container> Containers => _containers.Values;

    public IEnumerable<LocalImage> Images => _images.Values;

    /// <summary>Called after the state of a sandbox or of one of its containers changed.</summary>
    public event Action<PodSandbox>? Changed;

    /// <summary>Called after a container wrote something to its log.</summary>
    public event Action<Container>? LogGrew;

    internal SeededRandom Random { get; }

    public PodSandbox? Sandbox(string id) => _sandboxes.GetValueOrDefault(id);

    public Container? Container(string id) => _containers.GetValueOrDefault(id);

    /// <summary>The sandboxes of a pod, by its UID, in the order of their making.</summary>
    public IReadOnlyList<PodSandbox> SandboxesOf(string uid) => _byPod.TryGetValue(uid, out var sandboxes) ? sandboxes : [];

    /// <summary>An image by a reference, a digest or an ID; null when the node has not got it.</summary>
    public LocalImage? Image(ImageReference reference) =>
        _images.GetValueOrDefault(reference.ToString())
        ?? _images.Values.FirstOrDefault(image => reference.Digest is { } digest && image.Image.Digest == digest
            && image.Image.Repository.Name == reference.Repository);

    internal void Add(PodSandbox sandbox)
    {
        _sandboxes.Add(sandbox.Id, sandbox);
        if (!_byPod.TryGetValue(sandbox.Config.Uid, out var siblings))
        {
            _byPod.Add(sandbox.Config.Uid, siblings = []);
        }

        siblings.Add(sandbox);
        Tell(sandbox);
    }

    internal void Add(Container container)
    {
        _containers.Add(container.Id, container);
        container.Files.Changed += _ => Host.Disk.TellUseChanged();
        container.Sandbox.ContainerList.Add(container);
        Tell(container);
    }

    internal void Add(ContainerImage image)
    {
        _images[image.Reference.ToString()] = new LocalImage(image, [image.Reference.ToString()], Host.World.UtcNow);
        Host.Disk.TellUseChanged();
    }

    internal bool Remove(ImageReference reference)
    {
        var isThere = _images.Remove(reference.ToString());
        Host.Disk.TellUseChanged();
        return isThere;
    }

    internal void Remove(Container container)
    {
        _containers.Remove(container.Id);
        container.Sandbox.ContainerList.Remove(container);
        Host.World.Trace.RecordFact(Host.Name, "container", container.Id, null);
        Changed?.Invoke(container.Sandbox);
    }

    internal void Remove(PodSandbox sandbox)
    {
        _sandboxes.Remove(sandbox.Id);
        if (_byPod.TryGetValue(sandbox.Config.Uid, out var siblings) && siblings.Remove(sandbox) && siblings.Count == 0)
        {
            _byPod.Remove(sandbox.Config.Uid);
        }

        Changed?.Invoke(sandbox);
    }

    /// <summary>A container's process has written something.</summary>
    internal void Write(Container container, string text, bool isError)
    {
        container.Write(text, isError);
        if (container.LogPath.Length > 0)
        {
            Host.Files.Touch(container.LogPath);
            LogGrew?.Invoke(container);
        }
    }

    internal void Tell(Container container)
    {
        Host.World.Trace.RecordFact(Host.Name, "container", container.Id, container.ToFact());
        container.Changed.Raise();
        Changed?.Invoke(container.Sandbox);
    }

    internal void Tell(PodSandbox sandbox) => Changed?.Invoke(sandbox);

    /// <summary>Notes that a container has ended. Whatever it started ends with its process 1.</summary>
    internal void MarkExited(Container container, int exitCode, string? reason = null)
    {
        if (container.State == ContainerState.Exited)
        {
            return;
        }

        container.State = ContainerState.Exited;
        container.FinishedAt = Host.World.UtcNow;
        container.ExitCode = exitCode;
        container.Reason = reason
            ?? (container.WasKilledForMemory ? "OOMKilled" : exitCode == 0 ? "Completed" : "Error");
        KillLeftovers(container);
        container.Log.Close();
        Tell(container);
    }

    // The images, each once whatever its names, and what containers wrote into layers of their own.
    private long UsedDisk()
    {
        var sum = 0L;
        foreach (var image in _images.Values.DistinctBy(image => image.Image.Digest))
        {
            sum += image.Image.DiskBytes;
        }

        foreach (var container in _containers.Values)
        {
            sum += container.Files.BytesBelow("/");
        }

        return sum;
    }

    private void KillLeftovers(Container container)
    {
        foreach (var process in Host.Processes.Running.Where(process => process.ContainerId == container.Id).ToList())
        {
            process.Exit(128 + (int)ProcessSignal.Kill);
        }
    }

    // The memory cgroup of a container: more than its limit, and all of it is killed (memory.oom.group).
    private void OnMemoryChanged(Process process)
    {
        if (process.ContainerId is not { } id || Container(id) is not { State: ContainerState.Running, Config.MemoryLimit: > 0 } container)
        {
            return;
        }

        var used = Host.Processes.Running.Where(each => each.ContainerId == id).Sum(ProcessUsage.ResidentBytes);
        if (used > container.Config.MemoryLimit)
        {
            container.WasKilledForMemory = true;
            KernelLog.OutOfMemory(Host, process, id);
            container.Process?.Send(ProcessSignal.Kill);
        }
    }

    // What ran when the power went is found by containerd, after the boot, without a shim: exit code 255, reason Unknown.
    private void OnPowerChanged(bool isOn)
    {
        if (isOn)
        {
            return;
        }

        foreach (var container in _containers.Values)
        {
            if (container.State == ContainerState.Running)
            {
                MarkExited(container, 255, "Unknown");
            }
        }

        foreach (var sandbox in _sandboxes.Values)
        {
            sandbox.State = SandboxState.NotReady;
            Tell(sandbox);
        }
    }
}
