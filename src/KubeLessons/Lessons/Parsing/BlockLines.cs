using System.Text;

namespace KubeLessons.Lessons.Parsing;

/// <summary>
/// The lines inside a fence or the front matter: their text without the indentation that they share with the fence, and the way back from
/// a place in it to the Markdown file.
/// </summary>
internal sealed class BlockLines
{
    private readonly SourceText _source;
    private readonly int[] _indents;

    public BlockLines(SourceText source, int firstLine, int count, int indent)
    {
        _source = source;
        FirstLine = firstLine;
        _indents = new int[count];
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var line = source.Line(firstLine + i);
            var blank = 0;
            while (blank < indent && blank < line.Length && line[blank] == ' ') blank++;
            _indents[i] = blank;
            text.Append(line[blank..]).Append('\n');
        }

        Text = text.ToString();
    }

    /// <summary>The text, each line ending in <c>\n</c>.</summary>
    public string Text { get; }

    /// <summary>The file's line (from 0) of the first line.</summary>
    public int FirstLine { get; }

    /// <summary>How many lines there are.</summary>
    public int Count => _indents.Length;

    /// <summary>A line (from 0) without the shared indentation.</summary>
    public ReadOnlySpan<char> Line(int line) => _source.Line(FirstLine + line)[_indents[line]..];

    /// <summary>The place in the file of a line and column of the text (both from 0); behind the last line it is that line's end.</summary>
    public SourcePosition At(int line, int column)
    {
        if (Count == 0) return _source.At(FirstLine - 1, 0);
        return line >= Count ? _source.At(FirstLine + Count - 1, int.MaxValue) : _source.At(FirstLine + line, _indents[Math.Max(0, line)] + column);
    }
}
