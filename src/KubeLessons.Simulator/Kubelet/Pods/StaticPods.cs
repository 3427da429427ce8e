using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Pods;

/// <summary>
/// The pods whose manifests lie in a folder of the node (pkg/kubelet/config: file source). A change is noticed by inotify within a
/// second, or by the look that is taken every 20 s.
/// </summary>
internal sealed class StaticPods
{
    public const string SourceAnnotation = "kubernetes.io/config.source";
    public const string HashAnnotation = "kubernetes.io/config.hash";
    public const string SeenAnnotation = "kubernetes.io/config.seen";
    public const string MirrorAnnotation = "kubernetes.io/config.mirror";

    /// <summary>From a change of a file until its pod is known.</summary>
    public static readonly TimeSpan NoticeLatency = TimeSpan.FromMilliseconds(500);

    private readonly Process _self;
    private readonly string _folder;
    private readonly SortedDictionary<string, PodObject> _byFile = new(StringComparer.Ordinal);
    private readonly TimeSpan _from;
    private bool _lookPlanned;

    public StaticPods(Process self, string folder)
    {
        (_self, _folder, _from) = (self, folder.TrimEnd('/'), self.World.Now);
        self.Host.Files.Changed += OnFileChanged;
        self.OnExit(() => self.Host.Files.Changed -= OnFileChanged);
    }

    /// <summary>Called with (before, after) for every manifest that appeared, changed or vanished.</summary>
    public event Action<PodObject?, PodObject?>? Changed;

    public IEnumerable<PodObject> All => _byFile.Values;

    /// <summary>Reads the folder.</summary>
    public void Look() => Look(isRegular: false);

    private void Look(bool isRegular)
    {
        _lookPlanned = false;
        var files = _self.Files;
        var names = files.List(_folder).Where(name => !name.StartsWith('.')).ToList();
        foreach (var gone in _byFile.Keys.Except(names, StringComparer.Ordinal).ToList())
        {
            var before = _byFile[gone];
            _byFile.Remove(gone);
            Changed?.Invoke(before, null);
        }

        foreach (var name in names)
        {
            if (files.Read($"{_folder}/{name}") is { } text)
            {
                Take(name, text, isRegular);
            }
        }
    }

    private void Take(string file, string text, bool isRegular)
    {
        var path = $"{_folder}/{file}";
        if (!DocYaml.TryParse(text, out var manifest, out var error) || manifest is not DocObject || manifest.Text("kind") != "Pod")
        {
            var why = error ?? $"invalid pod: {manifest}";
            KubeletLog.Error(_self, $"\"Could not process manifest file\" err=\"{path}: couldn't parse as pod({why}), please check config file\" path=\"{path}\"");
            Drop(file, isRegular);
            return;
        }

        var before = _byFile.GetValueOrDefault(file);
        var pod = Make(manifest, path, before);
        if (before?.Uid != pod.Uid)
        {
            _byFile[file] = pod;
            Changed?.Invoke(before, pod);
        }
    }

    // A manifest that cannot be read any more: the notification changes nothing, but the next regular look finds the pod missing.
    private void Drop(string file, bool isRegular)
    {
        if (!_byFile.TryGetValue(file, out var before))
        {
            return;
        }

        if (isRegular)
        {
            _byFile.Remove(file);
            Changed?.Invoke(before, null);
            return;
        }

        var period = KubernetesConstants.FileCheckFrequency;
        var tick = _from + (period * (((_self.World.Now - _from).Ticks / period.Ticks) + 1));
        _self.After(tick - _self.World.Now, () => Look(isRegular: true));
    }

    /// <summary>
    /// The pod of a manifest: its UID is a hash of manifest, node and file; its name ends with the node's; it stays on the node
    /// whatever the node's taints (pkg/kubelet/config/common.go: applyDefaults).
    /// </summary>
    private PodObject Make(Doc manifest, string path, PodObject? before)
    {
        var node = _self.Host.Name;
        var hash = new SeededRandom(SeededRandom.Hash($"host:{node}file:{path}{manifest}")).NextHex(32);
        var uid = manifest.Text("metadata", "uid") is { Length: > 0 } set ? set : hash;
        var seen = before?.Uid == uid
            ? before.Doc.Text("metadata", "annotations", SeenAnnotation)!
            : _self.World.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", null);
        var toleration = Doc.Obj(("operator", "Exists"), ("effect", "NoExecute"));
        var doc = manifest
            .With($"{manifest.Text("metadata", "name")}-{node.ToLowerInvariant()}", "metadata", "name")
            .With(manifest.Text("metadata", "namespace") is { Length: > 0 } ns ? ns : "default", "metadata", "namespace")
            .With(uid, "metadata", "uid")
            .With(hash, "metadata", "annotations", HashAnnotation)
            .With(seen, "metadata", "annotations", SeenAnnotation)
            .With("file", "metadata", "annotations", SourceAnnotation)
            .With(node, "spec", "nodeName")
            .With(Doc.Arr(manifest.List("spec", "tolerations").Append(toleration)), "spec", "tolerations")
            .With(Doc.Obj(("phase", "Pending")), "status");
        return new PodObject(doc, PodSource.File);
    }

    private void OnFileChanged(string path)
    {
        if (!_lookPlanned && (path == _folder || path.StartsWith(_folder + "/", StringComparison.Ordinal)))
        {
            _lookPlanned = true;
            _self.After(NoticeLatency, Look);
        }
    }
}
