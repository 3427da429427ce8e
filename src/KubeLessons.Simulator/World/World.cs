namespace KubeLessons.Simulator;

/// <summary>
/// The simulated world's clock, queue, dice and memory. Everything that happens is a turn: a method that runs to its end at
/// one instant of virtual time. Turns run in the order of (due time, sequence), on the one thread that drives the world, so
/// the same seed and the same inputs give the same world. Reading the clock never moves it; a driver does.
/// </summary>
public sealed class World
{
    /// <summary>So many turns at one instant mean a loop that never waits; the world stops loudly.</summary>
    public const int MaxTurnsAtOneInstant = 1_000_000;

    /// <summary>Midnight of the first day, unless told otherwise: a fixed date, so that two runs print the same times.</summary>
    public static readonly DateTimeOffset DefaultEpoch = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Turn, (long Due, long Sequence)> _queue = new();
    private long _sequence;
    private int _turnsAtThisInstant;

    public World(ulong seed, DateTimeOffset? epoch = null)
    {
        Seed = seed;
        Epoch = epoch ?? DefaultEpoch;
        Random = new SeededRandom(seed);
        Trace = new Trace(this);
    }

    public ulong Seed { get; }

    /// <summary>The calendar date at which virtual time is zero.</summary>
    public DateTimeOffset Epoch { get; }

    /// <summary>Virtual time since the world began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>The calendar date and time inside the world.</summary>
    public DateTimeOffset UtcNow => Epoch + Now;

    /// <summary>The world's own dice. A component takes a stream of its own with <see cref="RandomFor"/>.</summary>
    public SeededRandom Random { get; }

    /// <summary>Everything that changed, with its virtual time.</summary>
    public Trace Trace { get; }

    /// <summary>Turns that have run so far.</summary>
    public long TurnsRun { get; private set; }

    /// <summary>When the next turn is due; null when nothing is left to happen.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            DropCancelled();
            return _queue.TryPeek(out var turn, out _) ? turn.Due : null;
        }
    }

    /// <summary>A stream of random numbers that depends on the seed and the name alone, not on what others draw.</summary>
    public SeededRandom RandomFor(string name) => new(Seed ^ SeededRandom.Hash(name));

    /// <summary>Runs <paramref name="action"/> in a turn of its own, <paramref name="delay"/> from now (not before now).</summary>
    public Turn After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Runs <paramref name="action"/> in a turn of its own at this virtual time (now, if that is past).</summary>
    public Turn At(TimeSpan due, Action action)
    {
        var turn = new Turn(due < Now ? Now : due, action);
        _queue.Enqueue(turn, (turn.Due.Ticks, _sequence++));
        return turn;
    }

    /// <summary>Runs the next turn, moving the clock to its due time. False when nothing is left to happen.</summary>
    public bool Step() => StepUntil(TimeSpan.MaxValue);

    /// <summary>Runs all turns that are due up to this time and leaves the clock there.</summary>
    public void AdvanceTo(TimeSpan time)
    {
        while (StepUntil(time))
        {
        }

        if (time > Now)
        {
            MoveClock(time);
        }
    }

    /// <summary>Lets this much virtual time pass.</summary>
    public void Advance(TimeSpan time) => AdvanceTo(Now + time);

    /// <summary>
    /// Runs turns until <paramref name="condition"/> holds (looked at after every turn). False when the deadline came first;
    /// the clock then stands at the deadline.
    /// </summary>
    public bool RunUntil(Func<bool> condition, TimeSpan deadline)
    {
        while (!condition())
        {
            if (!StepUntil(deadline))
            {
                if (deadline > Now)
                {
                    MoveClock(deadline);
                }

                return condition();
            }
        }

        return true;
    }

    /// <summary>Runs the next turn if it is due by <paramref name="limit"/>.</summary>
    public bool StepUntil(TimeSpan limit)
    {
        DropCancelled();
        if (!_queue.TryPeek(out var turn, out _) || turn.Due > limit)
        {
            return false;
        }

        _queue.Dequeue();
        if (turn.Due > Now)
        {
            MoveClock(turn.Due);
        }

        if (++_turnsAtThisInstant > MaxTurnsAtOneInstant)
        {
            throw new InvalidOperationException(
                $"{MaxTurnsAtOneInstant} turns at {Now} without time passing: a loop that never waits (seed {Seed}).");
        }

        TurnsRun++;
        turn.Run();
        return true;
    }

    private void MoveClock(TimeSpan time)
    {
        Now = time;
        _turnsAtThisInstant = 0;
    }

    private void DropCancelled()
    {
        while (_queue.TryPeek(out var turn, out _) && turn.IsCancelled)
        {
            _queue.Dequeue();
        }
    }
}
