namespace KubeLessons.Simulator.Controllers.Nodes;

/// <summary>How many nodes of a zone are well (pkg/controller/nodelifecycle: ZoneState).</summary>
internal enum ZoneState
{
    Initial,
    Normal,
    PartialDisruption,
    FullDisruption,
}

/// <summary>
/// The nodes of one zone that wait for their NoExecute taint, let through one at a time at a rate: a token bucket that holds
/// one token (pkg/controller/nodelifecycle/scheduler: RateLimitedTimedQueue, EvictionRateLimiterBurst 1).
/// </summary>
internal sealed class ZoneTainter
{
    private readonly List<string> _waiting = [];
    private TimeSpan _nextToken;

    /// <summary>Nodes a second; 0 stops the queue.</summary>
    public double Rate { get; private set; } = Versions.KubernetesConstants.NodeEvictionRate;

    public ZoneState State { get; set; } = ZoneState.Initial;

    public bool Add(string node)
    {
        if (_waiting.Contains(node))
        {
            return false;
        }

        _waiting.Add(node);
        return true;
    }

    public bool Contains(string node) => _waiting.Contains(node);

    public void Remove(string node) => _waiting.Remove(node);

    public void SetRate(double rate) => Rate = rate;

    /// <summary>The next node whose turn it is now; null when none waits or the bucket is empty.</summary>
    public string? TryTake(TimeSpan now)
    {
        if (_waiting.Count == 0 || Rate <= 0 || now < _nextToken)
        {
            return null;
        }

        var node = _waiting[0];
        _waiting.RemoveAt(0);
        _nextToken = now + TimeSpan.FromSeconds(1 / Rate);
        return node;
    }

    /// <summary>When the next node's turn comes; null when none waits or the queue is stopped.</summary>
    public TimeSpan? NextDue => _waiting.Count == 0 || Rate <= 0 ? null : _nextToken;
}
