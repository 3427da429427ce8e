using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Kubelet;

/// <summary>
/// The program <c>kubelet</c>: the daemon behind the unit of that name. It reads its kubeconfig file, finds the container runtime on
/// its socket, and works until the process ends.
/// </summary>
public sealed class KubeletDaemon(KubeletSettings defaults)
{
    public IEnumerable<Wait> Main(Process self)
    {
        var (settings, fault) = KubeletConfiguration.Read(self, defaults);
        if (settings is null)
        {
            KubeletLog.Error(self, $"\"command failed\" err=\"{fault}\"");
            self.Exit(1);
            yield break;
        }

        var (client, error) = ApiClients.TryFromKubeconfig(self, settings.KubeconfigPath, "kubelet");
        if (client is null)
        {
            KubeletLog.Error(self, $"\"command failed\" err=\"failed to run Kubelet: unable to load kubeconfig: {error}\"");
            self.Exit(1);
            yield break;
        }

        yield return Wait.Call(Run(self, client, settings));
    }

    /// <summary>The same with a client and settings that are there already.</summary>
    public static IEnumerable<Wait> Run(Process self, ApiClient client, KubeletSettings settings)
    {
        yield return Wait.For(settings.StartTime);
        new NodeKubelet(self, client, settings).Start();
        yield return Wait.Forever;
    }
}
