namespace KubeLessons.RealCluster.Api;

/// <summary>
/// The cluster's time: this machine's steady clock, corrected by how far the API server's clock is from it. The server says its time
/// to the second (the Date header of RFC 9110), so each answer only bounds the difference; many answers make the bounds narrow.
/// </summary>
internal sealed class ClusterClock(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _begun = clock.GetUtcNow();
    private readonly long _begunAt = clock.GetTimestamp();
    private TimeSpan _least = TimeSpan.MinValue;
    private TimeSpan _most = TimeSpan.MaxValue;
    private TimeSpan _correction;

    /// <summary>The cluster's time now.</summary>
    public DateTimeOffset Now => Here + _correction;

    /// <summary>How far the API server's clock is ahead of this machine's; negative: behind.</summary>
    public TimeSpan Skew => _correction;

    /// <summary>This machine's time, never stepping back.</summary>
    public DateTimeOffset Here => _begun + clock.GetElapsedTime(_begunAt);

    /// <summary>
    /// Takes an answer into account. Once the run has begun the correction stays as it is, so that the cluster's time never jumps.
    /// </summary>
    public void Learn(DateTimeOffset sent, DateTimeOffset received, DateTimeOffset date)
    {
        lock (_gate)
        {
            // The server's clock showed something in [date, date + 1 s) at a moment in [sent, received].
            var least = date - received;
            var most = date + TimeSpan.FromSeconds(1) - sent;
            _least = least > _least ? least : _least;
            _most = most < _most ? most : _most;
        }
    }

    /// <summary>Settles the correction: none where the bounds allow none, else their middle.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            if (_least == TimeSpan.MinValue || (_least <= TimeSpan.Zero && _most >= TimeSpan.Zero))
            {
                _correction = TimeSpan.Zero;
            }
            else
            {
                _correction = _most > _least ? _least + ((_most - _least) / 2) : _least;
            }
        }
    }
}
