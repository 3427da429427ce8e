using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Cli.Library;

/// <summary>Finds lessons on disk: those that come with the tool or the clone, and any that a path names.</summary>
internal static class LessonShelf
{
    private const string FolderName = "lessons";

    /// <summary>All lessons at hand.</summary>
    public static LessonLibrary All(Surroundings surroundings)
    {
        var folder = Folder(surroundings)
            ?? throw new UserError(Message.Of("cli.noLessons", surroundings.WorkingDirectory));
        return Under(folder);
    }

    /// <summary>The lessons that paths name: folders, files, or folders of lessons.</summary>
    public static LessonLibrary At(Surroundings surroundings, IEnumerable<string> paths)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            var full = Path.GetFullPath(path, surroundings.WorkingDirectory);
            if (File.Exists(full))
            {
                files.AddRange(FilesUnder(Path.GetDirectoryName(full)!));
            }
            else if (Directory.Exists(full))
            {
                files.AddRange(FilesUnder(full));
            }
            else
            {
                throw new UserError(Message.Of("cli.noSuchPath", path));
            }
        }

        return new LessonLibrary(files.Distinct(StringComparer.Ordinal), File.ReadAllText);
    }

    /// <summary>
    /// A lesson by its id, a part of it, or a path, ready to run: in the language asked for, without faults.
    /// </summary>
    public static Lesson Open(Session session, string reference)
    {
        var (library, entry, language) = Find(session, reference);
        var parsed = library.Open(entry, language ?? session.Wording.Language);
        if (parsed is { IsValid: true, Lesson: { } lesson })
        {
            return lesson;
        }

        foreach (var diagnostic in parsed.Diagnostics)
        {
            session.Error.WriteLine(diagnostic.In(session.Wording));
        }

        throw new UserError(Message.Of("cli.lessonHasFaults", entry.Id, parsed.Diagnostics.Length));
    }

    /// <summary>Finds a lesson; the language is that of the file, when the reference named one.</summary>
    public static (LessonLibrary Library, LessonEntry Entry, string? Language) Find(Session session, string reference)
    {
        var surroundings = session.Surroundings;
        var path = Path.GetFullPath(reference, surroundings.WorkingDirectory);
        var isFile = File.Exists(path);
        if (isFile || (Directory.Exists(path) && File.Exists(Path.Combine(path, "lesson.md"))))
        {
            var library = At(surroundings, [path]);
            return library.Find(path) is LessonLookup.Found found
                ? (library, found.Entry, found.Language)
                : throw new UserError(Message.Of("cli.noLessonFile", reference));
        }

        var all = All(surroundings);
        return all.Find(reference) switch
        {
            LessonLookup.Found found => (all, found.Entry, found.Language),
            LessonLookup.Ambiguous ambiguous =>
                throw new UserError(Message.Of("cli.ambiguousLesson", reference, string.Join(", ", ambiguous.Ids))),
            LessonLookup.Unknown { Nearest: { } nearest } => throw new UserError(Message.Of("cli.unknownLessonNear", reference, nearest)),
            _ => throw new UserError(Message.Of("cli.unknownLesson", reference, string.Join(", ", all.Entries.Select(entry => entry.Id)))),
        };
    }

    private static string? Folder(Surroundings surroundings)
    {
        if (surroundings.Variable("KUBELESSONS_LESSONS") is { } told)
        {
            return Path.GetFullPath(told, surroundings.WorkingDirectory);
        }

        return Upwards(surroundings.WorkingDirectory).Concat(Upwards(surroundings.ToolDirectory))
            .Select(directory => Path.Combine(directory, FolderName))
            .FirstOrDefault(folder => Directory.Exists(folder)
                && Directory.EnumerateDirectories(folder).Any(lesson => File.Exists(Path.Combine(lesson, "lesson.md"))));
    }

    private static IEnumerable<string> Upwards(string directory)
    {
        for (DirectoryInfo? at = new(directory); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }

    private static LessonLibrary Under(string folder) => new(FilesUnder(folder), File.ReadAllText);

    private static IEnumerable<string> FilesUnder(string folder) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4 });
}
