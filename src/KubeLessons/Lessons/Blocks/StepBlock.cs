using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary><c>bash {name=stop on=w1-k8s}</c>: commands that the learner runs on a node.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Attributes">What any block may say.</param>
/// <param name="Name">Its name; a step without one is called <c>step-1</c>, <c>step-2</c>… by its place among all steps.</param>
/// <param name="Commands">The shell text, as written, lines ending in <c>\n</c>.</param>
/// <param name="Harmless">Which mutants of the step need not be noticed, and why.</param>
public sealed record StepBlock(
    SourcePosition Position, BlockAttributes Attributes, string Name, string Commands, ImmutableArray<HarmlessMutant> Harmless)
    : Block(Position, Attributes);

/// <summary>A mutant of a step that the author declares harmless: no check needs to notice it.</summary>
/// <param name="Mutant">What is done to the step.</param>
/// <param name="Reason">Why it makes no difference: <c>because="…"</c>.</param>
public sealed record HarmlessMutant(StepMutant Mutant, string Reason);

/// <summary>How the authors' gate damages a step to see whether a check notices.</summary>
public enum StepMutant
{
    /// <summary>The step is left out: <c>left-out</c>.</summary>
    LeftOut,

    /// <summary>It runs on another node: <c>wrong-node</c>.</summary>
    WrongNode,

    /// <summary>It runs twice: <c>twice</c>.</summary>
    Twice,

    /// <summary>It changes places with the next step: <c>wrong-order</c>.</summary>
    WrongOrder,
}

/// <summary><c>bash {todo=id on=…}</c>: a goal without a command; the learner acts and its checks decide.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Attributes">What any block may say.</param>
/// <param name="Id">The name that its solution and its checks refer to.</param>
/// <param name="Goal">The goal's words: the block's comment lines without their <c>#</c>.</param>
public sealed record TodoBlock(SourcePosition Position, BlockAttributes Attributes, string Id, string Goal)
    : Block(Position, Attributes);

/// <summary><c>bash {solution=id}</c>: what runs for a todo when nobody acts.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Attributes">What any block may say; without <c>on</c> it runs where the todo does.</param>
/// <param name="Todo">The todo that it solves.</param>
/// <param name="Commands">The shell text.</param>
/// <param name="Harmless">Which mutants of the solution need not be noticed, and why.</param>
public sealed record SolutionBlock(
    SourcePosition Position, BlockAttributes Attributes, string Todo, string Commands, ImmutableArray<HarmlessMutant> Harmless)
    : Block(Position, Attributes);

/// <summary><c>bash {cleanup}</c>: commands that always run at the end, also after a failure or Ctrl-C.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Attributes">What any block may say.</param>
/// <param name="Commands">The shell text.</param>
public sealed record CleanupBlock(SourcePosition Position, BlockAttributes Attributes, string Commands)
    : Block(Position, Attributes);
