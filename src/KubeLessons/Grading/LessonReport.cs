using System.Collections.Immutable;
using KubeLessons.Checks;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Grading;

/// <summary>How a check ended.</summary>
public enum CheckOutcome
{
    Passed,
    Failed,

    /// <summary>The check's own machinery failed: never the learner's fault.</summary>
    Errored,

    /// <summary>This cluster cannot carry it: neither passed nor failed, and worth nothing.</summary>
    Skipped,
}

/// <summary>A check and how it ended.</summary>
public sealed record CheckResult(CheckSpec Check, CheckOutcome Outcome, CheckExplanation? Explanation, Message? Reason)
{
    /// <summary>
    /// Whether its conditions already held just before its step began. A check that did not hold then demands a change.
    /// </summary>
    public bool HeldBefore { get; init; }

    public int PointsEarned => Outcome == CheckOutcome.Passed ? Check.Points : 0;

    public int PointsPossible => Outcome == CheckOutcome.Skipped ? 0 : Check.Points;
}

/// <summary>A step (or todo) as it went: what was run, on which node, what it printed, and the checks that were counted from it.</summary>
public sealed record StepResult(string Name, string Node, string Commands, CommandResult? Result, ImmutableArray<CheckResult> Checks);

/// <summary>A prediction: what was answered, what the cluster then did (the key of the choice that came true), and whether they agree.</summary>
public sealed record PredictionResult(PredictBlock Question, string? Answer, string? Observed)
{
    /// <summary>Null when nothing was answered or no choice came true.</summary>
    public bool? IsRight => Answer is null || Observed is null ? null : Answer == Observed;
}

/// <summary>How a lesson ended.</summary>
public enum LessonOutcome
{
    Passed,
    Failed,
    Errored,
}

/// <summary>Everything about one run of a lesson: data, which the formats of <c>Reports</c> write out.</summary>
public sealed record LessonReport(
    Lesson Lesson,
    ClusterDescription Cluster,
    DateTimeOffset Started,
    TimeSpan ClusterTime,
    ImmutableArray<StepResult> Steps,
    ImmutableArray<PredictionResult> Predictions)
{
    /// <summary>Why the run stopped before its end, such as an interrupt; null when it did not.</summary>
    public Message? Stopped { get; init; }

    public IEnumerable<CheckResult> Checks => Steps.SelectMany(step => step.Checks);

    public int PointsEarned => Checks.Sum(check => check.PointsEarned);

    public int PointsPossible => Checks.Sum(check => check.PointsPossible);

    public LessonOutcome Outcome => Grader.Grade(this);

    /// <summary>The claims of the notes that this run proved: named by a check that passed, or by a prediction whose outcome was observed.</summary>
    public IEnumerable<string> Claims =>
        Checks.Where(check => check.Outcome == CheckOutcome.Passed).SelectMany(check => check.Check.Notes)
            .Concat(Predictions.Where(prediction => prediction.Observed is not null)
                .SelectMany(prediction => prediction.Question.Attributes.Notes))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
}
