using System.Collections.Immutable;
using KubeLessons.Texts;

namespace KubeLessons.Lessons;

/// <summary>A fault of a lesson: where it is, what it is, and what would be right.</summary>
/// <param name="Position">The place.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record Diagnostic(SourcePosition Position, Message Message)
{
    /// <summary><c>file:line:column: what; what would be right</c>, in a language.</summary>
    public string In(Wording wording) => $"{Position}: {Message.In(wording)}";

    /// <inheritdoc/>
    public override string ToString() => In(Wording.English);
}

/// <summary>What came of reading a lesson.</summary>
/// <param name="Lesson">The lesson, or null where the file holds too little to make one. With diagnostics it must not be run.</param>
/// <param name="Diagnostics">Every fault, in the order of the file.</param>
public sealed record LessonParseResult(Lesson? Lesson, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Whether the lesson can be run.</summary>
    public bool IsValid => Lesson is not null && Diagnostics.IsEmpty;
}
