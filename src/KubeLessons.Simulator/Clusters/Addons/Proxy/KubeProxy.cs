using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.KubeProxy;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Clusters.Addons.Proxy;

/// <summary>
/// The program <c>kube-proxy</c> in iptables mode: it watches Services and EndpointSlices and writes the node's rules. When it ends,
/// the rules stay as they are.
/// </summary>
internal sealed class KubeProxy
{
    public const int HealthPort = 10256;

    /// <summary>Between two syncs (KubeProxyConfiguration.iptables.minSyncPeriod, default 1s).</summary>
    public static readonly TimeSpan MinSyncPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Without a change it still looks so often whether somebody else touched the rules (iptables.syncPeriod, default 30s).</summary>
    public static readonly TimeSpan SyncPeriod = TimeSpan.FromSeconds(30);

    private readonly Process _self;
    private readonly ProxySettings _settings;
    private readonly Informer _services;
    private readonly Informer _slices;
    private readonly string _nodeName;
    private TimeSpan _lastSync = TimeSpan.MinValue;
    private Turn? _planned;
    private (object Nat, object Filter)? _tablesAfterSync;
    private int _failures;

    private KubeProxy(Process self, ApiClient client, KubernetesVersion version, ProxySettings settings)
    {
        (_self, _settings) = (self, settings);
        _nodeName = Flags.Value(self, "--hostname-override") ?? self.Host.Name;
        _services = new Informer(self, client, ResourcePath.Core("services"));
        _slices = new Informer(self, client, new ResourcePath("discovery.k8s.io", version.Minor >= 21 ? "v1" : "v1beta1", "endpointslices"));
        _services.Changed += (_, _) => PlanSync();
        _slices.Changed += (_, _) => PlanSync();
    }

    public static ProgramMain Program(KubernetesVersion version) => self => Main(self, version);

    private static IEnumerable<Wait> Main(Process self, KubernetesVersion version)
    {
        var configPath = Flags.Value(self, "--config") ?? "/var/lib/kube-proxy/config.conf";
        if (self.Files.Read(configPath) is not { } text || !DocYaml.TryParse(text, out var read, out _) || read is not { } config)
        {
            self.Error.WriteLine($"E{self.World.UtcNow:MMdd HH:mm:ss.ffffff}{self.Id,8} run.go:72] \"command failed\" err=\"failed complete: open {configPath}: no such file or directory\"");
            self.Exit(1);
            yield break;
        }

        var (client, error) = ApiClients.TryFromKubeconfig(self, config.Text("clientConnection", "kubeconfig") ?? "", "kube-proxy");
        if (client is null)
        {
            self.Error.WriteLine($"E{self.World.UtcNow:MMdd HH:mm:ss.ffffff}{self.Id,8} run.go:72] \"command failed\" err=\"{error}\"");
            self.Exit(1);
            yield break;
        }

        var settings = new ProxySettings(version.Minor)
        {
            ClusterCidr = Ipv4Prefix.TryParse(config.Text("clusterCIDR"), out var cidr) ? cidr : null,
            MasqueradeAll = config.Flag("iptables", "masqueradeAll") == true,
            NodeIp = Ipv4Address.Parse(self.Host.Address),
        };
        Klog(self, "server_linux.go:63", "\"Using iptables proxy\"");
        var proxy = new KubeProxy(self, client, version, settings);
        self.Listen(HealthPort, new HttpService(proxy.Health));
        proxy.Announce(client);
        proxy._services.Start();
        proxy._slices.Start();
        yield return Wait.Call(proxy.Watch());
    }

    private HttpResponse Health(HttpRequest request, TimeSpan now) => request.Path == "/healthz"
        ? new HttpResponse(_failures == 0 ? 200 : 503, $"{{\"lastUpdated\": \"{_self.World.UtcNow:O}\",\"currentTime\": \"{_self.World.UtcNow:O}\"}}")
        : new HttpResponse(404, "404 page not found\n");

    private void Announce(ApiClient client)
    {
        var node = Doc.Obj(("kind", "Node"), ("metadata", Doc.Obj(("name", _nodeName), ("uid", _nodeName))));
        // The text went away when kube-proxy took to the events.k8s.io recorder.
        new EventRecorder(_self, client, "kube-proxy", _nodeName).Normal(node, "Starting", _settings.MinorVersion <= 20 ? "Starting kube-proxy." : "");
    }

    // Somebody may flush the tables or the br_netfilter of the node may come and go: the rules are put back at the next look.
    private IEnumerable<Wait> Watch()
    {
        while (!_services.HasSynced || !_slices.HasSynced)
        {
            yield return Wait.For(TimeSpan.FromMilliseconds(100));
        }

        PlanSync();
        while (true)
        {
            yield return Wait.For(SyncPeriod);
            if (_tablesAfterSync is { } known && known != Tables)
            {
                Sync();
            }
        }
    }

    // Every change of the tables puts a new table in the place of the old one.
    private (object Nat, object Filter) Tables => (_self.Network.Stack.Netfilter.Nat, _self.Network.Stack.Netfilter.Filter);

    private void PlanSync()
    {
        if (!_services.HasSynced || !_slices.HasSynced || _planned is { IsCancelled: false })
        {
            return;
        }

        var earliest = _lastSync == TimeSpan.MinValue ? TimeSpan.Zero : _lastSync + MinSyncPeriod - _self.World.Now;
        _planned = _self.After(earliest > WorkQueue<string>.Latency ? earliest : WorkQueue<string>.Latency, Sync);
    }

    private void Sync()
    {
        _lastSync = _self.World.Now;
        var stack = _self.Network.Stack;
        var error = ProxyTables.Sync(stack, _settings, ProxiedServices.Of(_services.Objects, _slices.Objects, _nodeName));
        ProxyTables.EnsureCanaries(stack, ProxyTables.ProxyCanary);
        _failures = error is null ? 0 : _failures + 1;
        if (error is not null)
        {
            Klog(_self, "proxier.go:1520", $"\"Failed to execute iptables-restore\" err=\"{error.Trim()}\"");
        }

        _tablesAfterSync = Tables;
        _self.Host.Iptables.Record();
    }

    private static void Klog(Process self, string place, string text) =>
        self.Error.WriteLine($"I{self.World.UtcNow:MMdd HH:mm:ss.ffffff}{self.Id,8} {place}] {text}");
}
