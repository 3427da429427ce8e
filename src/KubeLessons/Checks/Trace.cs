using KubeLessons.Clusters;

namespace KubeLessons.Checks;

/// <summary>The cluster as it was from one instant until the next observation, and the change that made it so.</summary>
/// <param name="At">Cluster time from which on this was so.</param>
/// <param name="State">All that was known then.</param>
/// <param name="Change">What changed; null for the very first.</param>
public sealed record Observation(DateTimeOffset At, ClusterState State, ClusterChange? Change);

/// <summary>
/// What was observed since the run began, in order: one observation for every change. It only grows; checks are judged on it,
/// so a state of ten milliseconds counts as much as one of an hour.
/// </summary>
public sealed class Trace
{
    private readonly List<Observation> _observations = [];

    public Trace(DateTimeOffset begin)
    {
        Now = begin;
        _observations.Add(new Observation(begin, ClusterState.Empty, null));
    }

    /// <summary>Cluster time up to which the record is complete.</summary>
    public DateTimeOffset Now { get; private set; }

    public int Count => _observations.Count;

    public Observation Last => _observations[^1];

    public Observation this[int index] => _observations[index];

    /// <summary>Appends a change. Cluster time never runs backwards: a change that carries an earlier time counts from the latest one.</summary>
    public void Add(ClusterChange change)
    {
        var at = change.At < Last.At ? Last.At : change.At;
        _observations.Add(new Observation(at, Last.State.After(change), change));
        if (at > Now)
        {
            Now = at;
        }
    }

    /// <summary>Says that nothing else happened up to this time.</summary>
    public void CompleteUntil(DateTimeOffset time)
    {
        if (time > Now)
        {
            Now = time;
        }
    }

    /// <summary>The index of the observation that was current at a time (the last one, where several changes share it).</summary>
    public int IndexAt(DateTimeOffset time)
    {
        int low = 0, high = _observations.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (_observations[middle].At <= time)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /// <summary>The cluster's state at a time.</summary>
    public ClusterState StateAt(DateTimeOffset time) => _observations[IndexAt(time)].State;
}
