using System.Runtime.CompilerServices;
using KubeLessons.Lessons;

namespace KubeLessons.Tests.Lessons;

/// <summary>The sample under Samples/: a valid lesson with every kind of block.</summary>
internal static class SampleLesson
{
    public const string EnglishFile = "lessons/03-sample/lesson.md";
    public const string KoreanFile = "lessons/03-sample/lesson.ko.md";

    public static string English { get; } = Read("lesson.md");

    public static string Korean { get; } = Read("lesson.ko.md");

    public static string Summary { get; } = Read("summary.txt");

    public static LessonParseResult Parse() => LessonParser.Parse(EnglishFile, English);

    private static string Read(string file, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "Samples", "03-sample", file));
}
