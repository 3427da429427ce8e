namespace KubeLessons.Lessons;

/// <summary>Text to read: everything between two blocks that mean something, cut at headings.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Attributes">Always <see cref="BlockAttributes.None"/>.</param>
/// <param name="Markdown">The text as written.</param>
/// <param name="HeadingLevel">The level of the heading that it starts with, 1 to 6, or 0 where it starts with none.</param>
/// <param name="Heading">That heading's words without Markdown, or null.</param>
public sealed record ProseBlock(SourcePosition Position, BlockAttributes Attributes, string Markdown, int HeadingLevel, string? Heading)
    : Block(Position, Attributes);

/// <summary><c>&lt;details&gt;&lt;summary&gt;Hint 1: …</c>: help in tiers, shown only when asked for.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Attributes">Always <see cref="BlockAttributes.None"/>.</param>
/// <param name="Step">The step or todo above it, which it helps with.</param>
/// <param name="Tier">1 for the first hint.</param>
/// <param name="Summary">The words behind <c>Hint 1:</c>.</param>
/// <param name="Markdown">The text inside, as written.</param>
public sealed record HintBlock(SourcePosition Position, BlockAttributes Attributes, string Step, int Tier, string Summary, string Markdown)
    : Block(Position, Attributes);
