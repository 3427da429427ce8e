using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using KubeLessons.Cli.Library;
using KubeLessons.Clusters;
using KubeLessons.RealCluster.Doctoring;
using KubeLessons.Running;
using KubeLessons.Texts;

namespace KubeLessons.Cli.Commands;

/// <summary><c>doctor</c>: whether lessons can run on a real cluster, and what to mend. It also undoes what a cut-off run left behind.</summary>
internal static class DoctorCommand
{
    public static Command Create(Wording wording, Surroundings surroundings)
    {
        var markLab = new Option<string?>("--mark-lab") { Description = wording.Get("cli.option.markLab"), HelpName = "CONTEXT" };
        var json = new Option<bool>("--json") { Description = wording.Get("cli.option.json") };
        var cluster = new ClusterOptions(wording);
        var command = new Command("doctor", wording.Get("cli.doctor")) { markLab, json };
        cluster.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandLine.Guard(
            Session.Of(parsed, surroundings),
            session => RunAsync(session, parsed, cluster, parsed.GetValue(markLab), parsed.GetValue(json), cancellation)));
        return command;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<int> RunAsync(
        Session session, ParseResult parsed, ClusterOptions cluster, string? markLab, bool asJson, CancellationToken cancellation)
    {
        var options = cluster.Real.Options(session, parsed);
        if (markLab is not null)
        {
            var server = await Doctor.MarkLabAsync(options with { Context = markLab }, cancellation).ConfigureAwait(false);
            session.Out.WriteLine(session.Say("real.marked", markLab, server));
            return ExitCodes.Passed;
        }

        var (found, description) = await Doctor.ExamineAsync(options, cancellation).ConfigureAwait(false);
        Diagnosis[] findings = [.. found, .. description is null ? [] : Lessons(session, description)];
        if (asJson)
        {
            session.Out.WriteLine(Json(session, findings));
        }
        else
        {
            foreach (var finding in findings)
            {
                Print(session, finding);
            }
        }

        return findings.Any(finding => finding.Standing == DiagnosisStanding.Ill) ? ExitCodes.ClusterUnavailable : ExitCodes.Passed;
    }

    private static IEnumerable<Diagnosis> Lessons(Session session, ClusterDescription cluster)
    {
        var library = LessonShelf.All(session.Surroundings);
        foreach (var entry in library.Entries)
        {
            if (library.Open(entry, session.Wording.Language).Lesson is not { } lesson)
            {
                continue;
            }

            var about = $"lesson/{lesson.Id}";
            if (!lesson.Header.Kubernetes.Contains(cluster.Kubernetes))
            {
                yield return new Diagnosis(about, DiagnosisStanding.Doubtful, Message.Of(
                    "real.lessonNot", lesson.Id, Message.Of("cli.lessonNotForVersion", lesson.Id, lesson.Header.Kubernetes.ToString(), cluster.Kubernetes.ToString())));
                continue;
            }

            var preview = Preview.Of(lesson, cluster);
            yield return preview.LeftOut.Count == 0
                ? new Diagnosis(about, DiagnosisStanding.Well, Message.Of("real.lessonFits", lesson.Id))
                : new Diagnosis(about, DiagnosisStanding.Doubtful, Message.Of(
                    "real.lessonPartly",
                    lesson.Id,
                    preview.LeftOut.Count,
                    preview.Checks,
                    string.Join("; ", preview.LeftOut.GroupBy(each => each.Reason.In(session.Wording)).Select(group =>
                        $"{group.Key} ({string.Join(", ", group.Select(each => each.Check))})"))));
        }
    }

    private static void Print(Session session, Diagnosis finding)
    {
        var text = finding.Finding.In(session.Wording);
        session.Out.WriteLine(finding.Standing switch
        {
            DiagnosisStanding.Well => session.Ink.Good($"✓ {text}"),
            DiagnosisStanding.Doubtful => session.Ink.Warn($"! {text}"),
            _ => session.Ink.Bad($"✗ {text}"),
        });
        if (finding.Mend is { } mend)
        {
            session.Out.WriteLine($"    {mend.In(session.Wording)}");
        }
    }

    private static string Json(Session session, IEnumerable<Diagnosis> findings)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var finding in findings)
            {
                writer.WriteStartObject();
                writer.WriteString("about", finding.About);
                writer.WriteString("standing", finding.Standing.ToString().ToLowerInvariant());
                writer.WriteString("finding", finding.Finding.In(session.Wording));
                writer.WriteString("mend", finding.Mend?.In(session.Wording));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
