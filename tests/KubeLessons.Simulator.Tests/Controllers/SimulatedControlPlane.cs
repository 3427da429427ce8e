using System.Globalization;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Scheduling;
using KubeLessons.Simulator.Store;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Tests.Controllers;

/// <summary>A real API server, controller manager and scheduler in one process, with kubelets by script.</summary>
internal sealed class SimulatedControlPlane
{
    private readonly Host _master;

    public SimulatedControlPlane(int minor = KubernetesVersion.DefaultMinor, ulong seed = 1, string? advertiseAddress = null)
    {
        World = new World(seed);
        Version = new KubernetesVersion(minor);
        Server = new ApiServer(World, new ObjectStore(), Version, new ApiServerSettings { DisabledAdmissionPlugins = ["ServiceAccount"], AdvertiseAddress = advertiseAddress });
        _master = new Host(World, "m-k8s", "192.168.1.10");
        Admin = NewClient("kubectl", "m-k8s");
    }

    public World World { get; }

    public KubernetesVersion Version { get; }

    public ApiServer Server { get; }

    public ApiClient Admin { get; }

    /// <summary>Whether the API server answers.</summary>
    public bool IsServing { get; private set; } = true;

    public List<FakeKubelet> Kubelets { get; } = [];

    public Process? ControllerManager { get; private set; }

    public Process? Scheduler { get; private set; }

    public TimeSpan Now => World.Now;

    /// <summary>A cluster with these nodes, ten seconds after its start.</summary>
    public static SimulatedControlPlane WithNodes(int nodes = 3, int minor = KubernetesVersion.DefaultMinor, ulong seed = 1, string cpu = "4", string? advertiseAddress = null)
    {
        var cluster = new SimulatedControlPlane(minor, seed, advertiseAddress);
        cluster.StartControllerManager();
        cluster.StartScheduler();
        for (var i = 1; i <= nodes; i++)
        {
            cluster.AddNode($"w{i}-k8s", cpu);
        }

        cluster.Advance(10);
        return cluster;
    }

    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public ApiClient NewClient(string userAgent, string from) => new(
        userAgent, from, ApiUser.Admin, () => new ApiConnection(IsServing ? Server : null, "connection refused", TimeSpan.Zero));

    public FakeKubelet AddNode(string name, string cpu = "4", Doc? labels = null, Doc? taints = null)
    {
        var kubelet = new FakeKubelet(this, name, cpu) { Labels = labels, Taints = taints };
        Kubelets.Add(kubelet);
        kubelet.Start();
        return kubelet;
    }

    public void StartControllerManager() => ControllerManager = _master.Processes.Start(
        new ProcessStart(["kube-controller-manager", "--allocate-node-cidrs=true", "--cluster-cidr=172.16.0.0/16"], self => KubeLessons.Simulator.Controllers.ControllerManager.Run(self, NewClient("kube-controller-manager", "m-k8s"), Version)));

    public void StartScheduler() => Scheduler = _master.Processes.Start(
        new ProcessStart(["kube-scheduler"], self => KubeScheduler.Run(self, NewClient("kube-scheduler", "m-k8s"), Version)));

    public void StopServer()
    {
        IsServing = false;
        Server.Heartbeats.SettleAll();
    }

    public void StartServer() => IsServing = true;

    public void Advance(double seconds) => World.Advance(TimeSpan.FromSeconds(seconds));

    public Doc Apply(string json)
    {
        var body = DocJson.Parse(json);
        var kind = Server.Kinds.All.First(each => each.Name == body.Text("kind"));
        var resource = new ResourcePath(kind.Group, kind.Versions[0], kind.Plural);
        var reply = Admin.Send(ApiRequest.Create(resource, kind.IsNamespaced ? body.Text("metadata", "namespace") ?? "default" : "", body));
        reply.IsSuccess.ShouldBeTrue(reply.Response?.Message);
        return reply.Response!.Body;
    }

    public Doc CreateDeployment(string name, int replicas, string image = "nginx", string extra = "") => Apply($$$$$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{{{{name}}}}}"},"spec":{"replicas":{{{{{replicas}}}}},"progressDeadlineSeconds":600,{{{{{extra}}}}}
         "selector":{"matchLabels":{"app":"{{{{{name}}}}}"}},
         "template":{"metadata":{"labels":{"app":"{{{{{name}}}}}"}},"spec":{
           "containers":[{"name":"c","image":"{{{{{image}}}}}"}]}}}}
        """);

    public void Patch(ResourcePath resource, string name, string json, string ns = "default", string subresource = "")
    {
        var reply = Admin.Send(ApiRequest.MergePatch(resource, ns, name, DocJson.Parse(json), subresource));
        reply.IsSuccess.ShouldBeTrue(reply.Response?.Message);
    }

    public Doc Get(ResourcePath resource, string name, string ns = "default")
    {
        var reply = Admin.Send(ApiRequest.Get(resource, ns, name));
        reply.IsSuccess.ShouldBeTrue(reply.Response?.Message);
        return reply.Response!.Body;
    }

    public Doc? Find(ResourcePath resource, string name, string ns = "default")
    {
        var reply = Admin.Send(ApiRequest.Get(resource, ns, name));
        return reply.IsSuccess ? reply.Response!.Body : null;
    }

    public void Delete(ResourcePath resource, string name, string ns = "default", string? propagation = null)
    {
        var reply = Admin.Send(ApiRequest.Delete(resource, ns, name) with { Options = new ApiOptions { PropagationPolicy = propagation } });
        reply.IsSuccess.ShouldBeTrue(reply.Response?.Message);
    }

    public List<Doc> List(ResourcePath resource, string ns = "default") =>
        [.. Admin.Send(ApiRequest.List(resource, ns)).Response!.Body.List("items")];

    public List<Doc> Pods(string? app = null) =>
        [.. List(Resources.Pods).Where(pod => app is null || pod.Label("app") == app)];

    public List<Doc> ActivePods(string? app = null) => [.. Pods(app).Where(pod => pod.IsActive())];

    /// <summary>The messages of the events about an object, oldest first, with how often each came.</summary>
    public List<string> Events(string about) =>
    [
        .. List(Resources.Events, "").Where(e => e.Text("involvedObject", "name") == about)
            .OrderBy(e => e.Text("firstTimestamp") ?? e.Text("eventTime"), StringComparer.Ordinal)
            .ThenBy(e => e.Text("metadata", "uid"), StringComparer.Ordinal)
            .Select(e => $"{e.Text("type")} {e.Text("reason")} {e.Text("message")}"),
    ];

    /// <summary>Lines of what happened since a moment, as "+seconds what", whenever <paramref name="describe"/> has a new word for an object.</summary>
    public List<string> Timeline(TimeSpan since, Func<StoreChange, string?> describe)
    {
        var lines = new List<string>();
        foreach (var entry in World.Trace.From(0))
        {
            if (entry is ObjectChanged changed && changed.At >= since && describe(changed.Change) is { } what)
            {
                lines.Add($"+{(changed.At - since).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} {what}");
            }
        }

        return lines;
    }
}
