using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Controllers.Deployments;
using KubeLessons.Simulator.Controllers.Nodes;
using KubeLessons.Simulator.Controllers.ReplicaSets;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers;

/// <summary>The program <c>kube-controller-manager</c>: all controllers in one process, at work while it leads.</summary>
public static class ControllerManager
{
    /// <summary>--secure-port.</summary>
    public const int Port = 10257;

    private static readonly LeaderProgram Daemon = new("kube-controller-manager", "/etc/kubernetes/controller-manager.conf", Port, Begin);

    /// <summary>The program of this version. It reads <c>--kubeconfig</c> and <c>--leader-elect</c>.</summary>
    public static ProgramMain Program(KubernetesVersion version) => self => Daemon.Main(self, version);

    /// <summary>The program with a client that was made elsewhere.</summary>
    internal static IEnumerable<Wait> Run(Process self, ApiClient client, KubernetesVersion version) => Daemon.Run(self, client, version);

    private static Action Begin(ControllerContext context)
    {
        _ = new ReplicaSetController(context);
        _ = new DeploymentController(context);
        var nodes = new NodeLifecycleController(context);
        _ = new TaintEvictionController(context);
        return nodes.Start;
    }
}
