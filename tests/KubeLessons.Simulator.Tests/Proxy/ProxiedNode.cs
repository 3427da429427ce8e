using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.Filtering;
using KubeLessons.Simulator.Proxy;
using KubeLessons.Simulator.Store;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Tests.Proxy;

/// <summary>An API server, a node with kube-proxy, and a second machine whose ports serve as endpoints.</summary>
internal sealed class ProxiedNode
{
    public const string ClusterIp = "10.96.7.7";

    private readonly KubernetesVersion _version;
    private readonly Ipv4Address _target = Ipv4Address.Parse(ClusterIp);
    private bool _isServing = true;

    public ProxiedNode(int minor = KubernetesVersion.DefaultMinor)
    {
        _version = new KubernetesVersion(minor);
        World = new World(3);
        Server = new ApiServer(World, new ObjectStore(), _version, new ApiServerSettings());
        var lan = new Lan(new Fabric(World.RandomFor("network").NextDouble), "lan", Ipv4Prefix.Parse("192.168.1.0/24"));
        Node = new Host(World, "w1-k8s", "192.168.1.101", lan);
        Node.Kernel.SetSysctl(NetworkSysctls.IpForward, "1");
        Other = new Host(World, "w2-k8s", "192.168.1.102", lan);
        Admin = Client("kubectl");
        Proxy = StartProxy();
        Advance(1);
    }

    public World World { get; }

    public ApiServer Server { get; }

    public Host Node { get; }

    public Host Other { get; }

    public ApiClient Admin { get; }

    public Process Proxy { get; private set; }

    public void Advance(double seconds) => World.Advance(TimeSpan.FromSeconds(seconds));

    public Process StartProxy()
    {
        var configuration = new ProxyConfiguration { NodeName = Node.Name, ClusterCidr = Ipv4Prefix.Parse("172.16.0.0/16") };
        return Proxy = Node.Processes.Start(new ProcessStart(
            ["kube-proxy"], self => new NodeProxier(self, Client("kube-proxy"), configuration, _version).Run()));
    }

    public void StopServer() => _isServing = false;

    /// <summary>The second machine listens on a port.</summary>
    public void Serve(int port, Protocol protocol = Protocol.Tcp) =>
        Other.Processes.Start(new ProcessStart(["server"], self => Listen(self, port, protocol)));

    /// <summary>A Service "web" on port 80 with that type.</summary>
    public void CreateService(string spec = "", string protocol = "TCP") => Create("services", $$$$"""
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"default"},
         "spec":{"clusterIP":"{{{{ClusterIp}}}}","ports":[{"port":80,"targetPort":8080,"protocol":"{{{{protocol}}}}"{{{{(spec.Contains("NodePort", StringComparison.Ordinal) ? ",\"nodePort\":30080" : "")}}}}}]{{{{spec}}}}}}
        """);

    /// <summary>The Service's endpoints: these ports of the second machine.</summary>
    public void SetEndpoint(int port, string protocol = "TCP") => Put($$$"""
        {"apiVersion":"{{{Slices.ApiVersion}}}","kind":"EndpointSlice","metadata":{"name":"web-1","namespace":"default","labels":{"kubernetes.io/service-name":"web"}},
         "addressType":"IPv4","ports":[{"name":"","port":{{{port}}},"protocol":"{{{protocol}}}"}],
         "endpoints":[{"addresses":["192.168.1.102"],"conditions":{"ready":true}}]}
        """);

    public Exchange Connect(int port = 80) => Node.Network.Connect(_target, port);

    public Exchange Request() => Node.Network.Request(_target, 80);

    public string Iptables(params string[] words) => IptablesCommand.Run(Node.Network.Stack, words).Output;

    /// <summary>The facts about a chain, oldest first.</summary>
    public List<string?> Facts(string chain) =>
        [.. World.Trace.From(0).ToArray().OfType<HostFactChanged>().Where(fact => fact.Noun == "iptables" && fact.Name == chain).Select(fact => fact.Value)];

    private ResourcePath Slices => new("discovery.k8s.io", _version.Minor >= 21 ? "v1" : "v1beta1", "endpointslices");

    private ApiClient Client(string agent) => new(
        agent, "w1-k8s", ApiUser.Admin, () => new ApiConnection(_isServing ? Server : null, "connection refused", TimeSpan.Zero));

    private void Create(string plural, string json)
    {
        var reply = Admin.Send(ApiRequest.Create(ResourcePath.Core(plural), "default", DocJson.Parse(json)));
        reply.IsSuccess.ShouldBeTrue(reply.Response?.Message);
    }

    private void Put(string json)
    {
        var body = DocJson.Parse(json);
        var reply = Admin.Send(ApiRequest.Update(Slices, body));
        if (reply.Reason == "NotFound")
        {
            reply = Admin.Send(ApiRequest.Create(Slices, "default", body));
        }

        reply.IsSuccess.ShouldBeTrue(reply.Response?.Message);
    }

    private static IEnumerable<Wait> Listen(Process self, int port, Protocol protocol)
    {
        self.Listen(port, self, protocol).ShouldNotBeNull();
        yield return Wait.Forever;
    }
}
