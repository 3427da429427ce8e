using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Controllers.CronJobs;
using KubeLessons.Simulator.Controllers.DaemonSets;
using KubeLessons.Simulator.Controllers.Deployments;
using KubeLessons.Simulator.Controllers.Disruption;
using KubeLessons.Simulator.Controllers.GarbageCollection;
using KubeLessons.Simulator.Controllers.Jobs;
using KubeLessons.Simulator.Controllers.Namespaces;
using KubeLessons.Simulator.Controllers.Nodes;
using KubeLessons.Simulator.Controllers.ReplicaSets;
using KubeLessons.Simulator.Controllers.ServiceAccounts;
using KubeLessons.Simulator.Controllers.Services;
using KubeLessons.Simulator.Controllers.StatefulSets;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers;

/// <summary>The program <c>kube-controller-manager</c>: all controllers in one process, at work while it leads.</summary>
public static class ControllerManager
{
    /// <summary>--secure-port.</summary>
    public const int Port = 10257;

    /// <summary>kubeadm's --root-ca-file.</summary>
    public const string RootCaFile = "/etc/kubernetes/pki/ca.crt";

    private static readonly LeaderProgram Daemon = new("kube-controller-manager", "/etc/kubernetes/controller-manager.conf", Port, Begin);

    /// <summary>The program of this version. It reads <c>--kubeconfig</c>, <c>--leader-elect</c>, <c>--root-ca-file</c>,
    /// <c>--allocate-node-cidrs</c> and <c>--cluster-cidr</c>.</summary>
    public static ProgramMain Program(KubernetesVersion version) => self => Daemon.Main(self, version);

    /// <summary>The program with a client that was made elsewhere.</summary>
    internal static IEnumerable<Wait> Run(Process self, ApiClient client, KubernetesVersion version) => Daemon.Run(self, client, version);

    private static Action Begin(ControllerContext context)
    {
        var served = new ServedResources(context.Version);
        var rootCa = context.Self.Files.Read(Flags.Value(context.Self, "--root-ca-file") ?? RootCaFile) ?? "";
        _ = new ServiceAccountController(context, rootCa);
        if (context.Version.HasServiceAccountTokenSecrets)
        {
            _ = new TokenController(context, rootCa);
        }

        _ = new ReplicaSetController(context);
        _ = new DeploymentController(context);
        _ = new DaemonSetController(context);
        _ = new StatefulSetController(context);
        _ = new JobController(context);
        _ = new CronJobController(context);
        _ = new DisruptionController(context);
        _ = new EndpointsController(context);
        _ = new EndpointSliceController(context);
        _ = new EndpointSliceMirroringController(context);
        var nodes = new NodeLifecycleController(context);
        _ = new TaintEvictionController(context);
        _ = new NodeTtl(context);
        if (Flags.Value(context.Self, "--allocate-node-cidrs") == "true"
            && Ipv4Prefix.TryParse(Flags.Value(context.Self, "--cluster-cidr"), out var pods))
        {
            _ = new NodeAddressing(context, pods);
        }

        _ = new NamespaceController(context, served);
        _ = new GarbageCollector(context, served);
        var podGarbage = new PodGarbageCollector(context);
        return () =>
        {
            nodes.Start();
            podGarbage.Start();
        };
    }
}
