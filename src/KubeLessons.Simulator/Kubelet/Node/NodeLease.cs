using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubelet.Node;

/// <summary>
/// Keeps the node's lease renewed (component-helpers lease controller): every 10 s; after a failure it is tried again, with
/// back-off up to 7 s. While all is well the renewals are a function of time and cost no turn.
/// </summary>
internal sealed class NodeLease(Process self, ApiClient client, string node)
{
    private static readonly TimeSpan _firstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestRetry = TimeSpan.FromSeconds(7);

    private Heartbeat? _beat;
    private bool _checkPlanned;

    /// <summary>The node's owner reference for a new lease; null as long as the node is not registered.</summary>
    public Doc? Owner { get; set; }

    /// <summary>
    /// Called when the renewals go on after they had ceased: what the node controller said of the node meanwhile is for the node to
    /// set right.
    /// </summary>
    public event Action? Resumed;

    /// <summary>Something changed on the network: whether the next renewal gets through is seen when it is due.</summary>
    public void CheckAtNextRenewal()
    {
        if (_checkPlanned || _beat is not { IsBeating: true } beat || self.HasExited)
        {
            return;
        }

        // Just before it is due, so that a renewal that fails is not counted.
        _checkPlanned = true;
        var due = beat.LastRenewal + KubernetesConstants.NodeLeaseRenewInterval - TimeSpan.FromTicks(1);
        self.After(due - self.World.Now, () =>
        {
            _checkPlanned = false;
            if (beat.IsBeating && !client.CanReachServer())
            {
                beat.Settle();
            }
        });
    }

    public IEnumerable<Wait> Run()
    {
        self.OnExit(() => _beat?.Settle());
        var retry = _firstRetry;
        while (true)
        {
            (var beat, var reply) = client.StartHeartbeat(LeaseRenewal.OfNode(node, Owner));
            if (beat is null)
            {
                KubeletLog.Error(self, $"\"Failed to ensure lease exists, will retry\" err=\"{KubeletLog.Describe(reply)}\" interval=\"{GoDuration.Format(retry)}\"");
                yield return Wait.For(reply.Takes + retry);
                retry = retry * 2 < _longestRetry ? retry * 2 : _longestRetry;
                continue;
            }

            retry = _firstRetry;
            var hasResumed = _beat is not null;
            _beat = beat;
            if (hasResumed)
            {
                Resumed?.Invoke();
            }

            while (beat.IsBeating)
            {
                yield return Wait.On(beat.Ceased);
            }

            // The next renewal that is due fails, or not.
            var next = beat.LastRenewal + KubernetesConstants.NodeLeaseRenewInterval;
            if (next > self.World.Now)
            {
                yield return Wait.For(next - self.World.Now);
            }
        }
    }
}
