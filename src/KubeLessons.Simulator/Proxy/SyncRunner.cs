using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Proxy;

/// <summary>
/// Runs a sync soon after it was asked for, but not too often: two in a row at once, then one in each <paramref name="minInterval"/>
/// (pkg/util/async: BoundedFrequencyRunner with a burst of 2). Nothing runs while nobody asks.
/// </summary>
internal sealed class SyncRunner(Process owner, TimeSpan minInterval, Action sync)
{
    private const double Burst = 2;

    /// <summary>From the request to the run.</summary>
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(1);

    private double _tokens = Burst;
    private TimeSpan _countedAt;
    private Turn? _planned;

    public void Request() => Plan(Latency);

    /// <summary>Asks for a run that is not before this time.</summary>
    public void RequestAfter(TimeSpan delay) => owner.After(delay, Request);

    private void Plan(TimeSpan delay) => _planned ??= owner.After(delay, Try);

    private void Try()
    {
        _planned = null;
        var now = owner.World.Now;
        _tokens = Math.Min(Burst, _tokens + (now - _countedAt) / minInterval);
        _countedAt = now;
        // A sum of fractions may miss a whole token by the last bit.
        if (_tokens < 1 - 1e-6)
        {
            Plan(minInterval * (1 - _tokens));
            return;
        }

        _tokens = Math.Max(0, _tokens - 1);
        sync();
    }
}
