using System.Net;
using System.Text;

namespace KubeLessons.Lessons.Parsing;

/// <summary>
/// Follows <c>&lt;details&gt;</c> through a Markdown file. CommonMark ends a block of HTML at an empty line, so that the opening tag, what stands
/// inside and the closing tag arrive as separate blocks.
/// </summary>
internal sealed class DetailsReader(SourceText source, DiagnosticBag diagnostics)
{
    private readonly List<FencePart> _fences = [];
    private int _start = -1;
    private int _insideFrom;
    private string _summary = string.Empty;

    /// <summary>Whether the reading stands inside of a <c>&lt;details&gt;</c>.</summary>
    public bool IsOpen => _start >= 0;

    /// <summary>Takes note of a fence inside.</summary>
    public void Add(FencePart fence) => _fences.Add(fence);

    /// <summary>Takes note of a block of HTML (from one offset to another, both included); what it closes is complete.</summary>
    public IReadOnlyList<DetailsPart> Read(int start, int end)
    {
        var html = source.Text.AsSpan(start, Math.Min(end + 1, source.Text.Length) - start);
        List<DetailsPart> closed = [];
        var at = 0;
        while (at < html.Length && html[at..].IndexOf('<') is var next and >= 0)
        {
            at += next;
            var tag = html[at..];
            if (IsTag(tag, "<details"))
                Open(start + at);
            else if (IsTag(tag, "<summary") && IsOpen && _summary.Length == 0)
                at += ReadSummary(start + at, tag);
            else if (IsTag(tag, "</details"))
                Close(start + at, closed);
            at++;
        }

        return closed;
    }

    /// <summary>Reports a <c>&lt;details&gt;</c> that the file leaves open.</summary>
    public void End()
    {
        if (IsOpen) diagnostics.Report(source.At(_start), "lint.detailsOpen");
    }

    private void Open(int offset)
    {
        if (IsOpen)
        {
            diagnostics.Report(source.At(offset), "lint.detailsNested");
            return;
        }

        _start = offset;
        var close = source.Text.IndexOf('>', offset);
        _insideFrom = close < 0 ? source.Text.Length : close + 1;
        _summary = string.Empty;
    }

    private int ReadSummary(int offset, ReadOnlySpan<char> tag)
    {
        var open = tag.IndexOf('>');
        var close = tag.IndexOf("</summary>", StringComparison.OrdinalIgnoreCase);
        if (open < 0 || close < open)
        {
            diagnostics.Report(source.At(offset), "lint.summaryOpen");
            return 0;
        }

        _summary = WithoutTags(tag[(open + 1)..close]);
        _insideFrom = offset + close + "</summary>".Length;
        return close;
    }

    private void Close(int offset, List<DetailsPart> closed)
    {
        if (!IsOpen)
        {
            diagnostics.Report(source.At(offset), "lint.detailsClosed");
            return;
        }

        var inside = source.Text[Math.Min(_insideFrom, offset)..offset].Trim('\n', ' ');
        closed.Add(new DetailsPart(source.LineOf(_start), source.LineOf(offset), source.At(_start), _summary, inside, [.. _fences]));
        _start = -1;
        _fences.Clear();
    }

    private static bool IsTag(ReadOnlySpan<char> text, string tag) =>
        text.StartsWith(tag, StringComparison.OrdinalIgnoreCase) && (text.Length == tag.Length || !char.IsAsciiLetterOrDigit(text[tag.Length]));

    private static string WithoutTags(ReadOnlySpan<char> html)
    {
        var text = new StringBuilder();
        var inTag = false;
        foreach (var letter in html)
        {
            if (letter == '<') inTag = true;
            else if (letter == '>' && inTag) inTag = false;
            else if (!inTag) text.Append(letter);
        }

        return WebUtility.HtmlDecode(text.ToString()).Trim();
    }
}
