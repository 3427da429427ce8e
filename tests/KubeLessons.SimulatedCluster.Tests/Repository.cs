using KubeLessons.Lessons;

namespace KubeLessons.SimulatedCluster.Tests;

/// <summary>The project's own files.</summary>
internal static class Repository
{
    /// <summary>The folder of <c>KubeLessons.sln</c>.</summary>
    public static string Root { get; } = Find();

    /// <summary>A lesson of the course, in English.</summary>
    public static Lesson Lesson(string id)
    {
        var file = Path.Combine(Root, "lessons", id, "lesson.md");
        return LessonParser.Parse(file, File.ReadAllText(file)).Lesson!;
    }

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "KubeLessons.sln")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException("The repository was not found.");
    }
}
