using KubeLessons.Lessons;

namespace KubeLessons.Checks;

/// <summary>
/// Judges one time operator. It is shown the instants in order, beginning with the one that was current at the anchor, and is then
/// told up to which time the record is complete. Once decided it stays decided.
/// </summary>
internal abstract class TimeJudge(DateTimeOffset anchor, DateTimeOffset deadline)
{
    /// <summary>The latest time by which it will be decided.</summary>
    public virtual DateTimeOffset Deadline => deadline;

    /// <summary>The verdict, once there is one.</summary>
    public Verdict? Decided { get; private set; }

    protected DateTimeOffset Anchor => anchor;

    public static TimeJudge For(TimeOperator time, DateTimeOffset anchor, Func<Duration, TimeSpan> resolve) => time switch
    {
        TimeOperator.Eventually t => new EventuallyJudge(anchor, resolve(t.Within)),
        TimeOperator.Consistently t => new ConsistentlyJudge(anchor, resolve(t.For)),
        TimeOperator.Settles t => new SettlesJudge(anchor, resolve(t.Within), resolve(t.For)),
        TimeOperator.Never t => new NeverJudge(anchor, resolve(t.For)),
        TimeOperator.Window t => new WindowJudge(anchor, resolve(t.Min), resolve(t.Max)),
        TimeOperator.Until t => new UntilJudge(anchor, resolve(t.Within)),
        TimeOperator.Sequence t => new SequenceJudge(anchor, resolve(t.Within), [.. t.Steps.Select(step => step.Text)]),
        _ => new NowJudge(anchor),
    };

    /// <summary>Shows the next instant. One that comes after the deadline cannot change the verdict.</summary>
    public void See(Instant instant)
    {
        if (Decided is null && instant.At > Deadline)
        {
            TimeIsOver();
        }

        if (Decided is null)
        {
            Look(instant);
        }
    }

    /// <summary>Says that nothing else happened up to this time.</summary>
    public void CompleteUntil(DateTimeOffset now)
    {
        if (Decided is null && now >= Deadline)
        {
            TimeIsOver();
        }
    }

    protected abstract void Look(Instant instant);

    /// <summary>Decides by the deadline what nothing decided before.</summary>
    protected abstract void TimeIsOver();

    protected void Pass(DateTimeOffset at) => Decided = new Verdict(CheckStanding.Passed, at);

    protected void Fail(DateTimeOffset at, VerdictReason reason, int clause = -1) =>
        Decided = new Verdict(CheckStanding.Failed, at, reason, clause);
}

/// <summary><c>now</c>: decided by the instant at the anchor.</summary>
internal sealed class NowJudge(DateTimeOffset anchor) : TimeJudge(anchor, anchor)
{
    protected override void Look(Instant instant)
    {
        if (instant.Holds)
        {
            Pass(instant.At);
        }
        else
        {
            Fail(instant.At, VerdictReason.TimeIsOver);
        }
    }

    protected override void TimeIsOver() => Fail(Anchor, VerdictReason.TimeIsOver);
}

/// <summary><c>eventually: D</c></summary>
internal sealed class EventuallyJudge(DateTimeOffset anchor, TimeSpan within) : TimeJudge(anchor, anchor + within)
{
    protected override void Look(Instant instant)
    {
        if (instant.Holds)
        {
            Pass(instant.At);
        }
    }

    protected override void TimeIsOver() => Fail(Deadline, VerdictReason.TimeIsOver);
}

/// <summary><c>consistently: D</c></summary>
internal sealed class ConsistentlyJudge(DateTimeOffset anchor, TimeSpan span) : TimeJudge(anchor, anchor + span)
{
    protected override void Look(Instant instant)
    {
        if (!instant.Holds)
        {
            Fail(instant.At, instant.At > Anchor ? VerdictReason.HeldNoMore : VerdictReason.TimeIsOver);
        }
    }

    protected override void TimeIsOver() => Pass(Deadline);
}

/// <summary><c>never: D</c></summary>
internal sealed class NeverJudge(DateTimeOffset anchor, TimeSpan span) : TimeJudge(anchor, anchor + span)
{
    protected override void Look(Instant instant)
    {
        if (instant.Holds)
        {
            Fail(instant.At, VerdictReason.HeldAfterAll);
        }
    }

    protected override void TimeIsOver() => Pass(Deadline);
}

/// <summary>
/// <c>settles: {within: W, for: F}</c>. A worked example, W = 10 s and F = 5 s: held from 2 s to 4 s and from 9 s on: passed at
/// 14 s, for the second stretch began within W. Held from 11 s on: failed at 10 s.
/// </summary>
internal sealed class SettlesJudge(DateTimeOffset anchor, TimeSpan within, TimeSpan span) : TimeJudge(anchor, anchor + within + span)
{
    private DateTimeOffset? _since;
    private bool _heldBefore;

    public override DateTimeOffset Deadline => _since is { } since ? since + span : Anchor + within;

    protected override void Look(Instant instant)
    {
        if (!instant.Holds)
        {
            _heldBefore |= _since is not null;
            _since = null;
            if (instant.At > Anchor + within)
            {
                Fail(instant.At, VerdictReason.HeldNoMore);
            }
        }
        else
        {
            _since ??= instant.At;
        }
    }

    protected override void TimeIsOver()
    {
        if (_since is { } since)
        {
            Pass(since + span);
        }
        else
        {
            Fail(Anchor + within, _heldBefore ? VerdictReason.HeldNoMore : VerdictReason.TimeIsOver);
        }
    }
}

/// <summary><c>window: [min, max]</c></summary>
internal sealed class WindowJudge(DateTimeOffset anchor, TimeSpan min, TimeSpan max) : TimeJudge(anchor, anchor + max)
{
    protected override void Look(Instant instant)
    {
        if (!instant.Holds)
        {
            return;
        }

        if (instant.At < Anchor + min)
        {
            Fail(instant.At, VerdictReason.TooEarly);
        }
        else
        {
            Pass(instant.At);
        }
    }

    protected override void TimeIsOver() => Fail(Deadline, VerdictReason.TimeIsOver);
}

/// <summary><c>until: END</c> within D: the conditions hold at every instant before the end condition does.</summary>
internal sealed class UntilJudge(DateTimeOffset anchor, TimeSpan within) : TimeJudge(anchor, anchor + within)
{
    /// <summary>Stands for the end condition as the clause that did not hold.</summary>
    public const int EndClause = -2;

    protected override void Look(Instant instant)
    {
        if (instant.EndHolds)
        {
            Pass(instant.At);
        }
        else if (!instant.Holds)
        {
            Fail(instant.At, VerdictReason.HeldNoMore);
        }
    }

    protected override void TimeIsOver() => Fail(Deadline, VerdictReason.TimeIsOver, EndClause);
}

/// <summary>
/// <c>sequence: [A, B, C]</c> within D: each comes to hold in its turn. A later one that comes to hold (it did not before) while an
/// earlier one has not yet is out of order; one that held all along is waited for in its turn.
/// </summary>
internal sealed class SequenceJudge(DateTimeOffset anchor, TimeSpan within, string[] steps) : TimeJudge(anchor, anchor + within)
{
    private int _next;
    private bool[]? _before;

    protected override void Look(Instant instant)
    {
        while (_next < steps.Length && instant.Each[_next])
        {
            _next++;
        }

        if (_next == steps.Length)
        {
            Pass(instant.At);
            return;
        }

        for (var later = _next + 1; _before is not null && later < steps.Length; later++)
        {
            var isNewHere = instant.Each[later] && !_before[later];
            if (isNewHere && Array.IndexOf(steps, steps[later], 0, later) < 0)
            {
                Fail(instant.At, VerdictReason.OutOfOrder, later);
                return;
            }
        }

        _before = instant.Each;
    }

    protected override void TimeIsOver() => Fail(Deadline, VerdictReason.TimeIsOver, _next);
}
