using System.Collections.Immutable;
using KubeLessons.Lessons;
using KubeLessons.Running;

namespace KubeLessons.Verifying;

/// <summary>A way to get a lesson slightly wrong.</summary>
/// <param name="Step">The step or todo that is damaged.</param>
/// <param name="Kind">How.</param>
/// <param name="Actions">What the learner does instead, by step.</param>
/// <param name="Harmless">The author's reason why no check needs to notice; null: one must.</param>
/// <param name="Position">Where the step stands.</param>
internal sealed record Mutant(
    string Step, StepMutant Kind, ImmutableDictionary<string, LearnerAction> Actions, string? Harmless, SourcePosition Position);

/// <summary>
/// Makes the mutants of a lesson from what was done in its solved run: each step left out, on another node, twice, and in
/// the place of the next.
/// </summary>
internal static class Mutants
{
    public static IEnumerable<Mutant> Of(Lesson lesson, IReadOnlyList<Invitation> solved, ImmutableArray<NodeSpec> nodes)
    {
        for (var i = 0; i < solved.Count; i++)
        {
            var step = solved[i];
            yield return Make(lesson, step, StepMutant.LeftOut, (step.Name, LearnerAction.Nothing));
            if (OtherNode(step.Node, nodes) is { } other)
            {
                yield return Make(lesson, step, StepMutant.WrongNode, (step.Name, LearnerAction.Run(other, step.Commands)));
            }

            var once = new PlannedCommand(step.Node, step.Commands);
            yield return Make(lesson, step, StepMutant.Twice, (step.Name, new LearnerAction([once, once])));
            if (i + 1 < solved.Count && solved[i + 1] is var next && (next.Commands, next.Node) != (step.Commands, step.Node))
            {
                yield return Make(
                    lesson,
                    step,
                    StepMutant.WrongOrder,
                    (step.Name, LearnerAction.Run(next.Node, next.Commands)),
                    (next.Name, LearnerAction.Run(step.Node, step.Commands)));
            }
        }
    }

    // Another node of the same role is the likelier slip; where there is none, any other.
    private static string? OtherNode(string node, ImmutableArray<NodeSpec> nodes)
    {
        var role = nodes.FirstOrDefault(candidate => candidate.Name == node)?.Role;
        return (nodes.FirstOrDefault(candidate => candidate.Name != node && candidate.Role == role)
            ?? nodes.FirstOrDefault(candidate => candidate.Name != node))?.Name;
    }

    private static Mutant Make(
        Lesson lesson, Invitation step, StepMutant kind, params ReadOnlySpan<(string Step, LearnerAction Action)> actions)
    {
        var harmless = step.Block switch
        {
            StepBlock block => block.Harmless,
            TodoBlock todo => lesson.SolutionOf(todo)?.Harmless ?? [],
            _ => [],
        };
        var map = ImmutableDictionary.CreateBuilder<string, LearnerAction>();
        foreach (var (name, action) in actions)
        {
            map[name] = action;
        }

        return new Mutant(
            step.Name, kind, map.ToImmutable(), harmless.FirstOrDefault(mark => mark.Mutant == kind)?.Reason, step.Block.Position);
    }
}
