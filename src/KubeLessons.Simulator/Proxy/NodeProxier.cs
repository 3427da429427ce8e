using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.KubeProxy;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Proxy;

/// <summary>
/// A running kube-proxy in iptables mode (pkg/proxy/iptables): it watches Services and EndpointSlices and, when one of them changed,
/// writes the rules anew. It spends no turn while nothing changes; somebody else's hand in the tables is seen by the canary chain.
/// </summary>
internal sealed class NodeProxier
{
    /// <summary>A full sync comes by itself this long after the tables were touched (pkg/proxy/util: FullSyncPeriod).</summary>
    public static readonly TimeSpan FullSyncPeriod = TimeSpan.FromHours(1);

    /// <summary>How long it waits for the other tables to be flushed, too (pkg/util/iptables: iptablesFlushTimeout).</summary>
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _self;
    private readonly ApiClient _client;
    private readonly ProxyConfiguration _configuration;
    private readonly KubernetesVersion _version;
    private readonly ProxyLog _log;
    private readonly ProxySettings _settings;
    private readonly Informer _services;
    private readonly Informer _slices;
    private readonly SyncRunner _runner;
    private readonly ProxyHealth _health;
    private readonly StaleFlows _staleFlows;
    private readonly TimeSpan _startedAt;
    private bool _isWriting;
    private bool _wasFlushed;
    private Turn? _fullSync;

    public NodeProxier(Process self, ApiClient client, ProxyConfiguration configuration, KubernetesVersion version)
    {
        (_self, _client, _configuration, _version) = (self, client, configuration, version);
        _log = new ProxyLog(self);
        _settings = new ProxySettings(version.Minor)
        {
            ClusterCidr = configuration.ClusterCidr,
            MasqueradeAll = configuration.MasqueradeAll,
            MasqueradeBit = configuration.MasqueradeBit,
            LocalhostNodePorts = configuration.LocalhostNodePorts,
            NodeIp = Ipv4Address.Parse(self.Host.Address),
        };
        _runner = new SyncRunner(self, configuration.MinSyncPeriod, Sync);
        _health = new ProxyHealth(self, configuration, version);
        _staleFlows = new StaleFlows(self);
        _startedAt = self.World.Now;
        _services = new Informer(self, client, Resources.Services);
        _slices = new Informer(self, client, Resources.EndpointSlicesIn(version));
        _services.Changed += OnService;
        _slices.Changed += OnSlice;
        _services.Synced += () => OnSynced("service config");
        _slices.Synced += () => OnSynced("endpoint slice config");
    }

    private NetworkNamespace Node => _self.Network.Stack;

    private bool IsInitialized => _services.HasSynced && _slices.HasSynced;

    public IEnumerable<Wait> Run()
    {
        _log.Info($"server.go:715] \"Successfully retrieved node IP(s)\" IPs=[\"{_self.Host.Address}\"]");
        _log.Info("server_linux.go:145] \"Using iptables Proxier\"");
        _log.Info($"server.go:516] \"Version info\" version=\"{_version.GitVersion}\"");
        // NodePorts on 127.0.0.1 need loopback addresses to be routed.
        if (_configuration.LocalhostNodePorts)
        {
            _self.Host.Kernel.SetSysctl("net.ipv4.conf.all.route_localnet", "1");
        }

        _health.Listen();
        AnnounceStart();
        ProxyTables.EnsureCanaries(Node, ProxyTables.ProxyCanary);
        Node.Netfilter.ChainChanged += OnChainChanged;
        _self.OnExit(() => Node.Netfilter.ChainChanged -= OnChainChanged);
        _services.Start();
        _slices.Start();
        yield return Wait.Forever;
    }

    private void AnnounceStart()
    {
        var node = Doc.Obj(("kind", "Node"), ("name", _configuration.NodeName), ("uid", _configuration.NodeName));
        // The message was left out when events moved to events.k8s.io/v1.
        new EventRecorder(_self, _client, "kube-proxy", _configuration.NodeName)
            .Record(node, "Normal", "Starting", _version.Minor >= 22 ? "" : "Starting kube-proxy.");
    }

    private void OnSynced(string what)
    {
        _log.Info($"shared_informer.go:357] \"Caches are synced\" controller=\"{what}\"");
        if (IsInitialized)
        {
            _runner.Request();
        }
    }

    private void OnService(Doc? before, Doc? after)
    {
        if (IsInitialized && !(Same(before, after, "spec") && Same(before, after, "status") && Same(before, after, "metadata", "labels")))
        {
            RequestSync();
        }
    }

    private void OnSlice(Doc? before, Doc? after)
    {
        if (IsInitialized && !(Same(before, after, "endpoints") && Same(before, after, "ports")))
        {
            RequestSync();
        }
    }

    private static bool Same(Doc? before, Doc? after, params ReadOnlySpan<string> path) =>
        before is not null && after is not null && Equals(before.At(path), after.At(path));

    private void RequestSync()
    {
        _health.Queued();
        _runner.Request();
    }

    private void Sync()
    {
        if (!IsInitialized)
        {
            return;
        }

        var ports = Ports();
        _isWriting = true;
        var error = ProxyTables.Sync(Node, _settings, ports);
        _isWriting = false;
        if (error is not null)
        {
            _log.Error("proxier.go:1507] \"Failed to execute iptables-restore\"", error.TrimEnd('\n'));
            _log.Info($"proxier.go:805] \"Sync failed\" retryingTime=\"{_configuration.SyncPeriod.TotalSeconds}s\"");
            _runner.RequestAfter(_configuration.SyncPeriod);
            return;
        }

        _fullSync?.Cancel();
        _fullSync = null;
        _health.Updated(ports);
        _staleFlows.Forget(ports);
    }

    private List<ProxiedPort> Ports()
    {
        var slices = new Dictionary<ObjectName, List<Doc>>();
        foreach (var slice in _slices.Objects)
        {
            if (slice.Label(ServicePorts.ServiceNameLabel) is { } service && ServicePorts.IsForThisProxy(slice))
            {
                var key = new ObjectName(slice.Namespace(), service);
                if (!slices.TryGetValue(key, out var list))
                {
                    slices.Add(key, list = []);
                }

                list.Add(slice);
            }
        }

        var ports = new List<ProxiedPort>();
        foreach (var service in _services.Objects)
        {
            ports.AddRange(ServicePorts.Of(service, slices.GetValueOrDefault(service.Key(), []), _configuration.NodeName, _version));
        }

        return ports;
    }

    // Somebody else changed the tables. A flush that took the canary is noticed at the next look, anything else by the full sync.
    private void OnChainChanged(string chain, string? rules)
    {
        if (_isWriting || _self.HasExited)
        {
            return;
        }

        _fullSync ??= _self.After(FullSyncPeriod, _runner.Request);
        if (rules is null && chain == "mangle/" + ProxyTables.ProxyCanary && !_wasFlushed)
        {
            _wasFlushed = true;
            var passed = _self.World.Now - _startedAt;
            var looks = Math.Floor(passed / _configuration.SyncPeriod) + 1;
            _self.After(_configuration.SyncPeriod * looks - passed, LookAtCanary);
        }
    }

    private void LookAtCanary()
    {
        if (ProxyTables.HasCanary(Node, ProxyTables.ProxyCanary))
        {
            _wasFlushed = false;
            return;
        }

        var isWhole = Node.Netfilter.Nat.Find(ProxyTables.ProxyCanary) is null && Node.Netfilter.Filter.Find(ProxyTables.ProxyCanary) is null;
        _self.After(isWhole ? TimeSpan.Zero : FlushTimeout, Restore);
    }

    private void Restore()
    {
        _wasFlushed = false;
        _isWriting = true;
        ProxyTables.EnsureCanaries(Node, ProxyTables.ProxyCanary);
        _isWriting = false;
        Sync();
    }
}
