using KubeLessons.Lessons;

namespace KubeLessons.Testing;

/// <summary>Short lessons for tests, through the real parser.</summary>
public static class LessonText
{
    private const string FrontMatter = """
        ---
        id: 99-test
        title: A test
        lang: en
        minutes: 1
        ---

        """;

    /// <summary>A lesson of this Markdown, below the shortest front matter. Faults fail the test.</summary>
    public static Lesson Parse(string markdown)
    {
        var result = LessonParser.Parse("99-test/lesson.md", FrontMatter + markdown);
        return result is { IsValid: true, Lesson: { } lesson }
            ? lesson
            : throw new ArgumentException(string.Join('\n', result.Diagnostics), nameof(markdown));
    }

    /// <summary>A check of this YAML, after a step called <c>go</c>.</summary>
    public static CheckSpec Check(string yaml) =>
        Parse($"```bash {{name=go}}\ntrue\n```\n\n```yaml {{check=it}}\n{yaml}\n```\n").Checks.Single().Check;

    /// <summary>A condition.</summary>
    public static Condition Condition(string text) => Check($"that:\n  - {text}").That.Single();
}
