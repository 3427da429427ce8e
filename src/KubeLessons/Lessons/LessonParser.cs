using System.Collections.Immutable;
using KubeLessons.Lessons.Parsing;

namespace KubeLessons.Lessons;

/// <summary>Reads a lesson's Markdown. Whatever the text is, the answer is a lesson with all its faults, never an exception.</summary>
public static class LessonParser
{
    /// <summary>Longer files are refused unread.</summary>
    public const int LongestText = 1_000_000;

    /// <summary>Reads a lesson.</summary>
    /// <param name="file">The file's name, for positions.</param>
    /// <param name="text">What it holds.</param>
    public static LessonParseResult Parse(string file, string text)
    {
        var diagnostics = new DiagnosticBag();
        if (text.Length > LongestText)
        {
            diagnostics.Report(new SourcePosition(file, 1, 1), "lint.fileTooLong", LongestText);
            return new LessonParseResult(null, diagnostics.InOrder());
        }

        var source = new SourceText(file, text);
        var parts = MarkdownReader.Read(source, diagnostics);
        var headers = new HeaderReader(diagnostics);
        var header = headers.Read(parts.OfType<FrontMatterPart>().FirstOrDefault(), source);
        var outline = Outline.Of(parts, (header?.Cluster ?? ClusterSpec.Standard).Nodes, diagnostics);
        var reading = new LessonReading(source, header, outline, diagnostics);
        var blocks = LessonAssembly.Read(parts, reading);
        reading.ReportUnknownVariables();
        if (header is null) return new LessonParseResult(null, diagnostics.InOrder());
        var lesson = new Lesson(header, blocks, file);
        new LessonRules(lesson, headers, diagnostics).Check();
        return new LessonParseResult(lesson, diagnostics.InOrder());
    }
}
