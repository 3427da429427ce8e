using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing;

/// <summary>A part of the Markdown file that a lesson takes note of; what lies between parts is prose.</summary>
/// <param name="FirstLine">Its first line, from 0.</param>
/// <param name="LastLine">Its last line.</param>
internal abstract record MarkdownPart(int FirstLine, int LastLine);

/// <summary>The front matter between its <c>---</c> lines.</summary>
internal sealed record FrontMatterPart(int FirstLine, int LastLine, BlockLines Lines) : MarkdownPart(FirstLine, LastLine);

/// <summary>A heading of the document itself (not inside of a list or quotation).</summary>
internal sealed record HeadingPart(int FirstLine, int LastLine, int Level, string Text) : MarkdownPart(FirstLine, LastLine);

/// <summary>A fence that has a role.</summary>
/// <param name="FirstLine">The line of the opening fence.</param>
/// <param name="LastLine">The line of the closing fence.</param>
/// <param name="Position">Where the opening fence stands.</param>
/// <param name="Head">Its info string.</param>
/// <param name="Role">Its role.</param>
/// <param name="Lines">What it holds.</param>
internal sealed record FencePart(int FirstLine, int LastLine, SourcePosition Position, FenceHead Head, BlockRole Role, BlockLines Lines)
    : MarkdownPart(FirstLine, LastLine)
{
    /// <summary>The attribute that gives the role, or null for a nameless step or a transcript.</summary>
    public FenceAttribute? RoleAttribute => Find(Role.Key);

    /// <summary>The attribute of a key, or null.</summary>
    public FenceAttribute? Find(string key) => Head.Attributes?.FirstOrDefault(attribute => attribute.Key == key);
}

/// <summary>A <c>&lt;details&gt;</c> of HTML with what stands in it.</summary>
/// <param name="FirstLine">The line of its opening tag.</param>
/// <param name="LastLine">The line of its closing tag.</param>
/// <param name="Position">Where the opening tag stands.</param>
/// <param name="Summary">The words of its <c>&lt;summary&gt;</c>, without tags; empty where it has none.</param>
/// <param name="Inside">The Markdown between the summary and the closing tag.</param>
/// <param name="Fences">The fences with a role that stand in it.</param>
internal sealed record DetailsPart(
    int FirstLine, int LastLine, SourcePosition Position, string Summary, string Inside, ImmutableArray<FencePart> Fences)
    : MarkdownPart(FirstLine, LastLine);
