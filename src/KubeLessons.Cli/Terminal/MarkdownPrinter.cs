using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace KubeLessons.Cli.Terminal;

/// <summary>Prints a lesson's prose on a terminal: wrapped, with headings, lists, quotations, code and tables told apart.</summary>
internal sealed class MarkdownPrinter(TextWriter output, Ink ink, int columns)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();

    public void Print(string markdown)
    {
        foreach (var block in Markdown.Parse(markdown, Pipeline))
        {
            Print(block, "", "");
        }
    }

    private void Print(Block block, string first, string indent)
    {
        switch (block)
        {
            case HeadingBlock heading:
                output.WriteLine();
                output.WriteLine(ink.Strong(ink.Accent(Text(heading.Inline))));
                output.WriteLine();
                break;
            case ParagraphBlock paragraph:
                PrintWrapped(Text(paragraph.Inline), first, indent);
                if (indent.Length == 0)
                {
                    output.WriteLine();
                }

                break;
            case ListBlock list:
                PrintList(list, indent);
                break;
            case QuoteBlock quote:
                foreach (var inner in quote)
                {
                    Print(inner, indent + ink.Faint("│ "), indent + ink.Faint("│ "));
                }

                output.WriteLine();
                break;
            case CodeBlock code:
                foreach (var line in code.Lines.ToString().Split('\n'))
                {
                    output.WriteLine($"{indent}    {ink.Faint(line)}");
                }

                output.WriteLine();
                break;
            case Table table:
                PrintTable(table, indent);
                break;
            case ThematicBreakBlock:
                output.WriteLine(ink.Faint(new string('─', Math.Min(columns, 40))));
                break;
        }
    }

    private void PrintList(ListBlock list, string indent)
    {
        var number = int.TryParse(list.OrderedStart, out var start) ? start : 1;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var mark = list.IsOrdered ? $"{number++}. " : "• ";
            var isFirst = true;
            foreach (var inner in item)
            {
                var below = indent + new string(' ', TextWidth.Of(mark));
                Print(inner, isFirst ? indent + mark : below, below);
                isFirst = false;
            }
        }

        if (indent.Length == 0)
        {
            output.WriteLine();
        }
    }

    private void PrintTable(Table table, string indent)
    {
        var rows = table.OfType<TableRow>()
            .Select(row => row.OfType<TableCell>().Select(cell => string.Concat(cell.OfType<ParagraphBlock>().Select(part => Text(part.Inline)))).ToList())
            .ToList();
        var widths = Enumerable.Range(0, rows.Max(row => row.Count))
            .Select(column => rows.Max(row => column < row.Count ? TextWidth.Of(Ansi.Strip(row[column])) : 0))
            .ToList();
        for (var i = 0; i < rows.Count; i++)
        {
            var cells = rows[i].Select((cell, column) => cell + new string(' ', widths[column] - TextWidth.Of(Ansi.Strip(cell))));
            var line = string.Join("  ", cells).TrimEnd();
            output.WriteLine(indent + (i == 0 ? ink.Strong(line) : line));
        }

        output.WriteLine();
    }

    private void PrintWrapped(string text, string first, string indent)
    {
        var lead = first;
        foreach (var paragraph in text.Split('\n'))
        {
            foreach (var line in TextWidth.Wrap(paragraph, columns - TextWidth.Of(Ansi.Strip(indent))))
            {
                output.WriteLine(lead + line);
                lead = indent;
            }
        }
    }

    private string Text(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        foreach (var inline in inlines ?? Enumerable.Empty<Inline>())
        {
            text.Append(inline switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => ink.Accent(code.Content),
                EmphasisInline { DelimiterCount: 2 } strong => ink.Strong(Text(strong)),
                LinkInline link => link.Url is { Length: > 0 } url && Text(link) is var shown && shown != url
                    ? $"{shown} ({ink.Faint(url)})"
                    : Text(link),
                AutolinkInline auto => auto.Url,
                LineBreakInline { IsHard: true } => "\n",
                LineBreakInline => " ",
                ContainerInline container => Text(container),
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                _ => "",
            });
        }

        return text.ToString();
    }
}
