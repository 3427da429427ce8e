using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary>
/// <c>yaml {let}</c>: names values of the cluster. Each is read when the lesson reaches the block; where the value is not there
/// yet the run waits for it, for at most the lesson's <c>defaults.eventually</c>.
/// </summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Attributes">What any block may say.</param>
/// <param name="Bindings">The names, in order; a later one may use an earlier one.</param>
public sealed record LetBlock(SourcePosition Position, BlockAttributes Attributes, ImmutableArray<LetBinding> Bindings)
    : Block(Position, Attributes);

/// <summary>A name for a value.</summary>
/// <param name="Name">The variable, also in the shell of later steps.</param>
/// <param name="Value">Where the value is found.</param>
/// <param name="Position">Where the name stands.</param>
public sealed record LetBinding(string Name, ObservedValue Value, SourcePosition Position);
