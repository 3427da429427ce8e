using System.Collections.Immutable;
using System.Text;
using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Finds the parts of a Markdown file that a lesson takes note of, in reading order.</summary>
internal sealed class MarkdownReader
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePreciseSourceLocation().Build();
    private readonly SourceText _source;
    private readonly DiagnosticBag _diagnostics;
    private readonly DetailsReader _details;
    private readonly List<MarkdownPart> _parts = [];

    private MarkdownReader(SourceText source, DiagnosticBag diagnostics)
    {
        _source = source;
        _diagnostics = diagnostics;
        _details = new DetailsReader(source, diagnostics);
    }

    /// <summary>The parts in order; none, and a report, where the Markdown is nested too deeply to be read.</summary>
    public static ImmutableArray<MarkdownPart> Read(SourceText source, DiagnosticBag diagnostics)
    {
        var reader = new MarkdownReader(source, diagnostics);
        try
        {
            reader.Walk(Markdown.Parse(source.Text, Pipeline), quoted: false);
        }
        catch (ArgumentException)
        {
            // This is how Markdig says that the text nests deeper than it reads.
            diagnostics.Report(source.At(0), "lint.markdownDeep");
            return [];
        }

        reader._details.End();
        return [.. reader._parts];
    }

    private void Walk(ContainerBlock container, bool quoted)
    {
        foreach (var block in container)
        {
            switch (block)
            {
                case YamlFrontMatterBlock matter:
                    var last = _source.LineOf(matter.Span.End);
                    _parts.Add(new FrontMatterPart(0, last, new BlockLines(_source, 1, Math.Max(0, last - 1), 0)));
                    break;
                case FencedCodeBlock fence:
                    ReadFence(fence, quoted);
                    break;
                case HtmlBlock html:
                    _parts.AddRange(_details.Read(html.Span.Start, html.Span.End));
                    break;
                case HeadingBlock heading when container is MarkdownDocument && !_details.IsOpen:
                    _parts.Add(new HeadingPart(heading.Line, _source.LineOf(heading.Span.End), heading.Level, TextOf(heading.Inline)));
                    break;
                case ContainerBlock inner:
                    Walk(inner, quoted || inner is QuoteBlock);
                    break;
            }
        }
    }

    private void ReadFence(FencedCodeBlock fence, bool quoted)
    {
        var line = fence.Line;
        var text = _source.Line(line);
        var start = _source.At(fence.Span.Start).Column - 1;
        var afterFence = start;
        while (afterFence < text.Length && text[afterFence] == fence.FencedChar) afterFence++;
        var position = _source.At(line, start);
        var head = FenceHead.Read(_source, line, afterFence, _diagnostics);
        if (BlockRole.Of(head, position, _diagnostics) is not { } role) return;
        if (quoted)
        {
            _diagnostics.Report(position, "lint.fenceQuoted");
            return;
        }

        var isClosed = fence.ClosingFencedCharCount > 0;
        if (!isClosed) _diagnostics.Report(position, "lint.fenceOpen", new string(fence.FencedChar, fence.OpeningFencedCharCount));
        var count = Math.Min(fence.Lines.Count, _source.LineCount - line - 1);
        var lines = new BlockLines(_source, line + 1, count, start);
        var part = new FencePart(line, Math.Min(line + count + (isClosed ? 1 : 0), _source.LineCount - 1), position, head, role, lines);
        if (_details.IsOpen)
            _details.Add(part);
        else
            _parts.Add(part);
    }

    private static string TextOf(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        foreach (var inline in inlines?.Descendants() ?? [])
        {
            if (inline is LiteralInline literal) text.Append(literal.Content.AsSpan());
            else if (inline is CodeInline code) text.Append(code.Content);
            else if (inline is LineBreakInline) text.Append(' ');
        }

        return text.ToString();
    }
}
