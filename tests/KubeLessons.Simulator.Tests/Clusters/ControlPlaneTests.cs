using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Identity;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Tests.Clusters;

public sealed class ControlPlaneTests
{
    private readonly World _world = new(7);
    private readonly Host _master;
    private readonly Host _worker;
    private Process _etcd;
    private Process _server;

    public ControlPlaneTests()
    {
        var lan = new Lan(new Fabric(_world.RandomFor("network").NextDouble), "lan", Ipv4Prefix.Parse("192.168.1.0/24"));
        _master = new Host(_world, "m-k8s", "192.168.1.10", lan);
        _worker = new Host(_world, "w1-k8s", "192.168.1.101", lan);
        var authority = new CertificateAuthority("kubernetes", _world.RandomFor("pki"), _world.UtcNow);
        _master.Files.Write("/etc/kubernetes/pki/ca.crt", authority.Certificate.ToPem());
        _master.Files.Write("/etc/kubernetes/pki/apiserver.crt",
            authority.IssueServer(new CertificateSubject("kube-apiserver"), false, "m-k8s", "192.168.1.10").ToPem());
        _worker.Files.Write("/root/.kube/config", Config(authority, authority));
        var stranger = new CertificateAuthority("kubernetes", _world.RandomFor("stranger"), _world.UtcNow);
        _worker.Files.Write("/root/forged", Config(authority, stranger));
        _worker.Files.Write("/root/misled", Config(stranger, authority));
        _etcd = StartEtcd();
        _server = StartServer();
        _world.Advance(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_client_on_another_host_reaches_the_API_server_over_the_network() =>
        Create(Client(), "a").Response!.Code.ShouldBe(201);

    [Fact]
    public void A_stopped_API_server_refuses_connections_and_a_started_one_has_the_same_objects()
    {
        var client = Client();
        Create(client, "a");
        _server.Send(ProcessSignal.Terminate);
        var reply = Create(client, "b");
        reply.ConnectionError.ShouldBe("dial tcp 192.168.1.10:6443: connect: connection refused");
        reply.Takes.ShouldBeLessThan(TimeSpan.FromMilliseconds(10));
        StartServer();
        _world.Advance(TimeSpan.FromSeconds(5));
        Get(client, "a").Response!.Code.ShouldBe(200);
        Get(client, "b").Response!.Code.ShouldBe(404);
    }

    [Fact]
    public void While_etcd_is_gone_requests_end_after_a_minute_with_a_timeout_and_the_data_outlives_it()
    {
        var client = Client();
        Create(client, "a");
        _etcd.Send(ProcessSignal.Kill);
        var reply = Get(client, "a");
        reply.Takes.ShouldBe(TimeSpan.FromSeconds(60));
        reply.Response!.Reason.ShouldBe("Timeout");
        reply.Response.Message.ShouldBe("the server was unable to return a response in the time allotted, but may still be processing the request (get configmaps)");
        _etcd = StartEtcd();
        _world.Advance(TimeSpan.FromSeconds(5));
        Get(client, "a").Response!.Code.ShouldBe(200);
    }

    [Fact]
    public void A_host_without_power_does_not_answer_and_later_has_no_address_that_anyone_knows()
    {
        var client = Client();
        Create(client, "a");
        _master.PowerOff();
        Get(client, "a").ShouldBe(new ApiReply(null, "dial tcp 192.168.1.10:6443: i/o timeout", TimeSpan.FromSeconds(30)));
        _world.Advance(TimeSpan.FromSeconds(35));
        Get(client, "a").ConnectionError.ShouldNotBeNull();
        _world.Advance(TimeSpan.FromSeconds(35));
        Get(client, "a").ConnectionError.ShouldBe("dial tcp 192.168.1.10:6443: connect: no route to host");
        _master.PowerOn();
        _etcd = StartEtcd();
        _server = StartServer();
        _world.Advance(TimeSpan.FromSeconds(5));
        Get(client, "a").Response!.Code.ShouldBe(200);
    }

    [Fact]
    public void A_certificate_of_another_authority_is_not_believed_by_either_side()
    {
        Get(Client("/root/forged"), "a").Response!.Code.ShouldBe(401);
        Get(Client("/root/misled"), "a").ConnectionError
            .ShouldBe("tls: failed to verify certificate: x509: certificate signed by unknown authority");
    }

    [Fact]
    public void A_removed_data_directory_is_an_empty_etcd_at_the_next_start()
    {
        Create(Client(), "a");
        _etcd.Send(ProcessSignal.Kill);
        _server.Send(ProcessSignal.Kill);
        _master.Files.Remove("/var/lib/etcd/member");
        StartEtcd();
        StartServer();
        _world.Advance(TimeSpan.FromSeconds(5));
        Get(Client(), "a").Response!.Code.ShouldBe(404);
    }

    [Fact]
    public void A_missing_kubeconfig_is_the_reason_of_every_failure() =>
        Get(Client("/root/nothing"), "a").ConnectionError.ShouldBe("open /root/nothing: no such file or directory");

    private Process StartEtcd() => _master.Processes.Start(new ProcessStart(["etcd", "--data-dir=/var/lib/etcd"], EtcdServer.Main));

    private Process StartServer() => _master.Processes.Start(new ProcessStart(
        ["kube-apiserver", "--etcd-servers=http://127.0.0.1:2379", "--client-ca-file=/etc/kubernetes/pki/ca.crt", "--tls-cert-file=/etc/kubernetes/pki/apiserver.crt"],
        KubeApiServer.Program(KubernetesVersion.Default)));

    private ApiClient Client(string path = "/root/.kube/config")
    {
        var process = _worker.Processes.Start(new ProcessStart(["kubectl"], _ => [Wait.Forever]));
        return ApiClients.FromKubeconfig(process, path, "kubectl");
    }

    private static string Config(CertificateAuthority server, CertificateAuthority client) => new Kubeconfig("https://192.168.1.10:6443")
    {
        AuthorityPem = server.Certificate.ToPem(),
        ClientCertificatePem = client.IssueClient(new CertificateSubject("kubernetes-admin", ["system:masters"])).ToPem(),
    }.Write();

    private static ApiReply Create(ApiClient client, string name) => client.Send(ApiRequest.Create(ResourcePath.Core("configmaps"), "default",
        Doc.Obj(("apiVersion", "v1"), ("kind", "ConfigMap"), ("metadata", Doc.Obj(("name", name), ("namespace", "default"))))));

    private static ApiReply Get(ApiClient client, string name) =>
        client.Send(ApiRequest.Get(ResourcePath.Core("configmaps"), "default", name));
}
