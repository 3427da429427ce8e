using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Pods;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Volumes;

/// <summary>How the mounting of a pod's volumes went.</summary>
internal sealed class MountOutcome
{
    public string? Error { get; set; }
}

/// <summary>A volume of a pod that is there: a tree, or the part of one.</summary>
/// <param name="Tree">The file system.</param>
/// <param name="Root">The part of it.</param>
/// <param name="HostPath">Where it is seen on the node.</param>
internal sealed record MountedVolume(FileSystem Tree, string Root, string HostPath)
{
    /// <summary>Its files come from the API: they are brought up to date, and nobody else may write them.</summary>
    public bool IsFromApi { get; init; }
}

/// <summary>
/// The volumes of a kubelet's pods (pkg/kubelet/volumemanager): mounted before the first container starts, each tried again with
/// back-off until it is there; files from ConfigMaps and Secrets follow their objects with the pod's next periodic sync.
/// </summary>
internal sealed class PodVolumes
{
    /// <summary>A sync waits this long for volumes (pkg/kubelet/volumemanager: podAttachAndMountTimeout).</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(123);

    private static readonly TimeSpan _firstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _longestRetry = TimeSpan.FromSeconds(122);
    private static readonly TimeSpan _cacheWait = TimeSpan.FromMilliseconds(5);

    private readonly Process _self;
    private readonly PodEvents _events;
    private readonly ReferencedObjects _objects;
    private readonly ServiceAccountTokens _tokens;
    private readonly VolumeFiles _content;
    private readonly VolumeSources _sources;
    private readonly KubernetesVersion _version;
    private readonly SeededRandom _random;
    private readonly SortedDictionary<string, PodMounts> _byPod = new(StringComparer.Ordinal);

    public PodVolumes(
        Process self, PodEvents events, ReferencedObjects objects, ServiceAccountTokens tokens, VolumeFiles content, VolumeSources sources, KubernetesVersion version)
    {
        (_self, _events, _objects, _tokens, _content, _sources, _version) = (self, events, objects, tokens, content, sources, version);
        _random = self.World.RandomFor($"volumes/{self.Host.Name}/{self.Id}");
        objects.Changed += OnObjectChanged;
    }

    public IEnumerable<Wait> Mount(PodObject pod, MountOutcome outcome)
    {
        var mounts = Mounts(pod);
        var (deadline, retry) = (_self.World.Now + Patience, _firstRetry);
        if (WatchReferences(pod) > 0)
        {
            yield return Wait.For(_cacheWait);
        }

        while (true)
        {
            var failures = MountMissing(pod, mounts);
            if (failures.Count == 0)
            {
                yield break;
            }

            foreach (var (volume, error) in failures)
            {
                _events.OfPod(pod, "Warning", "FailedMount", $"MountVolume.SetUp failed for volume \"{volume}\" : {error}");
            }

            if (_self.World.Now + retry >= deadline)
            {
                yield return Wait.For(deadline - _self.World.Now);
                outcome.Error = TimedOut(failures);
                yield break;
            }

            yield return Wait.For(retry);
            retry = retry * 2 < _longestRetry ? retry * 2 : _longestRetry;
        }
    }

    /// <summary>What a container is to see of its pod's volumes, or why that cannot be.</summary>
    public (ImmutableArray<ContainerMount> Mounts, string? Error) MountsOf(PodObject pod, ContainerSpec container, Func<string, string> expand)
    {
        var mounts = ImmutableArray.CreateBuilder<ContainerMount>();
        foreach (var wanted in container.Doc.List("volumeMounts"))
        {
            var name = wanted.Text("name") ?? "";
            if (Mounts(pod).ByName.GetValueOrDefault(name) is not { } volume)
            {
                return ([], $"cannot find volume \"{name}\" to mount into container \"{container.Name}\"");
            }

            var path = wanted.Text("mountPath") ?? "/";
            var isReadOnly = wanted.Flag("readOnly") == true || volume.IsFromApi;
            var part = wanted.Text("subPathExpr") is { Length: > 0 } expression ? expand(expression) : wanted.Text("subPath") ?? "";
            var mount = part.Length == 0
                ? new ContainerMount(path, volume.Tree, volume.Root) { HostPath = volume.HostPath }
                : PartOf(volume, path, part) with { HostPath = $"{volume.HostPath}/{part}" };
            mounts.Add(mount with { IsReadOnly = isReadOnly });
        }

        return (mounts.ToImmutable(), null);
    }

    public void Unmount(PodObject pod)
    {
        _byPod.Remove(pod.Uid);
        _tokens.Forget(pod.Uid);
    }

    /// <summary>Removes all that lies on the node for a pod that is gone.</summary>
    public static void Clean(Host host, string uid)
    {
        var directory = KubeletPaths.Pod(uid);
        foreach (var mount in host.Files.Mounts.Where(mount => mount.Path.StartsWith(directory + "/", StringComparison.Ordinal)).ToList())
        {
            host.Files.Unmount(mount.Path);
        }

        host.Files.Remove(directory);
    }

    private PodMounts Mounts(PodObject pod)
    {
        if (!_byPod.TryGetValue(pod.Uid, out var mounts))
        {
            _byPod.Add(pod.Uid, mounts = new PodMounts(_self.World.Now, KubernetesConstants.SyncFrequency * (1 + (0.5 * _random.NextDouble()))));
        }

        mounts.Pod = pod;
        return mounts;
    }

    private int WatchReferences(PodObject pod)
    {
        var unknown = 0;
        foreach (var volume in pod.Doc.List("spec", "volumes"))
        {
            foreach (var (plural, name) in VolumeFiles.References(volume))
            {
                unknown += _objects.Watch(plural, pod.Namespace, name) ? 0 : 1;
            }
        }

        return unknown;
    }

    private List<(string Volume, string Error)> MountMissing(PodObject pod, PodMounts mounts)
    {
        var failures = new List<(string, string)>();
        foreach (var volume in pod.Doc.List("spec", "volumes"))
        {
            var name = volume.Text("name") ?? "";
            if (mounts.ByName.ContainsKey(name))
            {
                continue;
            }

            var (mounted, error) = MountOne(pod, volume);
            if (mounted is null)
            {
                failures.Add((name, error!));
            }
            else
            {
                mounts.ByName.Add(name, mounted);
            }
        }

        return failures;
    }

    private (MountedVolume? Volume, string? Error) MountOne(PodObject pod, Doc volume)
    {
        if (_content.Of(pod, volume) is not { } content)
        {
            return _sources.Mount(pod, volume);
        }

        if (content.Error is { } error)
        {
            return (null, error);
        }

        // A ConfigMap's files lie on the disk; what may be secret is kept in memory.
        var plugin = volume["configMap"] is not null ? "configmap" : volume["secret"] is not null ? "secret" : volume["projected"] is not null ? "projected" : "downward-api";
        var place = KubeletPaths.Volume(pod.Uid, "kubernetes.io~" + plugin, volume.Text("name") ?? "");
        var mounted = plugin == "configmap"
            ? new MountedVolume(_self.Host.Files, place, place) { IsFromApi = true }
            : new MountedVolume(VolumeSources.MemoryAt(_self, place), "/", place) { IsFromApi = true };
        AtomicFiles.Write(_self.World, mounted.Tree, mounted.Root, content.Files);
        return (mounted, null);
    }

    // A part of a volume from the API is a copy: it stays as it was when the container started.
    private ContainerMount PartOf(MountedVolume volume, string path, string part)
    {
        var root = FileSystem.Resolve(volume.Root, part);
        if (!volume.IsFromApi)
        {
            if (!volume.Tree.Exists(root))
            {
                volume.Tree.MakeDirectories(root);
            }

            return new ContainerMount(path, volume.Tree, root);
        }

        var copy = new FileSystem(_self.World);
        if (volume.Tree.Read(root) is { } content)
        {
            copy.Write("/part", content, volume.Tree.Find(root)!.Mode);
            return new ContainerMount(path, copy, "/part");
        }

        // A key that is not there is a directory that the kubelet makes, empty.
        copy.MakeDirectories("/part");
        foreach (var name in volume.Tree.IsDirectory(root) ? volume.Tree.List(root) : [])
        {
            if (volume.Tree.Read($"{root}/{name}") is { } text)
            {
                copy.Write($"/part/{name}", text, volume.Tree.Find($"{root}/{name}")!.Mode);
            }
        }

        return new ContainerMount(path, copy, "/part");
    }

    private string TimedOut(List<(string Volume, string Error)> failures)
    {
        var names = string.Join(", ", failures.Select(failure => failure.Volume));
        return _version.Minor >= 28
            ? $"Unable to attach or mount volumes: unmounted volumes=[{names}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded"
            : $"Unable to attach or mount volumes: unmounted volumes=[{names}], unattached volumes=[{names}]: timed out waiting for the condition";
    }

    private void OnObjectChanged(string plural, string ns, string name)
    {
        foreach (var mounts in _byPod.Values)
        {
            var pod = mounts.Pod!;
            if (pod.Namespace == ns && !mounts.RefreshPlanned && pod.Doc.List("spec", "volumes").Any(volume => VolumeFiles.References(volume).Contains((plural, name))))
            {
                mounts.RefreshPlanned = true;
                var periods = ((_self.World.Now - mounts.Since).Ticks / mounts.Period.Ticks) + 1;
                _self.After(mounts.Since + (mounts.Period * periods) - _self.World.Now, () => Refresh(mounts));
            }
        }
    }

    private void Refresh(PodMounts mounts)
    {
        mounts.RefreshPlanned = false;
        foreach (var volume in mounts.Pod!.Doc.List("spec", "volumes"))
        {
            if (mounts.ByName.GetValueOrDefault(volume.Text("name") ?? "") is { IsFromApi: true } mounted
                && _content.Of(mounts.Pod, volume) is { Error: null } content)
            {
                AtomicFiles.Write(_self.World, mounted.Tree, mounted.Root, content.Files);
            }
        }
    }

    private sealed class PodMounts(TimeSpan since, TimeSpan period)
    {
        /// <summary>The pod's periodic syncs are counted from here.</summary>
        public TimeSpan Since => since;

        public TimeSpan Period => period;

        public PodObject? Pod { get; set; }

        public Dictionary<string, MountedVolume> ByName { get; } = new(StringComparer.Ordinal);

        public bool RefreshPlanned { get; set; }
    }
}
