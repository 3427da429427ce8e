using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet;
using KubeLessons.Simulator.Kubelet.Images;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Shell;
using KubeLessons.Simulator.Shell.Commands;
using KubeLessons.Simulator.Store;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Tests.Kubelet;

/// <summary>One node with containerd and a kubelet, and a real API server that it reaches directly.</summary>
internal sealed class KubeletFixture
{
    private static readonly ResourcePath _pods = ResourcePath.Core("pods");

    public KubeletFixture(ulong seed = 1, int minor = KubernetesVersion.DefaultMinor, bool start = true)
    {
        World = new World(seed);
        var version = new KubernetesVersion(minor);
        Server = new ApiServer(World, new ObjectStore(), version);
        Host = new Host(World, "w1-k8s", "192.168.1.101");
        Containerd = new Containerd(
            Host, new ImageRegistry(World, TestPrograms.Images), PortMapPlugin.Behind(
                BridgePlugin.Of(Host, new HostLocalAddresses(Ipv4Prefix.Parse("172.16.1.0/24")), () => NetworkFault), Host, () => "cbr0"));
        Runtime = Host.Units.Add(new UnitFile("containerd", "containerd container runtime", Containerd.Main, "/usr/bin/containerd") { RestartDelay = TimeSpan.FromSeconds(5), KillsMainOnly = true });
        var settings = new KubeletSettings { Version = version };
        Kubelet = Host.Units.Add(new UnitFile("kubelet", "kubelet: The Kubernetes Node Agent", self => KubeletDaemon.Run(self, ClientOf("kubelet"), settings), "/usr/bin/kubelet")
        {
            RestartDelay = TimeSpan.FromSeconds(10),
        });
        // The server's own place on the network is the node's, beside the kubelet.
        var apiserver = Host.Processes.Start(new ProcessStart(["kube-apiserver"], _ => [Wait.Forever]));
        Server.DialKubelet = (address, port) => KubeletLine.Dial(apiserver, address, port);
        Client = ClientOf("kubectl");
        Create(ResourcePath.Core("serviceaccounts"), """{metadata: {name: default}}""");
        Create(ResourcePath.Core("configmaps"), """{metadata: {name: kube-root-ca.crt}, data: {ca.crt: "-----BEGIN CERTIFICATE-----"}}""");
        Host.Units.Start(Runtime);
        if (start)
        {
            Host.Units.Start(Kubelet);
            World.Advance(TimeSpan.FromSeconds(5));
        }
    }

    public World World { get; }

    public ApiServer Server { get; }

    public Host Host { get; }

    public Containerd Containerd { get; }

    public Unit Runtime { get; }

    public Unit Kubelet { get; }

    public ApiClient Client { get; }

    public string? NetworkFault { get; set; }

    /// <summary>False: the server is out of the kubelet's reach.</summary>
    public bool ServerAnswers { get; set; } = true;

    public TimeSpan Now => World.Now;

    /// <summary>Creates a pod that is bound to the node already.</summary>
    public void CreatePod(string yaml)
    {
        DocYaml.TryParse(yaml, out var pod, out var error).ShouldBeTrue(error);
        Create(_pods, pod!.With(Host.Name, "spec", "nodeName").ToString());
    }

    /// <summary>Creates an object in the namespace "default".</summary>
    public void Create(ResourcePath resource, string yaml)
    {
        DocYaml.TryParse(yaml, out var body, out var error).ShouldBeTrue(error);
        var reply = Client.Send(ApiRequest.Create(resource, "default", body!));
        reply.IsSuccess.ShouldBeTrue(reply.Response?.Message);
    }

    public void CreatePod(string name, string image, params ReadOnlySpan<string> command)
    {
        var container = Doc.Obj(("name", name), ("image", image));
        if (!command.IsEmpty)
        {
            container = (DocObject)container.With(Doc.Arr(command.ToArray().Select(word => (Doc)word)), "command");
        }

        CreatePod(Doc.Obj(("metadata", Doc.Obj(("name", name))), ("spec", Doc.Obj(("containers", Doc.Arr(container))))).ToString());
    }

    public void DeletePod(string name, long? grace = null) =>
        Client.Send(ApiRequest.Delete(_pods, "default", name) with { Options = new ApiOptions { GracePeriodSeconds = grace } }).IsSuccess.ShouldBeTrue();

    public Doc? Pod(string name, string ns = "default") => Client.Send(ApiRequest.Get(_pods, ns, name)) is { IsSuccess: true } reply ? reply.Response!.Body : null;

    /// <summary>Opens a stream of a pod and runs it to its end; what was written to its output.</summary>
    public (string Output, PodStream Stream) Stream(string pod, string subresource, string options = "{}", double seconds = 10)
    {
        var stream = Open(pod, subresource, options);
        var text = "";
        var deadline = World.Now + TimeSpan.FromSeconds(seconds);
        while (!stream.HasEnded && World.StepUntil(deadline))
        {
            text += stream.Output.Read();
        }

        return (text + stream.Output.Read(), stream);
    }

    public PodStream Open(string pod, string subresource, string options = "{}")
    {
        var (stream, failure) = TryOpen(pod, subresource, options);
        failure.ShouldBeNull(failure?.Response?.Message);
        return stream!;
    }

    public (PodStream? Stream, ApiReply? Failure) TryOpen(string pod, string subresource, string options = "{}")
    {
        DocYaml.TryParse(options, out var body, out var error).ShouldBeTrue(error);
        return Client.OpenStream(new ApiRequest(ApiVerb.Get, _pods) { Namespace = "default", Name = pod, Subresource = subresource, Body = body });
    }

    public Doc Node => Client.Send(ApiRequest.Get(ResourcePath.Core("nodes"), "", Host.Name)).Response!.Body;

    public void Run(double seconds) => World.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Lets time pass until it is so, at most so many seconds.</summary>
    public void RunUntil(Func<bool> condition, double seconds) =>
        World.RunUntil(condition, World.Now + TimeSpan.FromSeconds(seconds)).ShouldBeTrue();

    /// <summary>Runs a command line on the node to its end; what it wrote.</summary>
    public string Shell(string line, double seconds = 120)
    {
        var text = new System.Text.StringBuilder();
        var output = new TextStream(World, piece => text.Append(piece));
        var process = Host.Processes.Start(new ProcessStart(["sh", "-c", line], ShellProgram.Bash) { Output = output, Error = output, Programs = Tools });
        World.RunUntil(() => process.HasExited, World.Now + TimeSpan.FromSeconds(seconds)).ShouldBeTrue(line);
        return text.ToString();
    }

    public bool IsReady(string pod) => Condition(pod, "Ready") == "True";

    public string? Condition(string pod, string type) =>
        Pod(pod)?.List("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type)?.Text("status");

    public Doc Status(string pod, string? container = null) =>
        Pod(pod)!.List("status", "containerStatuses").Concat(Pod(pod)!.List("status", "initContainerStatuses"))
            .FirstOrDefault(status => status.Text("name") == (container ?? pod)) ?? Doc.Empty;

    /// <summary>What kubectl get pods would say of it: a waiting or terminated container's reason, else the phase.</summary>
    public string Shown(string pod)
    {
        var status = Status(pod);
        return status.Text("state", "waiting", "reason") ?? status.Text("state", "terminated", "reason") ?? Pod(pod)!.Text("status", "phase")!;
    }

    public Container Container(string pod) =>
        Containerd.State.Containers.Last(container => container.Sandbox.Config.Name == pod);

    /// <summary>The events about an object, as <c>Reason: message</c>, oldest first; counted ones once.</summary>
    public string[] Events(string name) =>
    [
        .. Client.Send(ApiRequest.List(ResourcePath.Core("events"))).Response!.Body.List("items")
            .Where(happened => happened.Text("involvedObject", "name") == name)
            .OrderBy(happened => long.Parse(happened.Text("metadata", "resourceVersion")!, null))
            .Select(happened => $"{happened.Text("reason")}: {happened.Text("message")}"),
    ];

    private static ProgramTable Tools { get; } = Installed();

    private static ProgramTable Installed()
    {
        var table = new ProgramTable();
        CoreCommands.AddTo(table);
        return table;
    }

    private ApiClient ClientOf(string name) => new(
        name, Host.Name, ApiUser.Admin,
        () => name == "kubectl" || ServerAnswers
            ? new ApiConnection(Server, null, TimeSpan.Zero)
            : new ApiConnection(null, "dial tcp 192.168.1.10:6443: connect: connection refused", TimeSpan.Zero));
}
