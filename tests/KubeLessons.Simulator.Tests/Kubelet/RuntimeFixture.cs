using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Images;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Tests.Kubelet;

/// <summary>A node with containerd and a bridge network, and no kubelet.</summary>
internal sealed class RuntimeFixture
{
    public RuntimeFixture(ulong seed = 1)
    {
        World = new World(seed);
        Host = new Host(World, "w1-k8s", "192.168.1.101");
        Registry = new ImageRegistry(World, TestPrograms.Images);
        Containerd = new Containerd(Host, Registry, BridgePlugin.Of(Host, new HostLocalAddresses(Ipv4Prefix.Parse("172.16.1.0/24")), () => NetworkFault));
        Unit = Host.Units.Add(new UnitFile("containerd", "containerd container runtime", Containerd.Main, "/usr/bin/containerd")
        {
            RestartDelay = TimeSpan.FromSeconds(5),
        });
        Host.Units.Start(Unit);
    }

    public World World { get; }

    public Host Host { get; }

    public ImageRegistry Registry { get; }

    public Containerd Containerd { get; }

    public Unit Unit { get; }

    public string? NetworkFault { get; set; }

    public RuntimeState State => Containerd.State;

    public CriService Cri
    {
        get
        {
            World.RunUntil(() => Host.UnixSockets.Connect(Containerd.Socket, out _) is not null, World.Now + TimeSpan.FromSeconds(1));
            return (CriService)Host.UnixSockets.Connect(Containerd.Socket, out _)!;
        }
    }

    /// <summary>Runs a routine to its end, at most so long.</summary>
    public void Run(IEnumerable<Wait> routine, TimeSpan? atMost = null)
    {
        var coroutine = Coroutine.Start(World, routine, fault => fault?.ToString().ShouldBeNull());
        World.RunUntil(() => coroutine.HasEnded, World.Now + (atMost ?? TimeSpan.FromMinutes(2))).ShouldBeTrue("the routine did not end in time");
    }

    public PodSandbox RunSandbox(string pod)
    {
        var result = new CriResult<PodSandbox>();
        Run(Cri.RunPodSandbox(new SandboxConfig(pod, "default", "uid-" + pod, 0) { Hostname = pod }, result));
        return result.Value ?? throw new InvalidOperationException(result.Error);
    }

    public Container Start(PodSandbox sandbox, ContainerConfig config)
    {
        var pulled = new CriResult<LocalImage>();
        ImageReference.TryParse(config.Image, out var image, out _).ShouldBeTrue();
        Run(Cri.PullImage(image!, pulled));
        pulled.Error.ShouldBeNull();
        var created = new CriResult<Container>();
        Run(Cri.CreateContainer(sandbox, config, created));
        created.Error.ShouldBeNull();
        var started = new CriResult<Container>();
        Run(Cri.StartContainer(created.Value!, started));
        return created.Value!;
    }

    public Container Start(string pod, string image, params ReadOnlySpan<string> command) =>
        Start(RunSandbox(pod), new ContainerConfig(pod, 0, image) { Command = [.. command] });

    public static string[] Lines(Container container) => [.. container.Log.Lines.ToArray().Select(line => line.Text)];
}
