using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Node;
using KubeLessons.Simulator.Kubelet.Pods;
using KubeLessons.Simulator.Kubelet.Probes;
using KubeLessons.Simulator.Kubelet.Server;
using KubeLessons.Simulator.Kubelet.Status;
using KubeLessons.Simulator.Kubelet.Volumes;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>
/// The kubelet of one node from the start of its process to its end: the parts of pkg/kubelet, put together. Nothing of it outlives
/// the process; what the container runtime and the API hold does, and the next kubelet finds it there.
/// </summary>
internal sealed class NodeKubelet
{
    private readonly Process _self;
    private readonly KubeletSettings _settings;
    private readonly ApiClient _client;
    private readonly Relist _relist;
    private readonly RuntimeHealth _health;
    private readonly Routines _routines;
    private readonly PodEvents _events;
    private readonly PodWorkers _workers;
    private readonly PodStatuses _statuses;
    private readonly MirrorPods _mirrors;
    private readonly StaticPods _staticPods;
    private readonly NodeReporter _reporter;
    private readonly NodeLease _lease;
    private readonly KubeletServer _server;
    private readonly ContainerLogRotation _logs;
    private readonly PodEviction _eviction;
    private readonly Informer _node;
    private readonly Informer _pods;
    private readonly Informer _services;

    public NodeKubelet(Process self, ApiClient client, KubeletSettings settings)
    {
        (_self, _client, _settings) = (self, client, settings);
        var host = self.Host;
        var version = settings.Version;
        var runtime = new RuntimeConnection(self, version);
        _routines = new Routines(self);
        _logs = new ContainerLogRotation(self, runtime, settings);
        _relist = new Relist(self, runtime);
        _events = new PodEvents(self, client, host.Name);
        _statuses = new PodStatuses(self, client);
        _mirrors = new MirrorPods(client, host.Name);
        _staticPods = new StaticPods(self, settings.StaticPodPath);
        var health = _health = new RuntimeHealth(self, runtime, _relist, version);
        var http = new HttpProber(self, version.ToString());
        var probes = new ContainerProbes(self, _relist, runtime, http, _events, _routines);
        var reasons = new WaitingReasons();
        var hooks = new LifecycleHooks(self, runtime, _events, http, version);
        var stopper = new ContainerStopper(self, runtime, _events, hooks, _routines, version);
        var images = new ImagePuller(self, runtime, _events, version);
        var sandboxes = new SandboxConfigs(host, settings);
        var objects = new ReferencedObjects(self, client);
        var tokens = new ServiceAccountTokens(client);
        var fields = new PodFields(host, _statuses.Get);
        var sources = new VolumeSources(self, client);
        var volumes = new PodVolumes(self, _events, objects, tokens, new VolumeFiles(objects, tokens, fields), sources, version);
        _services = new Informer(self, client, ResourcePath.Core("services"));
        var configs = new ContainerConfigs(self, new ContainerEnvironment(_services, objects, fields), objects, volumes, sandboxes);
        var starter = new ContainerStarter(self, runtime, _events, images, reasons, configs, version) { Hooks = hooks };
        var builder = new PodStatusBuilder(self.World, version, host.Address, new ContainerStatuses(version, reasons, probes));
        _workers = new PodWorkers(self, runtime, _relist, _routines)
        {
            Syncer = new PodSync(
                runtime, _relist, builder, _statuses, _events, health, new PodActionPlanner(probes, probes.Fault),
                sandboxes, starter, stopper, probes, volumes),
            Stopper = stopper,
            Starter = starter,
            Probes = probes,
            Volumes = volumes,
            Builder = builder,
            Admission = new PodAdmission(Node, () => _reporter!.Pressure, version),
            Events = _events,
            Statuses = _statuses,
        };
        _reporter = new NodeReporter(self, client, new NodeDescription(host, settings, runtime), health, runtime, _events);
        _eviction = new PodEviction(self, _workers, _reporter, _events, new ImageGarbage(self, runtime, _events, settings), settings);
        _node = new Informer(self, client, ResourcePath.Core("nodes"), "metadata.name=" + host.Name);
        _lease = new NodeLease(self, client, host.Name);
        _lease.Resumed += _reporter.ReportAtNextTick;
        _pods = new Informer(self, client, ResourcePath.Core("pods"), "spec.nodeName=" + host.Name);
        probes.Changed += _workers.Wake;
        _relist.Changed += probes.Stir;
        var fabric = self.Network.Fabric;
        fabric.Changed += probes.WakeAll;
        fabric.Changed += _lease.CheckAtNextRenewal;
        self.OnExit(() =>
        {
            fabric.Changed -= probes.WakeAll;
            fabric.Changed -= _lease.CheckAtNextRenewal;
        });
        _server = new KubeletServer(self, runtime, _routines, FindPod, _statuses.Get);
        Connect();
    }

    public void Start()
    {
        KubeletLog.Info(_self, $"\"Kubelet version\" kubeletVersion=\"{_settings.Version.GitVersion}\"");
        KubeletLog.Info(_self, "\"Starting kubelet main sync loop\"");
        new NodeChains(_self, _settings.Version).Start();
        _server.Start(_settings.Port);
        _relist.Start();
        _logs.Watch();
        _staticPods.Look();
        _reporter.Start();
        _routines.Start(_lease.Run());
        _node.Start();
        _services.Start();
        _pods.Start();
        _routines.Start(KeepHouse());
    }

    private void Connect()
    {
        _pods.Changed += OnPodChanged;
        _staticPods.Changed += OnManifestChanged;
        _statuses.MirrorUid = _mirrors.UidOf;
        _workers.IsHalted = () => _health.HaltsPods;
        _workers.BeforeSync = pod => !pod.IsStatic || _mirrors.Ensure(pod);
        _reporter.Registered += () =>
        {
            _mirrors.NodeUid = _reporter.NodeUid;
            _lease.Owner = Doc.Obj(("apiVersion", "v1"), ("kind", "Node"), ("name", _self.Host.Name), ("uid", _reporter.NodeUid));
            foreach (var pod in _staticPods.All)
            {
                _workers.Wake(pod.Uid);
            }
        };
    }

    // Once the API's and the folder's pods are known, everything else that runs here is to go, and so are mirrors of nothing.
    private IEnumerable<Wait> KeepHouse()
    {
        yield return Wait.Call(_relist.WaitForNewerThan(TimeSpan.MinValue));
        _reporter.ReportNow();
        while (!_pods.HasSynced)
        {
            yield return Wait.For(KubeletTimes.Housekeeping);
        }

        yield return Wait.For(KubeletTimes.Housekeeping);
        _workers.StopOrphans();
        yield return Wait.Call(DeleteLeftMirrors());

        // Later ones appear with a listing, such as after the runtime was away (pkg/kubelet: HandlePodCleanups).
        while (true)
        {
            yield return Wait.On(_relist.Done);
            if (_workers.HasOrphans())
            {
                yield return Wait.For(KubeletTimes.Housekeeping);
                _workers.StopOrphans();
            }
        }
    }

    // Housekeeping, as long as the API does not let mirrors go whose manifests have.
    private IEnumerable<Wait> DeleteLeftMirrors()
    {
        while (!_mirrors.DeleteUnless(mirror => _staticPods.All.Any(pod => StandsFor(mirror, pod))))
        {
            yield return Wait.For(KubeletTimes.Housekeeping);
        }
    }

    private void OnPodChanged(Doc? before, Doc? after)
    {
        var doc = after ?? before!;
        var pod = new PodObject(doc, PodSource.Api);
        if (pod.IsMirror)
        {
            OnMirrorChanged(pod, after);
            return;
        }

        // A pod of the same name came in the place of one whose end was missed: both are told apart by their UIDs.
        if (before?.Text("metadata", "uid") is { } oldUid && oldUid != after?.Text("metadata", "uid"))
        {
            _workers.Remove(oldUid);
        }

        if (after is null)
        {
            return;
        }

        _statuses.Update(pod);
        if (before is null || before.Text("metadata", "uid") != pod.Uid || DiffersForKubelet(before, after))
        {
            _workers.Update(pod);
        }
    }

    private void OnMirrorChanged(PodObject mirror, Doc? after)
    {
        _mirrors.Note(mirror.Namespace, mirror.Name, after);
        if (_staticPods.All.FirstOrDefault(pod => pod.Name == mirror.Name && pod.Namespace == mirror.Namespace) is { } pod)
        {
            if (_mirrors.UidOf(pod) is null || mirror.IsBeingDeleted)
            {
                _workers.Wake(pod.Uid);
            }

            _statuses.Retry(pod.Uid);
        }
        else if (after is not null && _pods.HasSynced)
        {
            _mirrors.DeleteUnless(each => each != after);
        }
    }

    private void OnManifestChanged(PodObject? before, PodObject? after)
    {
        if (before is not null)
        {
            _workers.Remove(before.Uid);
            if (after is null && !_mirrors.DeleteUnless(mirror => !StandsFor(mirror, before)))
            {
                _routines.Start(DeleteLeftMirrors());
            }
        }

        if (after is not null)
        {
            _workers.Update(after);
        }
    }

    // What the API says of the node; until it has said something, what the node says of itself.
    private Doc Node() => _node.Get("", _self.Host.Name) ?? _reporter.Description;

    private PodObject? FindPod(string ns, string name)
    {
        foreach (var worker in _workers.All)
        {
            if (worker.Pod is { } pod && pod.Name == name && pod.Namespace == ns && !worker.IsRemoved)
            {
                return pod;
            }
        }

        return null;
    }

    private static bool StandsFor(Doc mirror, PodObject pod) =>
        mirror.Text("metadata", "name") == pod.Name && mirror.Text("metadata", "namespace") == pod.Namespace;

    // Of its own status updates, and others' conditions, a kubelet does not make a sync (pkg/kubelet/config: podsDifferSemantically).
    private static bool DiffersForKubelet(Doc before, Doc after) =>
        !Equals(before["spec"], after["spec"])
        || !Equals(before.At("metadata", "labels"), after.At("metadata", "labels"))
        || !Equals(before.At("metadata", "annotations"), after.At("metadata", "annotations"))
        || !Equals(before.At("metadata", "deletionTimestamp"), after.At("metadata", "deletionTimestamp"))
        || !Equals(before.At("metadata", "deletionGracePeriodSeconds"), after.At("metadata", "deletionGracePeriodSeconds"));
}
