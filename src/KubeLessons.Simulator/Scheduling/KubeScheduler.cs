using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>The program <c>kube-scheduler</c>.</summary>
public static class KubeScheduler
{
    /// <summary>--secure-port.</summary>
    public const int Port = 10259;

    private static readonly LeaderProgram Daemon = new("kube-scheduler", "/etc/kubernetes/scheduler.conf", Port, Begin);

    /// <summary>The program of this version. It reads <c>--kubeconfig</c> and <c>--leader-elect</c>.</summary>
    public static ProgramMain Program(KubernetesVersion version) => self => Daemon.Main(self, version);

    /// <summary>The program with a client that was made elsewhere.</summary>
    internal static IEnumerable<Wait> Run(Process self, ApiClient client, KubernetesVersion version) => Daemon.Run(self, client, version);

    private static Action Begin(ControllerContext context)
    {
        _ = new Scheduler(context);
        return static () => { };
    }
}
