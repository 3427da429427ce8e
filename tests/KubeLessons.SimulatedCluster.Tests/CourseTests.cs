using System.Collections.Immutable;
using KubeLessons.Lessons;
using KubeLessons.Reports;

namespace KubeLessons.SimulatedCluster.Tests;

/// <summary>The course as a whole.</summary>
public class CourseTests(ITestOutputHelper output)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "lessons");

    private static readonly ImmutableArray<Claim> Claims = Claim.ReadAll(File.ReadAllText(Path.Combine(Folder, "claims.tsv")));

    private static ImmutableArray<CourseLesson> Lessons { get; } = CoursePage.LessonsOf(
        new LessonLibrary(Directory.EnumerateFiles(Folder, "lesson*.md", SearchOption.AllDirectories), File.ReadAllText));

    [Fact]
    public void The_course_page_is_what_verify_update_writes()
    {
        var page = File.ReadAllText(Path.Combine(Folder, "README.md"));

        CoursePage.Write(Lessons, Claims).ShouldBe(page, "run: kubelessons verify --update");
    }

    [Fact]
    public void Every_note_of_a_lesson_names_a_claim_that_exists()
    {
        var known = Claims.Select(claim => claim.Id).ToHashSet(StringComparer.Ordinal);

        Lessons.SelectMany(lesson => lesson.English.Blocks).SelectMany(block => block is CheckBlock check ? check.Check.Notes : block.Attributes.Notes)
            .Where(note => !known.Contains(note)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_claim_is_proved_in_both_languages()
    {
        Claims.Length.ShouldBe(58);
        var unproved = new List<string>();
        foreach (var claim in Claims)
        {
            var proofs = Lessons.SelectMany(lesson => CoursePage.ProofsOf(lesson.English, claim.Id)).ToList();
            output.WriteLine($"{claim.Id}  {string.Join(", ", proofs.Select(proof => $"{proof.Lesson} {proof.Step}: {proof.Name}"))}");
            if (proofs.Count == 0 || !Lessons.Any(lesson => lesson.Korean is { } korean && CoursePage.ProofsOf(korean, claim.Id).Any()))
            {
                unproved.Add(claim.Id);
            }
        }

        unproved.ShouldBeEmpty();
    }
}
