using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Node;

/// <summary>
/// Registers the node and keeps its status (pkg/kubelet: kubelet_node_status.go): worked out every 10 s, posted when something but
/// the heartbeat times changed. A tick at which nothing can have changed costs no turn; heartbeats are the API's
/// <see cref="Heartbeats"/>.
/// </summary>
internal sealed class NodeReporter
{
    private static readonly ResourcePath _nodes = ResourcePath.Core("nodes");
    private static readonly TimeSpan _firstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestRetry = TimeSpan.FromSeconds(7);

    private readonly Process _self;
    private readonly ApiClient _client;
    private readonly NodeDescription _description;
    private readonly RuntimeHealth _health;
    private readonly RuntimeConnection _runtime;
    private readonly PodEvents _events;
    private readonly TimeSpan _from;
    private TimeSpan _retry = _firstRetry;
    private Turn? _next;
    private bool _hasReportedBoot;

    public NodeReporter(
        Process self, ApiClient client, NodeDescription description, RuntimeHealth health, RuntimeConnection runtime, PodEvents events)
    {
        (_self, _client, _description, _health, _runtime, _events, _from) = (self, client, description, health, runtime, events, self.World.Now);
        runtime.Changed += ReportAtNextTick;
        self.Host.Files.Changed += OnFileChanged;
        self.OnExit(() => self.Host.Files.Changed -= OnFileChanged);
    }

    /// <summary>The node as its kubelet describes it.</summary>
    public Doc Description => _description.NewNode().With(_description.Status(Doc.Empty), "status");

    /// <summary>The node's UID, once it is registered.</summary>
    public string? NodeUid { get; private set; }

    /// <summary>Called once the node is registered.</summary>
    public event Action? Registered;

    /// <summary>What the node lacks; set by the eviction manager.</summary>
    public NodePressure Pressure { get; private set; } = new(false, false, false);

    public void Start()
    {
        _events.OfNode("Normal", "Starting", "Starting kubelet.");
        _events.OfNode("Normal", "NodeAllocatableEnforced", "Updated Node Allocatable limit across pods");
        NodeConditions.Of([], _health.Errors, Pressure, _self.World.UtcNow, word =>
        {
            if (word != "NodeReady")
            {
                Tell(word);
            }
        });
        Register();
    }

    public void SetPressure(NodePressure pressure)
    {
        if (pressure != Pressure)
        {
            Pressure = pressure;
            ReportAtNextTick();
        }
    }

    /// <summary>The runtime was listed for the first time: the node may be ready, which is posted at once (fastStatusUpdateOnce).</summary>
    public void ReportNow()
    {
        if (NodeUid is not null)
        {
            Report();
        }
    }

    public void ReportAtNextTick()
    {
        if (_self.HasExited || NodeUid is null || _next is { IsCancelled: false })
        {
            return;
        }

        var period = KubernetesConstants.NodeStatusUpdateFrequency;
        var tick = _from + (period * (((_self.World.Now - _from).Ticks / period.Ticks) + 1));
        _next = _self.After(tick - _self.World.Now, Report);
    }

    private void Register()
    {
        var status = Doc.Obj(("conditions", Conditions([], null)));
        var node = _description.NewNode().With(_description.Status(status), "status");
        var reply = _client.Send(ApiRequest.Create(_nodes, "", node));
        if (reply is { IsSuccess: false, Reason: "AlreadyExists" })
        {
            reply = Adopt();
        }

        if (!reply.IsSuccess)
        {
            KubeletLog.Error(_self, $"\"Unable to register node with API server\" err=\"{KubeletLog.Describe(reply)}\" node=\"{_description.Name}\"");
            _self.After(reply.Takes + _retry, Register);
            _retry = _retry * 2 < _longestRetry ? _retry * 2 : _longestRetry;
            return;
        }

        NodeUid = reply.Response!.Body.Text("metadata", "uid");
        KubeletLog.Info(_self, $"\"Successfully registered node\" node=\"{_description.Name}\"");
        Registered?.Invoke();
        Report();
    }

    // The node is there from an earlier run: the labels that are the kubelet's own are set right.
    private ApiReply Adopt()
    {
        var reply = _client.Send(ApiRequest.Get(_nodes, "", _description.Name));
        if (!reply.IsSuccess)
        {
            return reply;
        }

        var node = reply.Response!.Body;
        var adopted = node;
        foreach (var (key, value) in _description.Labels())
        {
            adopted = adopted.With(value, "metadata", "labels", key);
        }

        return adopted.Equals(node) ? reply : _client.Send(ApiRequest.Update(_nodes, adopted));
    }

    private void Report()
    {
        _next?.Cancel();
        _next = null;
        var reply = _client.Send(ApiRequest.Get(_nodes, "", _description.Name));
        if (reply.IsSuccess)
        {
            var node = reply.Response!.Body;
            NoteBoot(node);
            var before = node["status"] ?? Doc.Empty;
            var words = new List<string>();
            var after = _description.Status(before).With(Conditions(before.List("conditions"), words), "conditions");
            if (!WithoutHeartbeats(after).Equals(WithoutHeartbeats(before)))
            {
                reply = _client.Send(ApiRequest.Update(_nodes, node.With(after, "status"), "status"));
            }

            if (reply.IsSuccess)
            {
                words.ForEach(Tell);
            }
        }

        if (reply.Response is null)
        {
            KubeletLog.Error(_self, $"\"Error updating node status, will retry\" err=\"error getting node \\\"{_description.Name}\\\": {KubeletLog.Describe(reply)}\"");
        }

        // While something is wrong, what is to be said about it changes with time.
        if (!reply.IsSuccess || _health.IsLost || _health.Errors.Count > 0)
        {
            ReportAtNextTick();
        }
    }

    private DocArray Conditions(System.Collections.Immutable.ImmutableArray<Doc> before, List<string>? words) =>
        NodeConditions.Of(before, _health.Errors, Pressure, _self.World.UtcNow, word => words?.Add(word));

    private void Tell(string word) => _events.OfNode("Normal", word, $"Node {_description.Name} status is now: {word}");

    private void NoteBoot(Doc node)
    {
        var (known, actual) = (node.Text("status", "nodeInfo", "bootID"), _self.Host.Machine.BootId);
        if (!_hasReportedBoot && known is { Length: > 0 } && known != actual)
        {
            _events.OfNode("Warning", "Rebooted", $"Node {_description.Name} has been rebooted, boot id: {actual}");
        }

        _hasReportedBoot = true;
    }

    private static Doc WithoutHeartbeats(Doc status) =>
        status.With(Doc.Arr(status.List("conditions").Select(condition => condition.Without("lastHeartbeatTime"))), "conditions");

    // containerd loads its CNI configuration anew when a file there changes.
    private void OnFileChanged(string path)
    {
        if (path.StartsWith("/etc/cni/net.d", StringComparison.Ordinal))
        {
            ReportAtNextTick();
        }
    }
}
