using System.Collections.Immutable;
using KubeLessons.Lessons.Parsing;

namespace KubeLessons.Lessons.Linting;

/// <summary>Reports every fault of lessons at once: those of each file, those between a lesson's languages, and those between lessons.</summary>
public static class Linter
{
    /// <summary>The faults of all lessons of a library, in the order of their files.</summary>
    public static ImmutableArray<Diagnostic> Lint(LessonLibrary library) => [.. library.Entries.SelectMany(entry => Lint(library, entry))];

    /// <summary>The faults of one lesson in all its languages. What it needs is looked for in the library.</summary>
    public static ImmutableArray<Diagnostic> Lint(LessonLibrary library, LessonEntry entry)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var lessons = new SortedDictionary<string, Lesson>(StringComparer.Ordinal);
        foreach (var (language, file) in entry.Files)
        {
            var result = library.Open(entry, language);
            diagnostics.AddRange(result.Diagnostics);
            if (result.Lesson is not { } lesson) continue;
            lessons.Add(language, lesson);
            var bag = new DiagnosticBag();
            CheckFile(library, entry, language, lesson, bag);
            diagnostics.AddRange(bag.InOrder());
        }

        if (!entry.Files.ContainsKey(LessonEntry.English))
            diagnostics.Add(new Diagnostic(new SourcePosition(entry.FileFor(null), 1, 1), Texts.Message.Of("lint.noEnglish", entry.Folder)));
        if (lessons.TryGetValue(LessonEntry.English, out var original))
            foreach (var translation in lessons.Where(lesson => lesson.Key != LessonEntry.English))
                diagnostics.AddRange(Translation.Compare(original, translation.Value));
        return [.. diagnostics.OrderBy(fault => fault.Position)];
    }

    private static void CheckFile(LessonLibrary library, LessonEntry entry, string language, Lesson lesson, DiagnosticBag bag)
    {
        var start = new SourcePosition(lesson.File, 1, 1);
        if (lesson.Id.Length > 0 && lesson.Id != entry.Id) bag.Report(start, "lint.idOfFolder", lesson.Id, entry.Id);
        if (lesson.Header.Language != language) bag.Report(start, "lint.languageOfFile", lesson.Header.Language, language);

        // A lesson that is linted alone cannot know which others there are.
        if (library.Entries.Length < 2) return;
        foreach (var need in lesson.Header.Needs)
        {
            if (library.Entries.All(other => other.Id != need))
                bag.Report(start, "lint.unknownNeed", need, NearestWord.Suggest(need, library.Entries.Select(other => other.Id)));
            else if (string.CompareOrdinal(need, entry.Id) >= 0)
                bag.Report(start, "lint.laterNeed", need);
        }
    }
}
