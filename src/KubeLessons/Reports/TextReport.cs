using System.Globalization;
using System.Text;
using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Reports;

/// <summary>A report as plain text: a line for each check, the reason below each that did not pass, and the grade.</summary>
public static class TextReport
{
    public static string Write(LessonReport report, Wording wording)
    {
        var text = new StringBuilder();
        text.Append(report.Lesson.Id).Append("  ").Append(report.Lesson.Title).Append('\n');
        text.Append(Heading(report, wording)).Append("\n\n");
        foreach (var step in report.Steps)
        {
            text.Append(wording.Get("report.step", step.Name, step.Node)).Append('\n');
            foreach (var check in step.Checks)
            {
                text.Append("  ").Append(Line(check, wording)).Append('\n');
                foreach (var line in Reason(check, wording))
                {
                    text.Append("      ").Append(line).Append('\n');
                }
            }
        }

        foreach (var prediction in report.Predictions)
        {
            text.Append("  ").Append(Line(prediction, wording)).Append('\n');
        }

        text.Append('\n').Append(Summary(report, wording)).Append('\n');
        return text.ToString();
    }

    /// <summary>The cluster that the lesson ran on.</summary>
    public static string Heading(LessonReport report, Wording wording) => report.Cluster.Kind == ClusterKind.Simulated
        ? wording.Get("report.onSimulated", report.Cluster.Kubernetes.ToString(), report.Cluster.Nodes.Length, report.Cluster.Seed ?? 0)
        : wording.Get("report.onReal", report.Cluster.Kubernetes.ToString(), report.Cluster.Nodes.Length, report.Cluster.Name);

    /// <summary>A check in a line: its mark, name, points and time after its step.</summary>
    public static string Line(CheckResult check, Wording wording)
    {
        var mark = check.Outcome switch
        {
            CheckOutcome.Passed => "✓",
            CheckOutcome.Skipped => "-",
            _ => "✗",
        };
        var points = wording.Get("report.points", check.PointsEarned, check.PointsPossible);
        var notes = check.Check.Notes.IsEmpty ? "" : $"  [{string.Join(' ', check.Check.Notes)}]";
        return $"{mark} {check.Check.Id}  {points}{notes}";
    }

    /// <summary>Why a check did not pass: clause, expected, actual (and since when), nearest event, hint. None for one that passed.</summary>
    public static IEnumerable<string> Reason(CheckResult check, Wording wording)
    {
        if (check.Outcome == CheckOutcome.Passed)
        {
            yield break;
        }

        if (check.Outcome == CheckOutcome.Errored)
        {
            yield return wording.Get("report.notYourFault");
        }

        if (check.Explanation is { } explanation)
        {
            yield return wording.Get("report.clause", explanation.Clause);
            yield return wording.Get("report.expected", explanation.Expected.In(wording));
            yield return explanation.SeenAt is { } seen
                ? wording.Get("report.actualSince", explanation.Actual.In(wording), Time(seen), Time(explanation.Verdict.At))
                : wording.Get("report.actual", explanation.Actual.In(wording), Time(explanation.Verdict.At));
            if (explanation.NearestEvent is { } nearest)
            {
                yield return wording.Get("report.event", nearest);
            }
        }
        else if (check.Reason is { } reason)
        {
            yield return wording.Get("report.reason", reason.In(wording));
        }

        if (check.Check.Hint is { } hint && check.Outcome == CheckOutcome.Failed)
        {
            yield return wording.Get("report.hint", hint);
        }
    }

    /// <summary>A prediction in a line.</summary>
    public static string Line(PredictionResult prediction, Wording wording)
    {
        string TextOf(string? key) =>
            prediction.Question.Choices.FirstOrDefault(choice => choice.Key == key)?.Text ?? wording.Get("report.noChoice");
        return prediction.IsRight switch
        {
            true => wording.Get("report.predictedRight", prediction.Question.Id, TextOf(prediction.Observed)),
            false => wording.Get("report.predictedWrong", prediction.Question.Id, TextOf(prediction.Answer), TextOf(prediction.Observed)),
            _ => wording.Get("report.notPredicted", prediction.Question.Id, TextOf(prediction.Observed)),
        };
    }

    /// <summary>The grade in a line.</summary>
    public static string Summary(LessonReport report, Wording wording)
    {
        var key = report.Outcome switch
        {
            LessonOutcome.Passed => "report.passed",
            LessonOutcome.Failed => "report.failed",
            _ => "report.errored",
        };
        var line = wording.Get(
            key, report.PointsEarned, report.PointsPossible, report.Checks.Count(check => check.Outcome == CheckOutcome.Passed), report.Checks.Count(), Span(report.ClusterTime));
        return report.Stopped is { } stopped ? $"{line} ({stopped.In(wording)})" : line;
    }

    private static string Time(DateTimeOffset time) => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Span(TimeSpan time) => GoDuration.Format(TimeSpan.FromSeconds(Math.Round(time.TotalSeconds)));
}
