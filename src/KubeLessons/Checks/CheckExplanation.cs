using System.Collections.Immutable;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Checks;

/// <summary>The reason of a verdict, as a report tells it.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Clause">The condition that decided, in the author's words with the variables filled in.</param>
/// <param name="Expected">What it asked for.</param>
/// <param name="Actual">What was seen last.</param>
/// <param name="SeenAt">Since when that was so; null where it has no time.</param>
/// <param name="NearestEvent">The event nearest to it in the cluster; null where there is none.</param>
public sealed record CheckExplanation(
    Verdict Verdict, string Clause, Message Expected, Message Actual, DateTimeOffset? SeenAt, string? NearestEvent)
{
    internal static CheckExplanation Of(CheckSpec check, Verdict verdict, Viewpoint view, Message? fault)
    {
        var clause = ClauseOf(check, verdict, view);
        if (fault is not null)
        {
            return new CheckExplanation(verdict, Words(clause, view), fault, fault, null, null);
        }

        if (clause is null)
        {
            return new CheckExplanation(verdict, check.Id, Said.There, Said.There, verdict.At, null);
        }

        var finding = ConditionEvaluator.Evaluate(clause, view);
        var expected = verdict.Reason switch
        {
            VerdictReason.HeldAfterAll => Message.Of("check.expectedNever", finding.Expected),
            VerdictReason.Unless => Message.Of("check.expectedNot", finding.Expected),
            VerdictReason.TooEarly => Message.Of("check.expectedLater", finding.Expected),
            VerdictReason.OutOfOrder => Message.Of("check.expectedInOrder", finding.Expected),
            VerdictReason.HeldNoMore => Message.Of("check.expectedStill", finding.Expected),
            _ => finding.Expected,
        };
        var nearest = verdict.Standing == CheckStanding.Failed
            ? EventConditions.Nearest(view.State, finding.Subject) ?? EventConditions.Nearest(view.State, null)
            : null;
        return new CheckExplanation(verdict, Words(clause, view), expected, finding.Actual, finding.Since, nearest);
    }

    private static Condition? ClauseOf(CheckSpec check, Verdict verdict, Viewpoint view)
    {
        ImmutableArray<Condition> steps = check.Time is TimeOperator.Sequence sequence ? sequence.Steps : [];
        return verdict switch
        {
            { Reason: VerdictReason.Unless, Clause: >= 0 } => check.Unless[verdict.Clause],
            { Clause: UntilJudge.EndClause } when check.Time is TimeOperator.Until until => until.End,
            { Clause: >= 0 } when verdict.Clause < steps.Length => steps[verdict.Clause],
            { Standing: CheckStanding.Failed, Reason: VerdictReason.HeldAfterAll or VerdictReason.TooEarly } => check.That.FirstOrDefault(),
            { Standing: CheckStanding.Failed or CheckStanding.Pending } =>
                check.That.FirstOrDefault(condition => !ConditionEvaluator.Evaluate(condition, view).Holds)
                ?? check.That.FirstOrDefault() ?? steps.FirstOrDefault(),
            { Standing: CheckStanding.Errored } =>
                CheckJudge.ConditionsOf(check).FirstOrDefault(condition => ConditionEvaluator.Evaluate(condition, view).Fault is not null),
            _ => check.That.FirstOrDefault() ?? steps.LastOrDefault(),
        };
    }

    private static string Words(Condition? clause, Viewpoint view) =>
        clause is null ? "" : view.Variables.Substitute(clause.Text).Text;
}
