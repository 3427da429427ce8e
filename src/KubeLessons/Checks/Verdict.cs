namespace KubeLessons.Checks;

/// <summary>How a check stands.</summary>
public enum CheckStanding
{
    /// <summary>More time must pass.</summary>
    Pending,

    Passed,

    Failed,

    /// <summary>It could not be judged: the lesson's or the tool's own fault, never the learner's.</summary>
    Errored,
}

/// <summary>
/// How a check stands by some cluster time.
/// </summary>
/// <param name="Standing">Whether it is decided.</param>
/// <param name="At">When it was decided; while pending, the latest time by which it will be.</param>
/// <param name="Reason">What decided it, when that is not simply a condition that holds or not.</param>
/// <param name="Clause">The index of the condition that decided among those of the operator or of unless, or -1.</param>
public readonly record struct Verdict(CheckStanding Standing, DateTimeOffset At, VerdictReason Reason = VerdictReason.None, int Clause = -1)
{
    public bool IsDecided => Standing != CheckStanding.Pending;
}

/// <summary>Why a time operator decided as it did.</summary>
public enum VerdictReason
{
    None,

    /// <summary>The time is over and the conditions did not hold (together).</summary>
    TimeIsOver,

    /// <summary>They held, and then no more.</summary>
    HeldNoMore,

    /// <summary>They held although they never should.</summary>
    HeldAfterAll,

    /// <summary>They held before the window opened.</summary>
    TooEarly,

    /// <summary>A later condition of a sequence came before its turn.</summary>
    OutOfOrder,

    /// <summary>An <c>unless</c> condition held.</summary>
    Unless,
}
