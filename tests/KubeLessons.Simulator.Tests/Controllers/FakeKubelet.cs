using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Tests.Controllers;

/// <summary>
/// A kubelet by script: it registers its node, renews its lease, calls every pod Running and Ready after a second and lets
/// deleted pods go after another. When it is stopped, its pods are left as they are.
/// </summary>
internal sealed class FakeKubelet
{
    private static readonly TimeSpan Work = TimeSpan.FromSeconds(1);

    private readonly SimulatedControlPlane _cluster;
    private readonly Host _host;
    private readonly HashSet<string> _busy = [];
    private Process? _process;
    private ApiClient? _client;
    private int _addresses;

    public FakeKubelet(SimulatedControlPlane cluster, string node, string cpu)
    {
        (_cluster, Node, Cpu) = (cluster, node, cpu);
        _host = new Host(cluster.World, node, $"192.168.1.{101 + cluster.Kubelets.Count}");
    }

    public string Node { get; }

    public string Cpu { get; }

    public Doc? Labels { get; init; }

    public Doc? Taints { get; init; }

    /// <summary>Images whose containers never become ready.</summary>
    public string BrokenImage { get; set; } = "broken";

    /// <summary>Images whose containers run to their end at once.</summary>
    public string FinishingImage { get; set; } = "finishing";

    /// <summary>Images whose containers fail at once.</summary>
    public string FailingImage { get; set; } = "failing";

    public bool IsRunning => _process is { HasExited: false };

    public void Start() => _process = _host.Processes.Start(new ProcessStart(["kubelet"], Main));

    public void Stop() => _process!.Exit(0);

    private IEnumerable<Wait> Main(Process self)
    {
        _busy.Clear();
        _client = _cluster.NewClient("kubelet", Node);
        Register();
        var (beat, _) = _client.StartHeartbeat(LeaseRenewal.OfNode(Node));
        var informer = new Informer(self, _client, ResourcePath.Core("pods"), $"spec.nodeName={Node}");
        informer.Changed += (_, pod) => Follow(self, pod);
        informer.Start();
        try
        {
            yield return Wait.Forever;
        }
        finally
        {
            beat?.Settle();
            informer.Stop();
        }
    }

    private void Register()
    {
        var now = SimulatedControlPlane.Time(_cluster.World.UtcNow);
        var status = Doc.Obj(
            ("capacity", Capacity()),
            ("allocatable", Capacity()),
            ("conditions", Doc.Arr(
                Condition("MemoryPressure", "False", "KubeletHasSufficientMemory", now),
                Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", now),
                Condition("PIDPressure", "False", "KubeletHasSufficientPID", now),
                Condition("Ready", "True", "KubeletReady", now))));
        var reply = _client!.Send(ApiRequest.Get(ResourcePath.Core("nodes"), "", Node));
        if (!reply.IsSuccess)
        {
            var labels = Doc.Map(new Dictionary<string, string> { ["kubernetes.io/hostname"] = Node });
            foreach (var (key, value) in Labels?.Fields ?? [])
            {
                labels = (DocObject)labels.With(value, key);
            }

            reply = _client.Send(ApiRequest.Create(ResourcePath.Core("nodes"), "", Doc.Obj(
                ("metadata", Doc.Obj(("name", Node), ("labels", labels))),
                ("spec", Doc.Obj(("taints", Taints))))));
            reply.IsSuccess.ShouldBeTrue(reply.Response?.Message);
        }

        reply = _client.Send(ApiRequest.Update(ResourcePath.Core("nodes"), reply.Response!.Body.With(status, "status"), "status"));
        reply.IsSuccess.ShouldBeTrue(reply.Response?.Message);
    }

    private Doc Capacity() => Doc.Obj(("cpu", Cpu), ("memory", "4Gi"), ("pods", "110"), ("ephemeral-storage", "40Gi"));

    private static Doc Condition(string type, string status, string reason, string now) => Doc.Obj(
        ("type", type), ("status", status), ("lastHeartbeatTime", now), ("lastTransitionTime", now), ("reason", reason), ("message", reason));

    private void Follow(Process self, Doc? pod)
    {
        if (pod is null || !_busy.Add(pod.Text("metadata", "uid")!))
        {
            return;
        }

        self.After(Work, () =>
        {
            _busy.Remove(pod.Text("metadata", "uid")!);
            Act(self, pod.Text("metadata", "namespace")!, pod.Text("metadata", "name")!, pod.Text("metadata", "uid")!);
        });
    }

    private void Act(Process self, string ns, string name, string uid)
    {
        var reply = _client!.Send(ApiRequest.Get(ResourcePath.Core("pods"), ns, name));
        if (!reply.IsSuccess || reply.Response!.Body is not { } pod || pod.Text("metadata", "uid") != uid)
        {
            return;
        }

        if (pod.Text("metadata", "deletionTimestamp") is not null)
        {
            _client.Send(ApiRequest.Delete(ResourcePath.Core("pods"), ns, name) with
            {
                Options = new ApiOptions { GracePeriodSeconds = 0, PreconditionUid = uid },
            });
            return;
        }

        if (Settled(pod))
        {
            return;
        }

        if (!_client.Send(ApiRequest.Update(ResourcePath.Core("pods"), WithStatus(pod), "status")).IsSuccess)
        {
            Follow(self, pod);
        }
    }

    private bool Settled(Doc pod)
    {
        var wanted = WithStatus(pod);
        return wanted.Text("status", "phase") == pod.Text("status", "phase")
            && ReadyOf(wanted) == ReadyOf(pod);
    }

    private static string? ReadyOf(Doc pod) =>
        pod.List("status", "conditions").FirstOrDefault(static each => each.Text("type") == "Ready")?.Text("status");

    private Doc WithStatus(Doc pod)
    {
        var now = SimulatedControlPlane.Time(_cluster.World.UtcNow);
        var image = pod.List("spec", "containers")[0].Text("image");
        var phase = image == FinishingImage ? "Succeeded" : image == FailingImage ? "Failed" : "Running";
        var ready = phase == "Running" && image != BrokenImage ? "True" : "False";
        var scheduled = pod.List("status", "conditions").FirstOrDefault(static each => each.Text("type") == "PodScheduled");
        Doc[] conditions =
        [
            Doc.Obj(("type", "Ready"), ("status", ready), ("lastTransitionTime", now)),
            Doc.Obj(("type", "ContainersReady"), ("status", ready), ("lastTransitionTime", now)),
        ];
        return pod.With(Doc.Obj(
            ("phase", phase),
            ("podIP", pod.Text("status", "podIP") ?? $"172.16.{_host.Address.Split('.')[3]}.{2 + _addresses++}"),
            ("startTime", pod.Text("status", "startTime") ?? now),
            ("conditions", Doc.Arr(scheduled is null ? conditions : [.. conditions, scheduled]))), "status");
    }
}
