using System.Collections.Immutable;
using System.Text;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Reads a transcript: <c>$ command</c>, continued by lines with <c>&gt; </c>, and what it printed.</summary>
internal static class TranscriptReader
{
    /// <summary>The transcript of the current fence; reported when its first line is no command.</summary>
    public static TranscriptBlock Read(LessonReading reading)
    {
        var (fence, attributes) = (reading.Current.Fence, reading.Current.Attributes);
        var lines = fence.Lines;
        var entries = ImmutableArray.CreateBuilder<TranscriptEntry>();
        for (var i = 0; i < lines.Count;)
        {
            var start = i;
            if (!lines.Line(i).StartsWith("$ "))
            {
                reading.Diagnostics.Report(lines.At(i, 0), "lint.transcript");
                break;
            }

            var command = new StringBuilder().Append(lines.Line(i++)[2..]);
            while (i < lines.Count && lines.Line(i).StartsWith("> ")) command.Append('\n').Append(lines.Line(i++)[2..]);
            var output = i;
            while (i < lines.Count && !lines.Line(i).StartsWith("$ ")) i++;
            entries.Add(new TranscriptEntry(command.ToString(), TextOf(lines, output, i), lines.At(start, 0), lines.FirstLine + output + 1, i - output));
        }

        if (lines.Count == 0) reading.Diagnostics.Report(fence.Position, "lint.transcript");
        return new TranscriptBlock(fence.Position, attributes, entries.DrainToImmutable());
    }

    private static string TextOf(BlockLines lines, int first, int end)
    {
        var text = new StringBuilder();
        for (var i = first; i < end; i++) text.Append(lines.Line(i)).Append('\n');
        return text.ToString();
    }
}
