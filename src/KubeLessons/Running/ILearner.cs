using System.Collections.Immutable;
using KubeLessons.Lessons;

namespace KubeLessons.Running;

/// <summary>Commands to run on a node.</summary>
public sealed record PlannedCommand(string Node, string Script);

/// <summary>What the learner does at a step or todo. No commands: nothing is done there.</summary>
/// <param name="Commands">What is run, one after the other.</param>
/// <param name="IsDone">False for a todo that the learner goes on with after these commands.</param>
public sealed record LearnerAction(ImmutableArray<PlannedCommand> Commands, bool IsDone = true)
{
    public static LearnerAction Nothing { get; } = new([]);

    public static LearnerAction Run(string node, string script) => new([new PlannedCommand(node, script)]);
}

/// <summary>A step, or a todo, at which the learner acts.</summary>
/// <param name="Block">The step or todo.</param>
/// <param name="Name">Its name.</param>
/// <param name="Node">The node that the lesson means.</param>
/// <param name="Commands">The lesson's commands: the step's own, or the todo's solution ("" where there is none).</param>
public sealed record Invitation(Block Block, string Name, string Node, string Commands);

/// <summary>
/// Whoever goes through a lesson: a person at a terminal, or a script (<see cref="ScriptedLearner"/>). Cancelling is quitting.
/// </summary>
public interface ILearner
{
    ValueTask<LearnerAction> ActAsync(Invitation invitation, CancellationToken cancellation);

    /// <summary>The key of the choice; null for no answer.</summary>
    ValueTask<string?> PredictAsync(PredictBlock question, CancellationToken cancellation);
}
