using System.Collections.Immutable;
using KubeLessons.Lessons;

namespace KubeLessons.Running;

/// <summary>A learner who does what the lesson says, or what a script makes of it: nothing, or something slightly wrong.</summary>
/// <param name="act">What is done at a step or todo.</param>
public sealed class ScriptedLearner(Func<Invitation, LearnerAction> act) : ILearner
{
    /// <summary>Runs every step, and every todo's solution.</summary>
    public static ScriptedLearner Obedient { get; } = new(invitation => LearnerAction.Run(invitation.Node, invitation.Commands));

    /// <summary>Reads on without doing anything.</summary>
    public static ScriptedLearner Idle { get; } = new(_ => LearnerAction.Nothing);

    /// <summary>Obedient, but for what is done at some places.</summary>
    public static ScriptedLearner Except(ImmutableDictionary<string, LearnerAction> actions) =>
        new(invitation => actions.GetValueOrDefault(invitation.Name) ?? LearnerAction.Run(invitation.Node, invitation.Commands));

    public ValueTask<LearnerAction> ActAsync(Invitation invitation, CancellationToken cancellation) => new(act(invitation));

    public ValueTask<string?> PredictAsync(PredictBlock question, CancellationToken cancellation) => new((string?)null);
}
