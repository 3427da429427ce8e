using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Reports;

/// <summary>
/// A report as one JSON object: lesson, title, lang, cluster, kubernetes, seed, started, clusterSeconds, wallSeconds, result,
/// points, steps, predictions, claims. Times are RFC 3339 on the cluster's clock; durations are seconds.
/// </summary>
public static class JsonReport
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="report">The report.</param>
    /// <param name="wording">The language of the texts.</param>
    /// <param name="wallTime">How long the run took on the host's clock; null leaves it out, so that two runs give the same bytes.</param>
    public static string Write(LessonReport report, Wording wording, TimeSpan? wallTime)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("lesson", report.Lesson.Id);
            json.WriteString("title", report.Lesson.Title);
            json.WriteString("lang", report.Lesson.Header.Language);
            json.WriteString("cluster", Word(report.Cluster.Kind));
            json.WriteString("kubernetes", report.Cluster.Kubernetes.ToString());
            WriteNumber(json, "seed", report.Cluster.Seed);
            json.WriteString("started", Time(report.Started));
            WriteSeconds(json, "clusterSeconds", report.ClusterTime);
            if (wallTime is { } wall)
            {
                WriteSeconds(json, "wallSeconds", wall);
            }

            json.WriteString("result", Word(report.Outcome));
            if (report.Stopped is { } stopped)
            {
                json.WriteString("stopped", stopped.In(wording));
            }

            json.WriteStartObject("points");
            json.WriteNumber("earned", report.PointsEarned);
            json.WriteNumber("possible", report.PointsPossible);
            json.WriteEndObject();
            json.WriteStartArray("steps");
            foreach (var step in report.Steps)
            {
                WriteStep(json, step, wording);
            }

            json.WriteEndArray();
            json.WriteStartArray("predictions");
            foreach (var prediction in report.Predictions)
            {
                WritePrediction(json, prediction);
            }

            json.WriteEndArray();
            json.WriteStartArray("claims");
            foreach (var claim in report.Claims)
            {
                json.WriteStringValue(claim);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void WriteStep(Utf8JsonWriter json, StepResult step, Wording wording)
    {
        json.WriteStartObject();
        json.WriteString("name", step.Name);
        json.WriteString("on", step.Node);
        json.WriteString("command", step.Commands);
        WriteNumber(json, "exitCode", step.Result?.ExitCode);
        json.WriteString("output", step.Result?.Output);
        json.WriteString("clusterTime", step.Result is { } result ? Time(result.Ended) : null);
        json.WriteStartArray("checks");
        foreach (var check in step.Checks)
        {
            WriteCheck(json, check, wording);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCheck(Utf8JsonWriter json, CheckResult check, Wording wording)
    {
        json.WriteStartObject();
        json.WriteString("id", check.Check.Id);
        json.WriteStartArray("notes");
        foreach (var claim in check.Check.Notes)
        {
            json.WriteStringValue(claim);
        }

        json.WriteEndArray();
        json.WriteString("result", Word(check.Outcome));
        json.WriteStartObject("points");
        json.WriteNumber("earned", check.PointsEarned);
        json.WriteNumber("possible", check.PointsPossible);
        json.WriteEndObject();
        json.WriteString("clause", check.Explanation?.Clause);
        json.WriteString("expected", check.Explanation?.Expected.In(wording));
        json.WriteString("actual", check.Explanation?.Actual.In(wording) ?? check.Reason?.In(wording));
        json.WriteString("decidedAt", check.Explanation is { } decided ? Time(decided.Verdict.At) : null);
        json.WriteString("seenAt", check.Explanation?.SeenAt is { } seen ? Time(seen) : null);
        json.WriteString("event", check.Explanation?.NearestEvent);
        json.WriteString("hint", check.Check.Hint);
        json.WriteString("why", check.Check.Why);
        json.WriteEndObject();
    }

    private static void WritePrediction(Utf8JsonWriter json, PredictionResult prediction)
    {
        json.WriteStartObject();
        json.WriteString("id", prediction.Question.Id);
        json.WriteString("answer", prediction.Answer);
        json.WriteString("observed", prediction.Observed);
        if (prediction.IsRight is { } right)
        {
            json.WriteBoolean("right", right);
        }
        else
        {
            json.WriteNull("right");
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan time) =>
        json.WriteNumber(name, Math.Round((decimal)time.Ticks / TimeSpan.TicksPerSecond, 3));

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Word(ClusterKind kind) => kind == ClusterKind.Simulated ? "simulated" : "real";

    private static string Word(LessonOutcome outcome) => outcome.ToString().ToLowerInvariant();

    private static string Word(CheckOutcome outcome) => outcome.ToString().ToLowerInvariant();
}
