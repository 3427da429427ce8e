using System.Collections.Immutable;
using KubeLessons.Simulator.Clusters.Addons;
using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Clusters.Provisioning;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Dns;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Daemons;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Hosts.Tools;
using KubeLessons.Simulator.Hosts.Tools.Etcd;
using KubeLessons.Simulator.Kubectl;
using KubeLessons.Simulator.Kubelet;
using KubeLessons.Simulator.Kubelet.Images;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Proxy;
using KubeLessons.Simulator.Scheduling;
using KubeLessons.Simulator.Shell.Commands;

namespace KubeLessons.Simulator.Clusters;

/// <summary>
/// A whole simulated cluster: its world, its machines and the network between them. It is put together from its description and
/// then comes up by itself, as machines do that kubeadm has prepared.
/// </summary>
public sealed class Cluster
{
    /// <summary>A machine beside the cluster, from which a learner works: kubectl is there, a kubeconfig is not.</summary>
    public const string LearnersMachine = "laptop";

    private const string LearnersAddress = "192.168.1.254";

    private readonly SortedDictionary<string, Host> _hosts = new(StringComparer.Ordinal);

    private Cluster(ClusterSpec spec)
    {
        Spec = spec;
        World = new World(spec.Seed, spec.Epoch);
        Fabric = new Fabric(World.RandomFor("network").NextDouble);
        Lan = new Lan(Fabric, "lab", Ipv4Prefix.Parse("192.168.1.0/24"));
        // The lab's router answers for the DNS, too, and knows no name outside: nothing of the world outside is simulated.
        Lan.AddRouter("gateway").Sockets.Listen(Protocol.Udp, Ipv4Address.Any, 53, new DnsService((_, _) => DnsAnswer.NoSuchName));
    }

    public ClusterSpec Spec { get; }

    public World World { get; }

    public Fabric Fabric { get; }

    /// <summary>The machines' local network, with a router that leads nowhere.</summary>
    public Lan Lan { get; }

    /// <summary>All machines by name: the nodes and the learner's.</summary>
    public IReadOnlyDictionary<string, Host> Hosts => _hosts;

    public Host ControlPlane => _hosts[Spec.ControlPlaneNode];

    /// <summary>
    /// Puts a cluster together, switches it on and lets it run until it is <see cref="ClusterSpec.Age"/> old.
    /// </summary>
    public static Cluster Boot(ClusterSpec spec)
    {
        var cluster = Assemble(spec);
        cluster.World.AdvanceTo(spec.Age);
        return cluster;
    }

    /// <summary>Puts a cluster together and switches it on; nothing has happened yet.</summary>
    public static Cluster Assemble(ClusterSpec spec)
    {
        var cluster = new Cluster(spec);
        cluster.Provision();
        return cluster;
    }

    private void Provision()
    {
        var keys = new ClusterKeys(World, Spec.Version, Spec.AddressOf(Spec.ControlPlaneNode));
        var registry = new ImageRegistry(World, new ImagePrograms
        {
            Debian = programs =>
            {
                CoreCommands.AddTo(programs);
                HostTools.AddNetworkTo(programs);
            },
            Busybox = programs =>
            {
                BusyboxCommands.AddTo(programs);
                HostTools.AddBusyboxTo(programs);
            },
            Components = Components(),
        });
        foreach (var name in Spec.Nodes)
        {
            AddNode(name, keys, registry);
        }

        var laptop = AddMachine(LearnersMachine, LearnersAddress);
        laptop.PowerOn();
        foreach (var name in Spec.Nodes)
        {
            _hosts[name].PowerOn();
        }

        var kubeadm = new KubeadmInit(Spec, keys.AuthorityPem);
        World.After(Host.KernelBootTime + TimeSpan.FromSeconds(1), () =>
            ControlPlane.Processes.Start(new ProcessStart(["kubeadm", "init", "--config=/root/kubeadm.yaml"], kubeadm.Main)));
    }

    private void AddNode(string name, ClusterKeys keys, ImageRegistry registry)
    {
        var host = AddMachine(name, Spec.AddressOf(name));
        var isControlPlane = name == Spec.ControlPlaneNode;
        NodeDisk.WriteNode(host, Spec);
        keys.WriteNode(host.Files, name, isControlPlane);
        if (isControlPlane)
        {
            keys.WriteControlPlane(host.Files, name);
            WriteManifests(host);
        }
        else if (Spec.EtcdNodes.Contains(name))
        {
            keys.WriteEtcd(host.Files, name, host.Address);
            host.Files.Write("/etc/kubernetes/manifests/etcd.yaml", Manifests(host).Etcd(), 0b110_000_000);
        }

        if (Spec.EtcdNodes.Contains(name))
        {
            new EtcdTools(new ComponentImages(Spec.Version).EtcdVersion).AddTo(host.Programs);
        }

        var containerd = new Containerd(host, registry, FlannelCni.Of(host));
        host.Programs.Add("containerd", containerd.Main);
        host.Programs.Add("kubeadm", Kubeadm.Program(Spec.Version));
        host.Programs.Add("kubelet", new KubeletDaemon(new KubeletSettings { Version = Spec.Version }).Main);
        foreach (var image in PreloadedImages(name))
        {
            containerd.Preload(image);
        }

        host.Units.Reload();
    }

    private Host AddMachine(string name, string address)
    {
        var host = new Host(World, name, address, Lan);
        host.PowerOff();
        _hosts.Add(name, host);
        NodeDisk.WriteBase(host, Spec);
        BootPrograms.AddTo(host);
        CoreCommands.AddTo(host.Programs);
        host.Programs.Add("kubectl", new KubectlProgram(Spec.Version).Run);
        HostTools.AddTo(host);
        host.Units.Reload();
        return host;
    }

    private ControlPlaneManifests Manifests(Host host) => Spec.EtcdMembers == 1
        ? new ControlPlaneManifests(Spec.Version, host.Name, host.Address)
        : new ControlPlaneManifests(Spec.Version, host.Name, host.Address)
        {
            InitialCluster = string.Join(',', Spec.EtcdNodes.Select(name => $"{name}=https://{Spec.AddressOf(name)}:2380")),
            EtcdServers = string.Join(',', Spec.EtcdNodes.Select(name => $"https://{Spec.AddressOf(name)}:2379")),
        };

    private void WriteManifests(Host host)
    {
        var manifests = Manifests(host);
        host.Files.Write("/etc/kubernetes/manifests/etcd.yaml", manifests.Etcd(), 0b110_000_000);
        host.Files.Write("/etc/kubernetes/manifests/kube-apiserver.yaml", manifests.ApiServer(), 0b110_000_000);
        host.Files.Write("/etc/kubernetes/manifests/kube-controller-manager.yaml", manifests.ControllerManager(), 0b110_000_000);
        host.Files.Write("/etc/kubernetes/manifests/kube-scheduler.yaml", manifests.Scheduler(), 0b110_000_000);
    }

    // What `kubeadm config images pull` and the lab's script have put on the disks.
    private IEnumerable<string> PreloadedImages(string node)
    {
        var images = new ComponentImages(Spec.Version);
        IEnumerable<string> everywhere = [images.Pause, images.Proxy, images.Flannel, images.FlannelCniPlugin, images.CoreDns];
        return node == Spec.ControlPlaneNode ? [.. everywhere, images.Etcd, images.ApiServer, images.ControllerManager, images.Scheduler]
            : Spec.EtcdNodes.Contains(node) ? [.. everywhere, images.Etcd]
            : everywhere;
    }

    private ImmutableDictionary<string, ProgramMain> Components() => ImmutableDictionary.CreateRange(
    [
        KeyValuePair.Create("etcd", EtcdServer.Program(new ComponentImages(Spec.Version).EtcdVersion).Obeyed()),
        KeyValuePair.Create("kube-apiserver", KubeApiServer.Program(Spec.Version).Obeyed()),
        KeyValuePair.Create("kube-controller-manager", ControllerManager.Program(Spec.Version).Obeyed()),
        KeyValuePair.Create("kube-scheduler", KubeScheduler.Program(Spec.Version).Obeyed()),
        KeyValuePair.Create("coredns", CoreDnsDaemon.Program(Spec.Version).Obeyed()),
        KeyValuePair.Create("flanneld", TerminationSignals.Obeyed(Flanneld.Main)),

        // kube-proxy leaves the signal to Go's runtime, which exits with 2.
        KeyValuePair.Create("kube-proxy", KubeProxyDaemon.Program(Spec.Version).Obeyed(2)),
    ]);
}
