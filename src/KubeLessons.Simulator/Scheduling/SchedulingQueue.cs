using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Scheduling.Filters;

namespace KubeLessons.Simulator.Scheduling;

/// <summary>
/// The pods that want a node (pkg/scheduler/backend/queue): ready ones by priority and age; those that failed wait for a change
/// that may help, then for the end of their back-off (1 s, doubled up to 10 s). Back-offs end at whole seconds since the start.
/// </summary>
internal sealed class SchedulingQueue
{
    public static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BackOffFlush = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UnschedulableFlush = TimeSpan.FromSeconds(30);

    private readonly Process _owner;
    private readonly TimeSpan _maxUnschedulable;
    private readonly TimeSpan _start;
    private readonly Action _readyToPop;
    private readonly Dictionary<ObjectName, QueuedPod> _pods = [];
    private readonly PriorityQueue<QueuedPod, (long Priority, long Sequence)> _active = new();
    private long _sequence;
    private long _moves;
    private Turn? _flush;

    /// <param name="owner">The scheduler's process.</param>
    /// <param name="maxUnschedulable">A pod that nothing wakes is tried again after this time.</param>
    /// <param name="readyToPop">Called when there may be something to pop.</param>
    public SchedulingQueue(Process owner, TimeSpan maxUnschedulable, Action readyToPop)
    {
        (_owner, _maxUnschedulable, _readyToPop) = (owner, maxUnschedulable, readyToPop);
        _start = owner.World.Now;
    }

    private enum Place
    {
        Active,
        BackOff,
        Unschedulable,
        InCycle,
    }

    /// <summary>A new pod, or a newer state of one: what changed in its own spec or labels may be what it waited for.</summary>
    public void Put(Doc pod)
    {
        var key = pod.Key();
        if (!_pods.TryGetValue(key, out var queued) || queued.Pod.Uid() != pod.Uid())
        {
            Remove(key);
            queued = new QueuedPod(key, pod);
            _pods.Add(key, queued);
            Activate(queued);
            return;
        }

        var before = queued.Pod;
        queued.Pod = pod;
        if (queued.Place == Place.Unschedulable && (!Same(before, pod, "spec") || !Same(before.At("metadata"), pod.At("metadata"), "labels")))
        {
            Wake(queued);
            PlanFlush();
        }
    }

    public void Remove(ObjectName pod)
    {
        if (_pods.Remove(pod, out var queued))
        {
            queued.IsGone = true;
        }
    }

    /// <summary>The next pod to place; null when none is ready. Follow with <see cref="Remove"/> or <see cref="PutBack"/>.</summary>
    public (Doc Pod, long Moves)? TryPop()
    {
        while (_active.TryDequeue(out var queued, out _))
        {
            if (!queued.IsGone && queued.Place == Place.Active)
            {
                queued.Place = Place.InCycle;
                queued.Attempts++;
                return (queued.Pod, _moves);
            }
        }

        return null;
    }

    /// <summary>
    /// A pod could not be placed: it waits for one of these changes. When something changed while it was being looked at
    /// (<paramref name="movesBefore"/> is not current any more), only the back-off is waited for.
    /// </summary>
    public void PutBack(ObjectName pod, ClusterEvent wakesOn, long movesBefore)
    {
        if (!_pods.TryGetValue(pod, out var queued))
        {
            return;
        }

        queued.WakesOn = wakesOn;
        queued.Since = _owner.World.Now;
        queued.Place = movesBefore != _moves ? Place.BackOff : Place.Unschedulable;
        PlanFlush();
    }

    /// <summary>Something changed that may help: pods that wait for such a change are tried again when their back-off is over.</summary>
    public void Move(ClusterEvent happened)
    {
        _moves++;
        foreach (var queued in _pods.Values)
        {
            if (queued.Place == Place.Unschedulable && (queued.WakesOn & happened) != 0)
            {
                Wake(queued);
            }
        }

        PlanFlush();
    }

    private static bool Same(Doc? a, Doc? b, string field) => Equals(a?[field], b?[field]);

    private void Wake(QueuedPod queued)
    {
        if (BackOffEnd(queued) > _owner.World.Now)
        {
            queued.Place = Place.BackOff;
        }
        else
        {
            Activate(queued);
        }
    }

    private void Activate(QueuedPod queued)
    {
        queued.Place = Place.Active;
        _active.Enqueue(queued, (-(queued.Pod.Int("spec", "priority") ?? 0), _sequence++));
        _readyToPop();
    }

    private static TimeSpan BackOffEnd(QueuedPod queued)
    {
        var doubled = FirstBackOff * (1L << Math.Clamp(queued.Attempts - 1, 0, 10));
        return queued.Since + (doubled < LongestBackOff ? doubled : LongestBackOff);
    }

    private void PlanFlush()
    {
        TimeSpan? next = null;
        foreach (var queued in _pods.Values)
        {
            TimeSpan? due = queued.Place switch
            {
                Place.BackOff => TickAtOrAfter(BackOffEnd(queued), BackOffFlush),
                Place.Unschedulable => TickAtOrAfter(queued.Since + _maxUnschedulable, UnschedulableFlush),
                _ => null,
            };
            if (due is { } at && (next is null || at < next))
            {
                next = at;
            }
        }

        if (next is not { } soonest || (_flush is { IsCancelled: false } && _flush.Due <= soonest))
        {
            return;
        }

        _flush?.Cancel();
        _flush = _owner.After(soonest - _owner.World.Now, Flush);
    }

    private void Flush()
    {
        var now = _owner.World.Now;
        foreach (var queued in _pods.Values.ToList())
        {
            if (queued.Place == Place.BackOff && BackOffEnd(queued) <= now)
            {
                Activate(queued);
            }
            else if (queued.Place == Place.Unschedulable && queued.Since + _maxUnschedulable <= now)
            {
                Wake(queued);
            }
        }

        PlanFlush();
    }

    private TimeSpan TickAtOrAfter(TimeSpan time, TimeSpan period)
    {
        var passed = time - _start;
        return passed <= TimeSpan.Zero ? _owner.World.Now : _start + (period * ((passed.Ticks + period.Ticks - 1) / period.Ticks));
    }

    private sealed class QueuedPod(ObjectName key, Doc pod)
    {
        public ObjectName Key => key;

        public Doc Pod { get; set; } = pod;

        public Place Place { get; set; }

        public int Attempts { get; set; }

        /// <summary>When it last failed.</summary>
        public TimeSpan Since { get; set; }

        public ClusterEvent WakesOn { get; set; } = ClusterEvent.Any;

        public bool IsGone { get; set; }
    }
}
