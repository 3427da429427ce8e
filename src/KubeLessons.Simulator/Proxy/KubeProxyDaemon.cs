using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Proxy;

/// <summary>
/// The program <c>kube-proxy</c>: it writes the Services and their endpoints into its node's iptables. What it wrote stays when it
/// ends.
/// </summary>
public static class KubeProxyDaemon
{
    /// <summary>From its start to its first look at the API.</summary>
    public static readonly TimeSpan StartTime = TimeSpan.FromMilliseconds(120);

    /// <summary>The program of a version. It reads <c>--config</c>, <c>--kubeconfig</c>, <c>--hostname-override</c> and <c>--cluster-cidr</c>.</summary>
    public static ProgramMain Program(KubernetesVersion version) => self => Main(self, version);

    private static IEnumerable<Wait> Main(Process self, KubernetesVersion version)
    {
        var log = new ProxyLog(self);
        var (configuration, error) = ProxyConfiguration.Read(self);
        if (configuration is null)
        {
            log.Error("run.go:74] \"command failed\"", error!);
            self.Exit(1);
            yield break;
        }

        var (client, reason) = ApiClients.TryFromKubeconfig(self, configuration.Kubeconfig, "kube-proxy");
        if (client is null)
        {
            log.Error("run.go:74] \"command failed\"", reason!);
            self.Exit(1);
            yield break;
        }

        yield return Wait.For(StartTime);
        yield return Wait.Call(new NodeProxier(self, client, configuration, version).Run());
    }
}
