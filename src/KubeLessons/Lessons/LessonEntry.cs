using System.Collections.Immutable;

namespace KubeLessons.Lessons;

/// <summary>A lesson of a library, not read yet.</summary>
/// <param name="Id">Its folder's name.</param>
/// <param name="Folder">Its folder's path, with <c>/</c>.</param>
/// <param name="Files">The paths of its Markdown files by language.</param>
/// <param name="Attachments">The paths of what stands under <c>files/</c>, by the name below it.</param>
public sealed record LessonEntry(
    string Id, string Folder, ImmutableSortedDictionary<string, string> Files, ImmutableSortedDictionary<string, string> Attachments)
{
    /// <summary>The language of <c>lesson.md</c>.</summary>
    public const string English = "en";

    /// <summary>The file in a language, else in English, else the first there is.</summary>
    public string FileFor(string? language) =>
        language is not null && Files.TryGetValue(language, out var file) ? file : Files.GetValueOrDefault(English) ?? Files.First().Value;
}

/// <summary>What came of looking for a lesson. The hierarchy is closed: it is one of the nested records.</summary>
public abstract record LessonLookup
{
    private LessonLookup()
    {
    }

    /// <summary>The lesson, and the language of the file where one was named by its path.</summary>
    public sealed record Found(LessonEntry Entry, string? Language) : LessonLookup;

    /// <summary>Several ids hold the reference.</summary>
    public sealed record Ambiguous(string Reference, ImmutableArray<string> Ids) : LessonLookup;

    /// <summary>No id holds it; the nearest id, or null where none is near.</summary>
    public sealed record Unknown(string Reference, string? Nearest) : LessonLookup;
}
