using System.Collections.Immutable;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Dns;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Store;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Tests.Dns;

/// <summary>Names as the specification of Kubernetes' DNS has them (github.com/kubernetes/dns, docs/specification.md).</summary>
public sealed class ClusterNamesTests
{
    private const string Corefile = """
        .:53 {
            kubernetes cluster.local in-addr.arpa ip6.arpa {
               pods insecure
               fallthrough in-addr.arpa ip6.arpa
               ttl 30
            }
        }
        """;

    private readonly World _world = new(5);
    private readonly ApiServer _server;
    private readonly Process _process;
    private bool _isServing = true;

    public ClusterNamesTests()
    {
        _server = new ApiServer(_world, new ObjectStore(), KubernetesVersion.Default, new ApiServerSettings());
        _process = new Host(_world, "w1-k8s", "192.168.1.101").Processes.Start(new ProcessStart(["coredns"], _ => [Wait.Forever]));
        Create("services", """{"metadata":{"name":"web"},"spec":{"clusterIP":"10.96.7.7","ports":[{"name":"http","port":80},{"name":"dns","port":53,"protocol":"UDP"}]}}""");
        Create("services", """{"metadata":{"name":"db"},"spec":{"clusterIP":"None","ports":[{"name":"sql","port":3306}]}}""");
        Create("services", """{"metadata":{"name":"none"},"spec":{"clusterIP":"None","ports":[{"port":1}]}}""");
        Create("services", """{"metadata":{"name":"out"},"spec":{"type":"ExternalName","externalName":"example.test"}}""");
        Create("endpointslices", """
            {"metadata":{"name":"db-1","labels":{"kubernetes.io/service-name":"db"}},"addressType":"IPv4","ports":[{"name":"sql","port":3306,"protocol":"TCP"}],
             "endpoints":[{"addresses":["172.16.1.5"],"hostname":"db-0","conditions":{"ready":true}},
                          {"addresses":["172.16.2.5"],"conditions":{"ready":true}},
                          {"addresses":["172.16.3.5"],"conditions":{"ready":false}}]}
            """);
    }

    [Theory]
    [InlineData("web.default.svc.cluster.local", "10.96.7.7")]
    [InlineData("_http._tcp.web.default.svc.cluster.local", "10.96.7.7")]
    [InlineData("db.default.svc.cluster.local", "172.16.1.5 172.16.2.5")]
    [InlineData("db-0.db.default.svc.cluster.local", "172.16.1.5")]
    [InlineData("172-16-2-5.db.default.svc.cluster.local", "172.16.2.5")]
    [InlineData("172-16-9-9.default.pod.cluster.local", "172.16.9.9")]
    [InlineData("out.default.svc.cluster.local", "example.test")]
    [InlineData("default.svc.cluster.local", "")]
    [InlineData("svc.cluster.local", "")]
    [InlineData("cluster.local", "")]
    [InlineData("none.default.svc.cluster.local", "NameError")]
    [InlineData("172-16-3-5.db.default.svc.cluster.local", "NameError")]
    [InlineData("_http._udp.web.default.svc.cluster.local", "NameError")]
    [InlineData("web.other.svc.cluster.local", "NameError")]
    [InlineData("no-address.default.pod.cluster.local", "NameError")]
    [InlineData("172-16-9-9.other.pod.cluster.local", "NameError")]
    [InlineData("web.default.cluster.local", "NameError")]
    [InlineData("a.b.c.web.default.svc.cluster.local", "NameError")]
    [InlineData("example.test", "passed on")]
    public void A_name_has_its_addresses(string name, string expected) => Ask(name, DnsType.A).ShouldBe(expected);

    [Theory]
    [InlineData("web.default.svc.cluster.local", "0 50 80 web.default.svc.cluster.local,0 50 53 web.default.svc.cluster.local")]
    [InlineData("_http._tcp.web.default.svc.cluster.local", "0 100 80 web.default.svc.cluster.local")]
    [InlineData("_sql._tcp.db.default.svc.cluster.local", "0 50 3306 db-0.db.default.svc.cluster.local,0 50 3306 172-16-2-5.db.default.svc.cluster.local")]
    public void A_service_tells_its_ports(string name, string expected) => Ask(name, DnsType.Srv, ",").ShouldBe(expected);

    [Theory]
    [InlineData("7.7.96.10.in-addr.arpa", "web.default.svc.cluster.local")]
    [InlineData("5.1.16.172.in-addr.arpa", "db-0.db.default.svc.cluster.local")]
    [InlineData("5.2.16.172.in-addr.arpa", "passed on")]
    [InlineData("8.8.8.8.in-addr.arpa", "passed on")]
    public void An_address_has_its_name(string name, string expected) => Ask(name, DnsType.Ptr).ShouldBe(expected);

    [Fact]
    public void An_existing_name_without_such_a_record_is_no_error() => Ask("web.default.svc.cluster.local", DnsType.Aaaa).ShouldBe("");

    [Fact]
    public void Before_the_cluster_is_known_every_name_fails()
    {
        _isServing = false;
        Ask("web.default.svc.cluster.local", DnsType.A).ShouldBe("ServerFailure");
    }

    private string Ask(string name, DnsType type, string separator = " ")
    {
        var client = new ApiClient("coredns", "w1-k8s", ApiUser.Admin, () => new ApiConnection(_isServing ? _server : null, "refused", TimeSpan.Zero));
        var directory = new ServiceDirectory(_process, client, KubernetesVersion.Default, withPods: false);
        directory.Start();
        _world.Advance(TimeSpan.FromSeconds(1));
        var plugin = KubeLessons.Simulator.Dns.Corefile.Parse("Corefile", Corefile).File!.Blocks[0].Find("kubernetes")!;
        var answer = new ClusterNames(plugin, [""], directory, onlyNamedEndpointsHaveNames: true).Answer(new DnsQuestion(name, type));
        return answer is null ? "passed on"
            : answer.Code != DnsCode.NoError ? answer.Code.ToString()
            : string.Join(separator, answer.Records.Select(record => record.Value));
    }

    private void Create(string plural, string json)
    {
        var resource = plural == "services" ? ResourcePath.Core(plural) : new ResourcePath("discovery.k8s.io", "v1", plural);
        var body = DocJson.Parse(json).With(resource.ApiVersion, "apiVersion").With(plural == "services" ? "Service" : "EndpointSlice", "kind");
        var admin = new ApiClient("kubectl", "m-k8s", ApiUser.Admin, () => new ApiConnection(_server, null, TimeSpan.Zero));
        var reply = admin.Send(ApiRequest.Create(resource, "default", body));
        reply.IsSuccess.ShouldBeTrue(reply.Response?.Message);
    }
}
