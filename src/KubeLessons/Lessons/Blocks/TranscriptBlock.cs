using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary><c>console</c>: commands and what they printed, to be read. <c>verify</c> says when it has gone stale.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Attributes">What any block may say.</param>
/// <param name="Entries">The commands in order.</param>
public sealed record TranscriptBlock(SourcePosition Position, BlockAttributes Attributes, ImmutableArray<TranscriptEntry> Entries)
    : Block(Position, Attributes);

/// <summary>A command of a transcript and its output.</summary>
/// <param name="Command">The command behind <c>$ </c>, with its continuation lines (<c>&gt; </c>) joined by line breaks.</param>
/// <param name="Output">The lines below it, ending in a line break; empty where it printed nothing.</param>
/// <param name="Position">Where the command's line starts.</param>
/// <param name="OutputLine">The file's line where the output starts: what <c>verify --update</c> replaces.</param>
/// <param name="OutputLines">How many lines it has.</param>
public sealed record TranscriptEntry(string Command, string Output, SourcePosition Position, int OutputLine, int OutputLines);
