using KubeLessons.Grading;
using KubeLessons.Reports;
using KubeLessons.Texts;

namespace KubeLessons.Cli.Running;

/// <summary>One <c>--report FORMAT=FILE</c>.</summary>
internal sealed record ReportFile(string Format, string Path)
{
    private static readonly string[] Formats = ["text", "json", "junit"];

    /// <summary>Reads the options before anything runs, so that a slip costs no run.</summary>
    public static IReadOnlyList<ReportFile> ReadAll(Session session, IEnumerable<string> options) =>
        [.. options.Select(option => Read(session, option))];

    public void Write(LessonReport report, Wording wording, TimeSpan wallTime)
    {
        var text = Format switch
        {
            "json" => JsonReport.Write(report, wording, wallTime),
            "junit" => JUnitReport.Write([report], wording),
            _ => TextReport.Write(report, wording),
        };
        try
        {
            File.WriteAllText(Path, text);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UserError(Message.Of("cli.cannotWrite", Path, fault.Message), ExitCodes.Errored);
        }
    }

    private static ReportFile Read(Session session, string option)
    {
        var sign = option.IndexOf('=');
        if (sign <= 0 || sign == option.Length - 1)
        {
            throw new UserError(Message.Of("cli.badReport", option));
        }

        var format = option[..sign];
        if (!Formats.Contains(format))
        {
            throw new UserError(Message.Of("cli.badReportFormat", format, string.Join(", ", Formats)));
        }

        var path = System.IO.Path.GetFullPath(option[(sign + 1)..], session.Surroundings.WorkingDirectory);
        return Directory.Exists(System.IO.Path.GetDirectoryName(path))
            ? new ReportFile(format, path)
            : throw new UserError(Message.Of("cli.noFolderFor", path));
    }
}
