using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary>
/// <c>yaml {predict=id}</c>: a question asked before the next step. The file holds no answer key: right is the choice that agrees
/// with what the cluster then does.
/// </summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Attributes">What any block may say.</param>
/// <param name="Id">The question's name.</param>
/// <param name="Ask">The question, translated.</param>
/// <param name="Choices">The answers to choose from, two at least.</param>
/// <param name="Observe">The value that decides, or null where every choice has its own <c>when</c>.</param>
/// <param name="At">The moment that decides.</param>
public sealed record PredictBlock(
    SourcePosition Position, BlockAttributes Attributes, string Id, string Ask, ImmutableArray<PredictChoice> Choices, ObservedValue? Observe, PredictMoment At)
    : Block(Position, Attributes);

/// <summary>An answer to choose from.</summary>
/// <param name="Key">Its name, the same in all languages.</param>
/// <param name="Text">Its words, translated.</param>
/// <param name="Value">The observed value that makes it right (with <see cref="PredictBlock.Observe"/>), or null.</param>
/// <param name="When">The conditions that make it right when all hold; empty with <see cref="PredictBlock.Observe"/>.</param>
/// <param name="Position">Where it stands.</param>
public sealed record PredictChoice(string Key, string Text, string? Value, ImmutableArray<Condition> When, SourcePosition Position);

/// <summary>The moment at which a prediction is decided.</summary>
/// <param name="Step">The step or todo from whose end the time counts: by default the next one.</param>
/// <param name="Delay">How long after it, in cluster time; zero by default.</param>
public sealed record PredictMoment(string Step, Duration Delay);
