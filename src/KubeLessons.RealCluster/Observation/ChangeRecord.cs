using KubeLessons.Clusters;
using KubeLessons.RealCluster.Api;

namespace KubeLessons.RealCluster.Observation;

/// <summary>Everything that was seen, in the order in which it was, stamped with the cluster's time. Watches and readers write at once.</summary>
internal sealed class ChangeRecord(ClusterClock clock)
{
    private readonly Lock _gate = new();
    private readonly List<ClusterChange> _changes = [];
    private TaskCompletionSource _next = NewSignal();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _changes.Count;
            }
        }
    }

    public DateTimeOffset Add(Func<DateTimeOffset, ClusterChange> change)
    {
        TaskCompletionSource signal;
        DateTimeOffset now;
        lock (_gate)
        {
            now = clock.Now;
            _changes.Add(change(now));
            (signal, _next) = (_next, NewSignal());
        }

        signal.TrySetResult();
        return now;
    }

    public ClusterChanges After(long position)
    {
        lock (_gate)
        {
            var from = (int)Math.Clamp(position, 0, _changes.Count);
            return new ClusterChanges([.. _changes[from..]], _changes.Count, clock.Now);
        }
    }

    /// <summary>Ends as soon as there are more changes than these.</summary>
    public Task MoreThanAsync(int count)
    {
        lock (_gate)
        {
            return _changes.Count > count ? Task.CompletedTask : _next.Task;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
