using System.Diagnostics;
using CsCheck;
using KubeLessons.Lessons;
using KubeLessons.Lessons.Linting;
using KubeLessons.Texts;

namespace KubeLessons.Tests.Lessons;

/// <summary>
/// Whatever is in a lesson's file, reading it ends in diagnostics: no exception, no hang, and every place lies in the file. The suite reads 10,000
/// lessons; KUBELESSONS_FUZZ=100000 in the environment reads so many. A failure prints the seed that CsCheck_Seed repeats.
/// </summary>
public sealed class FuzzTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_malformed_lesson_ends_in_diagnostics_with_places_in_the_file() => LessonMutation.Lessons.Sample(
        text =>
        {
            var watch = Stopwatch.StartNew();
            var result = LessonParser.Parse("lesson.md", text);
            watch.Elapsed.ShouldBeLessThan(Longest);
            var lines = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
            if (result.Lesson is null && result.Diagnostics.IsEmpty) return false;
            foreach (var fault in result.Diagnostics)
            {
                if (fault.Position.Line < 1 || fault.Position.Line > lines.Length) return false;
                if (fault.Position.Column < 1 || fault.Position.Column > lines[fault.Position.Line - 1].Length + 1) return false;
                if (fault.In(Wording.English).Length == 0 || fault.In(Wording.Korean).Length == 0) return false;
            }

            return true;
        },
        iter: Lessons(),
        print: Visible);

    [Fact]
    public void A_malformed_translation_ends_in_diagnostics() => LessonMutation.Lessons.Sample(
        text => Linter.Lint(LessonLibrary.Of(new Dictionary<string, string>
        {
            [SampleLesson.EnglishFile] = SampleLesson.English,
            [SampleLesson.KoreanFile] = text,
        })).All(fault => fault.Position.Line > 0),
        iter: Lessons() / 10,
        print: Visible);

    private static string Visible(string text) =>
        string.Concat(text.Select(letter => letter == '\n' || (letter >= ' ' && letter < 0x2000 && !char.IsControl(letter)) ? letter.ToString() : $"\\u{(int)letter:X4}"));

    private static long Lessons() => long.TryParse(Environment.GetEnvironmentVariable("KUBELESSONS_FUZZ"), out var lessons) ? lessons : 10_000;
}
