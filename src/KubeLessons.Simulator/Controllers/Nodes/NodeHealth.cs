using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Controllers.Nodes;

/// <summary>
/// When the node controller last saw a sign of life from each node. It looks every 5 s, so a sign is seen at the first such
/// tick after it was given; the grace period counts from there. Renewals of a lease are functions of time and not commits, so
/// what a tick would have seen is computed from the renewal's own time.
/// <para>Example: ticks at 0, 5, 10… and renewals at 3, 13, 23. The kubelet stops at 31: the renewal of 23 was seen at 25, and
/// with 40 s of grace the node is Unknown at 65, which is 34 s after the stop.</para>
/// </summary>
internal sealed class NodeHealth(Func<TimeSpan, TimeSpan> tickAtOrAfter, DateTimeOffset epoch)
{
    private string? _heartbeat;
    private string? _renewTime;

    /// <summary>The tick at which the newest sign of life was seen.</summary>
    public TimeSpan Seen { get; private set; }

    public bool HasReady { get; private set; }

    /// <summary>The first look at a node that has told its condition, now; or one that has not: its creation counts.</summary>
    public void Begin(Doc node, TimeSpan now)
    {
        HasReady = Conditions.Find(node, "Ready") is not null;
        Seen = HasReady ? now : node.CreatedAt() - epoch;
        _heartbeat = HeartbeatOf(node);
    }

    /// <summary>Takes in the node's own status: a new heartbeat time is a sign of life.</summary>
    public void SeeStatus(Doc node, TimeSpan now)
    {
        var hasReady = Conditions.Find(node, "Ready") is not null;
        if (hasReady != HasReady)
        {
            Begin(node, now);
            return;
        }

        var heartbeat = HeartbeatOf(node);
        if (heartbeat != _heartbeat && heartbeat is not null)
        {
            _heartbeat = heartbeat;

            // Whole seconds: the sign was given up to a second later than it says. An older one was written down afterwards.
            var given = Timestamps.Parse(heartbeat) - epoch + TimeSpan.FromSeconds(1);
            Advance(tickAtOrAfter(given) < now ? tickAtOrAfter(given) : now);
        }
    }

    /// <summary>Takes in the lease: a new renewal is a sign of life; the first one that is ever seen counts from now.</summary>
    public void SeeLease(Doc? lease, TimeSpan now)
    {
        if (lease?.Text("spec", "renewTime") is not { } renewTime || renewTime == _renewTime)
        {
            return;
        }

        var isFirst = _renewTime is null;
        var isNewer = isFirst || Timestamps.Parse(renewTime) > Timestamps.Parse(_renewTime);
        _renewTime = renewTime;
        if (isFirst)
        {
            Advance(now);
        }
        else if (isNewer)
        {
            var seen = tickAtOrAfter(Timestamps.Parse(renewTime) - epoch + Informer.Latency);
            Advance(seen < now ? seen : now);
        }
    }

    /// <summary>Counts from now again, as when the node controller finds that all nodes had been out of reach.</summary>
    public void Reset(TimeSpan now) => Seen = now;

    /// <summary>When the node is overdue, unless another sign comes.</summary>
    public TimeSpan Deadline(KubernetesVersion version) =>
        Seen + (HasReady ? version.NodeMonitorGracePeriod : KubernetesConstants.NodeStartupGracePeriod);

    private static string? HeartbeatOf(Doc node) => Conditions.Find(node, "Ready")?.Text("lastHeartbeatTime");

    private void Advance(TimeSpan seen) => Seen = seen > Seen ? seen : Seen;
}
