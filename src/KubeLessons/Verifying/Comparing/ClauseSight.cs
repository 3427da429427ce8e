using KubeLessons.Grading;

namespace KubeLessons.Verifying.Comparing;

/// <summary>How one clause of a check went on one cluster.</summary>
/// <param name="Outcome">How its check ended.</param>
/// <param name="First">When the clause first held, counted from the check's anchor; null: never while the check was judged.</param>
/// <param name="HeldAtTheEnd">Whether it held when the check was decided.</param>
/// <param name="Seen">What was there when the check was decided.</param>
/// <param name="Reason">Why the check was left out, or "".</param>
public sealed record ClauseSight(CheckOutcome Outcome, TimeSpan? First, bool HeldAtTheEnd, string Seen, string Reason)
{
    public bool IsSkipped => Outcome == CheckOutcome.Skipped;
}

/// <summary>In what two clusters disagree about a clause.</summary>
[Flags]
public enum Disagreement
{
    None = 0,

    /// <summary>It held on one and not on the other, or its check ended in another way.</summary>
    State = 1,

    /// <summary>Both failed, and something else was seen.</summary>
    Reason = 2,

    /// <summary>It came to hold before another clause of its check on one, and after it on the other.</summary>
    Order = 4,

    /// <summary>It came to hold at another time than the tolerance allows.</summary>
    Timing = 8,
}

/// <summary>A clause, seen on both clusters.</summary>
public sealed record ComparedClause(string Check, string Clause, ClauseSight Simulated, ClauseSight Real, Disagreement Disagreement)
{
    public bool IsSkipped => Simulated.IsSkipped || Real.IsSkipped;
}

/// <summary>Two runs of a lesson side by side.</summary>
public sealed record Comparison(string Lesson, LessonReport Simulated, LessonReport Real, IReadOnlyList<ComparedClause> Clauses)
{
    public IEnumerable<ComparedClause> Disagreeing => Clauses.Where(clause => clause.Disagreement != Disagreement.None);
}
