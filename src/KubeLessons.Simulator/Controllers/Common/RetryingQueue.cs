using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Controllers;

/// <summary>How a look at a key ended.</summary>
internal readonly record struct SyncResult
{
    private SyncResult(bool failed, TimeSpan? again) => (Failed, Again) = (failed, again);

    public bool Failed { get; }

    /// <summary>When to look again without a reason; null: when something changes.</summary>
    public TimeSpan? Again { get; }

    public static SyncResult Done => default;

    /// <summary>Try again with back-off.</summary>
    public static SyncResult Failure => new(true, null);

    public static SyncResult After(TimeSpan delay) => new(false, delay);

    public static SyncResult FromSuccess(bool success) => success ? Done : Failure;
}

/// <summary>
/// A work queue that tries a failed key again after 5 ms, 10 ms, 20 ms… up to 1000 s (client-go's
/// DefaultControllerRateLimiter), until it succeeds.
/// </summary>
internal sealed class RetryingQueue<TKey>
    where TKey : notnull
{
    public static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(5);
    public static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(1000);

    private readonly WorkQueue<TKey> _queue;
    private readonly Dictionary<TKey, int> _failures = [];

    public RetryingQueue(Process owner, Func<TKey, SyncResult> sync)
    {
        _queue = new WorkQueue<TKey>(owner, key =>
        {
            var result = sync(key);
            if (result.Failed)
            {
                return NextBackOff(key);
            }

            _failures.Remove(key);
            return result.Again;
        });
    }

    public void Add(TKey key) => _queue.Add(key);

    public void AddAfter(TKey key, TimeSpan delay) => _queue.AddAfter(key, delay);

    /// <summary>Adds the key after its back-off, as if it had failed.</summary>
    public void AddRateLimited(TKey key) => _queue.AddAfter(key, NextBackOff(key));

    private TimeSpan NextBackOff(TKey key)
    {
        var failures = _failures.GetValueOrDefault(key);
        _failures[key] = failures + 1;
        return failures >= 18 ? LongestBackOff : Min(FirstBackOff * (1L << failures), LongestBackOff);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
