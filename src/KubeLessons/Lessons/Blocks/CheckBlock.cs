namespace KubeLessons.Lessons;

/// <summary><c>yaml {check=id after=stop}</c>: what must be observed.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Attributes">What any block may say.</param>
/// <param name="Check">The check.</param>
public sealed record CheckBlock(SourcePosition Position, BlockAttributes Attributes, CheckSpec Check)
    : Block(Position, Attributes);
