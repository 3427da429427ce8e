using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary>What must be observed, when, and what to tell the learner if it was not.</summary>
/// <param name="Id">The check's name, unique in the lesson.</param>
/// <param name="After">The step, todo or check that its time counts from.</param>
/// <param name="Points">What it is worth; 1 by default.</param>
/// <param name="Notes">The claims of the notes that it proves.</param>
/// <param name="Time">When the conditions must hold.</param>
/// <param name="That">The conditions, which must hold at the same instant; empty only for <see cref="TimeOperator.Sequence"/>.</param>
/// <param name="Unless">Conditions any of which fails the check at once.</param>
/// <param name="Hint">What a learner who failed may try, translated; or null.</param>
/// <param name="Why">Why Kubernetes behaves so, translated; or null.</param>
public sealed record CheckSpec(
    string Id,
    Anchor After,
    int Points,
    ImmutableArray<string> Notes,
    TimeOperator Time,
    ImmutableArray<Condition> That,
    ImmutableArray<Condition> Unless,
    string? Hint,
    string? Why);

/// <summary>What a check's time counts from.</summary>
/// <param name="Kind">Whether it is a step, a todo or another check.</param>
/// <param name="Name">Its name.</param>
public sealed record Anchor(AnchorKind Kind, string Name);

/// <summary>What kind of block a check's time counts from.</summary>
public enum AnchorKind
{
    /// <summary>A step: its time counts from the step's end; <c>exit</c> and <c>output</c> are the step's.</summary>
    Step,

    /// <summary>A todo: its time counts from the moment the learner was asked; the checks decide when it is done.</summary>
    Todo,

    /// <summary>Another check: its time counts from the instant at which that one was satisfied.</summary>
    Check,
}
