using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Clusters.Addons.Dns;

/// <summary>
/// The program <c>coredns</c>: it answers for the cluster's domain from Services and EndpointSlices, and asks the node's name
/// servers for everything else.
/// </summary>
internal sealed class CoreDns
{
    private const int DnsPort = 53;
    private const int HealthPort = 8080;
    private const int ReadyPort = 8181;
    private const int MetricsPort = 9153;

    private readonly Process _self;
    private readonly Corefile _settings;
    private readonly ClusterZone _zone;
    private long _requests;

    private CoreDns(Process self, ApiClient client, Corefile settings, KubernetesVersion version)
    {
        (_self, _settings) = (self, settings);
        _zone = new ClusterZone(
            settings,
            new Informer(self, client, ResourcePath.Core("services")),
            new Informer(self, client, new ResourcePath("discovery.k8s.io", version.Minor >= 21 ? "v1" : "v1beta1", "endpointslices")),
            new Informer(self, client, ResourcePath.Core("namespaces")));
    }

    public static ProgramMain Program(KubernetesVersion version) => self => Main(self, version);

    private static IEnumerable<Wait> Main(Process self, KubernetesVersion version)
    {
        var at = self.Arguments.IndexOf("-conf");
        var path = at >= 0 && at + 1 < self.Arguments.Length ? self.Arguments[at + 1] : "/etc/coredns/Corefile";
        var (settings, fault) = Corefile.Parse(self.Files.Read(path), path);
        if (settings is null)
        {
            self.Error.WriteLine(fault!);
            self.Exit(1);
            yield break;
        }

        var (client, error) = ApiClients.TryInCluster(self, "coredns");
        if (client is null)
        {
            self.Error.WriteLine($"plugin/kubernetes: {error}");
            self.Exit(1);
            yield break;
        }

        var server = new CoreDns(self, client, settings, version);
        yield return Wait.Call(server.Serve());
    }

    private IEnumerable<Wait> Serve()
    {
        _self.Listen(HealthPort, new HttpService((request, _) => new HttpResponse(request.Path == "/health" ? 200 : 404, "OK")));
        _self.Listen(ReadyPort, new HttpService((request, _) => request.Path == "/ready" && _zone.HasSynced
            ? new HttpResponse(200, "OK") : new HttpResponse(503, "kubernetes")));
        _self.Listen(MetricsPort, new HttpService((_, _) => new HttpResponse(200, $"coredns_dns_requests_total {_requests}\n")));
        _zone.Start();
        var began = _self.World.Now;
        while (!_zone.HasSynced && _self.World.Now < began + TimeSpan.FromSeconds(5))
        {
            yield return Wait.For(TimeSpan.FromMilliseconds(100));
        }

        if (!_zone.HasSynced)
        {
            _self.Output.WriteLine("[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API");
        }

        var service = new DnsService(Respond);
        if (_self.Listen(DnsPort, service, Protocol.Udp) is null || _self.Listen(DnsPort, service) is null)
        {
            _self.Error.WriteLine("Listen: listen tcp :53: bind: address already in use");
            _self.Exit(1);
            yield break;
        }

        _self.Output.Write($".:53\n[INFO] plugin/reload: Running configuration SHA512 = {new SeededRandom(SeededRandom.Hash(_settings.Text)).NextHex(128)}\nCoreDNS-1.12.0\nlinux/amd64, go1.24.1, 51e11f1\n");
        yield return Wait.Forever;
    }

    private DnsAnswer Respond(DnsQuestion question, TimeSpan now)
    {
        _requests++;
        return _zone.Answer(question) ?? Forward(question);
    }

    private DnsAnswer Forward(DnsQuestion question)
    {
        var upstream = ResolverSettings.Read(_self.Files) with { Search = [], Attempts = 1, Timeout = TimeSpan.FromSeconds(2) };
        var query = new NameQuery(_self, upstream);
        var takes = TimeSpan.Zero;
        foreach (var wait in query.Ask(question.Name, question.Type))
        {
            takes += wait;
        }

        return (query.Answer ?? new DnsAnswer(DnsCode.ServerFailure, [])) with { Takes = takes, IsAuthoritative = false };
    }
}
