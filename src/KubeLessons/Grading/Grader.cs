namespace KubeLessons.Grading;

/// <summary>Makes a grade of results. Pure: the same results always get the same grade.</summary>
public static class Grader
{
    /// <summary>
    /// Errored when a check errored; failed when the run was stopped, no check counted, or fewer points were earned than the lesson
    /// asks for (of those that this cluster can give); else passed.
    /// </summary>
    public static LessonOutcome Grade(LessonReport report)
    {
        if (report.Checks.Any(check => check.Outcome == CheckOutcome.Errored))
        {
            return LessonOutcome.Errored;
        }

        var possible = report.PointsPossible;
        return report.Stopped is null && possible > 0 && report.PointsEarned >= report.Lesson.Header.Pass.Of(possible)
            ? LessonOutcome.Passed
            : LessonOutcome.Failed;
    }
}
