using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KubeLessons.Lessons;

namespace KubeLessons.Reports;

/// <summary>A lesson of the course in its languages.</summary>
public sealed record CourseLesson(Lesson English, Lesson? Korean);

/// <summary>A place of a lesson that proves a claim: a check, counted from a step, or a prediction.</summary>
/// <param name="Lesson">The lesson's id.</param>
/// <param name="Step">The step or todo that the check is counted from, or that the prediction is about.</param>
/// <param name="Name">The check's or prediction's name.</param>
public sealed record Proof(string Lesson, string Step, string Name);

/// <summary>The course at a glance, as Markdown: its lessons, and for each claim of the notes the places that prove it.</summary>
public static class CoursePage
{
    /// <summary>All lessons of a library, in the order of their ids, without those that have faults.</summary>
    public static ImmutableArray<CourseLesson> LessonsOf(LessonLibrary library) =>
    [
        .. library.Entries.Where(entry => entry.Files.ContainsKey(LessonEntry.English))
            .Select(entry => (English: library.Open(entry, LessonEntry.English).Lesson, Korean: entry.Files.ContainsKey("ko") ? library.Open(entry, "ko").Lesson : null))
            .Where(lesson => lesson.English is not null)
            .Select(lesson => new CourseLesson(lesson.English!, lesson.Korean)),
    ];

    /// <summary>The places of a lesson that prove a claim, in reading order.</summary>
    public static IEnumerable<Proof> ProofsOf(Lesson lesson, string claim) => lesson.Blocks.Select(block => block switch
    {
        CheckBlock check when check.Check.Notes.Contains(claim) => new Proof(lesson.Id, StepOf(lesson, check.Check), check.Check.Id),
        PredictBlock predict when predict.Attributes.Notes.Contains(claim) => new Proof(lesson.Id, predict.At.Step, predict.Id),
        _ => null,
    }).OfType<Proof>();

    /// <summary>The page. It links each lesson by its folder, so it belongs beside the lessons.</summary>
    public static string Write(ImmutableArray<CourseLesson> lessons, ImmutableArray<Claim> claims)
    {
        var page = new StringBuilder("""
            # The course

            <!-- Written by `kubelessons verify --update`; a test fails when it is stale. -->

            In this order, or from wherever your question is: each lesson starts from a fresh cluster.
            이 순서대로 해도 되고, 궁금한 것부터 해도 됩니다. 레슨마다 새 클러스터에서 시작합니다.

            | Lesson | 레슨 | Minutes | Level | Checks | Predictions | On your own | Points |
            | --- | --- | ---: | --- | ---: | ---: | ---: | ---: |

            """.ReplaceLineEndings("\n"));
        foreach (var (english, korean) in lessons)
        {
            page.Append(CultureInfo.InvariantCulture, $"| [{Cell(english.Title)}]({english.Id}/lesson.md) | ");
            page.Append(korean is null ? "" : $"[{Cell(korean.Title)}]({english.Id}/lesson.ko.md)");
            page.Append(CultureInfo.InvariantCulture, $" | {english.Header.Minutes} | {english.Header.Difficulty.ToString().ToLowerInvariant()}");
            page.Append(CultureInfo.InvariantCulture, $" | {english.Checks.Count()} | {english.Blocks.OfType<PredictBlock>().Count()}");
            page.Append(CultureInfo.InvariantCulture, $" | {english.Blocks.OfType<TodoBlock>().Count()} | {english.Points} |\n");
        }

        page.Append("""

            ## What proves each claim of the notes

            A claim counts as proved where a check passed, or a prediction was judged, on what the cluster then did.

            | Claim | 노트 | In English | Proved by |
            | --- | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        foreach (var claim in claims)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {claim.Id} | {Cell(claim.Korean)} | {Cell(claim.English)} | ");
            page.AppendJoin("<br>", lessons.Select(lesson => Places(lesson.English, claim)).Where(places => places.Length > 0));
            page.Append(" |\n");
        }

        return page.ToString();
    }

    private static string Places(Lesson lesson, Claim claim)
    {
        var proofs = ProofsOf(lesson, claim.Id).ToList();
        return proofs.Count == 0
            ? ""
            : $"[{lesson.Id}]({lesson.Id}/lesson.md): {string.Join(", ", proofs.Select(proof => $"`{proof.Step}` › {proof.Name}"))}";
    }

    private static string StepOf(Lesson lesson, CheckSpec check)
    {
        var anchor = check.After;
        while (anchor.Kind == AnchorKind.Check && lesson.Checks.FirstOrDefault(each => each.Check.Id == anchor.Name) is { } before)
        {
            anchor = before.Check.After;
        }

        return anchor.Name;
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
