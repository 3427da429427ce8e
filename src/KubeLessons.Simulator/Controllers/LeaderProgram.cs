using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Hosts.Identity;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers;

/// <summary>
/// How a control plane program runs: it answers health probes, waits until it leads, works as long as it leads, and exits with 1
/// when it lost the lead, so that whoever started it starts it again.
/// </summary>
/// <param name="Name">The program's name, which is also its lease's.</param>
/// <param name="Kubeconfig">Where its kubeconfig lies, unless <c>--kubeconfig</c> says otherwise (kubeadm's place).</param>
/// <param name="HealthPort">The port of /healthz (--secure-port).</param>
/// <param name="Begin">Makes what works, before its informers start; the answer starts what waits for their first lists.</param>
internal sealed record LeaderProgram(string Name, string Kubeconfig, int HealthPort, Func<ControllerContext, Action> Begin)
{
    public IEnumerable<Wait> Main(Process self, KubernetesVersion version)
    {
        var path = Flags.Value(self, "--kubeconfig") ?? Kubeconfig;
        // Without --tls-cert-file it signs a certificate for itself.
        var authority = new CertificateAuthority(
            $"{self.Host.Name}-ca@{self.World.UtcNow.ToUnixTimeSeconds()}", self.World.RandomFor($"tls/{self.Host.Name}/{self.Id}"), self.World.UtcNow);
        var health = new HttpService(static (request, _) => request.Path.Split('?')[0] switch
        {
            "/healthz" or "/livez" or "/readyz" => new HttpResponse(200, "ok"),
            _ => new HttpResponse(404, "404 page not found\n"),
        })
        {
            IsSteady = true,
            Certificate = authority.IssueServer(new CertificateSubject($"{self.Host.Name}@{self.World.UtcNow.ToUnixTimeSeconds()}"), false, self.Host.Name, "localhost"),
        };
        if (self.Listen(HealthPort, health, address: Flags.Value(self, "--bind-address") ?? "0.0.0.0") is null)
        {
            self.Error.WriteLine($"failed to create listener: failed to listen on 0.0.0.0:{HealthPort}: listen tcp 0.0.0.0:{HealthPort}: bind: address already in use");
            self.Exit(1);
            return [];
        }

        return Run(self, ApiClients.FromKubeconfig(self, path, Name), version, Flags.Value(self, "--leader-elect") != "false");
    }

    public IEnumerable<Wait> Run(Process self, ApiClient client, KubernetesVersion version, bool elects = true)
    {
        var election = new LeaderElection(self, client, Name);
        var context = new ControllerContext(self, client, version);
        try
        {
            if (elects)
            {
                yield return Wait.Call(election.Acquire());
            }

            var start = Begin(context);
            context.Start();
            while (!context.HasSynced)
            {
                yield return Wait.For(ApiClient.RoundTrip);
            }

            start();
            yield return elects ? Wait.Call(election.Hold()) : Wait.Forever;
            self.Error.WriteLine("leaderelection lost");
            self.Exit(1);
        }
        finally
        {
            election.Cease();
            context.Stop();
        }
    }
}
