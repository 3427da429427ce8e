using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers;

/// <summary>
/// Of several that run, one leads (client-go/tools/leaderelection): whoever holds the lease. A lease that is free is taken at
/// once; one that a killed process left behind is not believed to be abandoned until 15 s have passed without a renewal, so a
/// program that was started again leads after 15 to 20 s.
/// </summary>
internal sealed class LeaderElection
{
    private const string LeaseNamespace = "kube-system";

    /// <summary>Attempts come every 2 s, up to 120 % later (client-go: JitterFactor).</summary>
    private const double JitterFactor = 1.2;

    private readonly Process _self;
    private readonly ApiClient _client;
    private readonly LeaseRenewal _renewal;
    private readonly SeededRandom _random;
    private Heartbeat? _beat;
    private Doc? _observed;
    private TimeSpan _observedAt;

    /// <param name="self">The program that wants to lead.</param>
    /// <param name="client">Its way to the API.</param>
    /// <param name="leaseName">The lease, in kube-system.</param>
    public LeaderElection(Process self, ApiClient client, string leaseName)
    {
        (_self, _client) = (self, client);
        _random = self.World.RandomFor($"leader/{self.Host.Name}/{leaseName}/{self.Id}/{self.World.Now.Ticks}");
        _renewal = LeaseRenewal.OfLeader(LeaseNamespace, leaseName, $"{self.Host.Name}_{_random.NextUid()}");
    }

    public bool IsLeading => _beat is { IsBeating: true };

    /// <summary>Ends when this process leads.</summary>
    public IEnumerable<Wait> Acquire()
    {
        while (!TryAcquire())
        {
            var jitter = 1 + (JitterFactor * _random.NextDouble());
            yield return Wait.For(KubernetesConstants.LeaderElectionRetryPeriod * jitter);
        }
    }

    /// <summary>Ends when the lease could not be renewed for 10 s: somebody else may lead by then, so this process must not.</summary>
    public IEnumerable<Wait> Hold()
    {
        while (_beat is { } beat)
        {
            if (beat.IsBeating)
            {
                yield return Wait.On(beat.Ceased);
            }

            var giveUpAt = beat.LastRenewal + KubernetesConstants.LeaderElectionRenewDeadline;
            while (!TryAcquire())
            {
                if (_self.World.Now >= giveUpAt)
                {
                    yield break;
                }

                var left = giveUpAt - _self.World.Now;
                var pause = KubernetesConstants.LeaderElectionRetryPeriod;
                yield return Wait.For(pause < left ? pause : left);
            }
        }
    }

    /// <summary>The renewals cease: the lease stays as it is and runs out.</summary>
    public void Cease() => _beat?.Settle();

    private bool TryAcquire()
    {
        var reply = _client.Send(ApiRequest.Get(Resources.Leases, LeaseNamespace, _renewal.Name));
        if (reply.IsSuccess && IsHeldByAnother(reply.Response!.Body["spec"] ?? Doc.Empty))
        {
            return false;
        }

        if (!reply.IsSuccess && reply.Reason != "NotFound")
        {
            return false;
        }

        var (beat, _) = _client.StartHeartbeat(_renewal);
        if (beat is not null)
        {
            _beat = beat;
        }

        return beat is not null;
    }

    private bool IsHeldByAnother(Doc lease)
    {
        if (!lease.Equals(_observed))
        {
            (_observed, _observedAt) = (lease, _self.World.Now);
        }

        var holder = lease.Text("holderIdentity");
        return !string.IsNullOrEmpty(holder)
            && holder != _renewal.Holder
            && _observedAt + KubernetesConstants.LeaderElectionLeaseDuration > _self.World.Now;
    }
}
