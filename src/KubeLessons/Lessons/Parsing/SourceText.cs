namespace KubeLessons.Lessons.Parsing;

/// <summary>A file's text with its line starts. Line breaks are made <c>\n</c> and a byte order mark is dropped, which moves no line and no column.</summary>
internal sealed class SourceText
{
    private readonly int[] _starts;

    public SourceText(string file, string text)
    {
        File = file;
        Text = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var starts = new List<int> { 0 };
        for (var i = 0; i < Text.Length; i++)
            if (Text[i] == '\n') starts.Add(i + 1);
        _starts = [.. starts];
    }

    public string File { get; }

    public string Text { get; }

    /// <summary>How many lines there are; an empty text has one.</summary>
    public int LineCount => _starts.Length;

    /// <summary>A line (from 0) without its break.</summary>
    public ReadOnlySpan<char> Line(int line)
    {
        var start = _starts[line];
        var end = line + 1 < _starts.Length ? _starts[line + 1] - 1 : Text.Length;
        return Text.AsSpan(start, end - start);
    }

    /// <summary>The lines from one to another (both included, from 0), each ending in a break.</summary>
    public string Lines(int first, int last)
    {
        if (last < first) return string.Empty;
        var end = last + 1 < _starts.Length ? _starts[last + 1] : Text.Length;
        var text = Text[_starts[first]..end];
        return text.EndsWith('\n') ? text : text + "\n";
    }

    /// <summary>The line (from 0) that holds an offset.</summary>
    public int LineOf(int offset)
    {
        var found = Array.BinarySearch(_starts, Math.Clamp(offset, 0, Text.Length));
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>The place of an offset.</summary>
    public SourcePosition At(int offset)
    {
        var line = LineOf(offset);
        return At(line, offset - _starts[line]);
    }

    /// <summary>The place of a line and column (both from 0), drawn into the file where it lies outside.</summary>
    public SourcePosition At(int line, int column)
    {
        line = Math.Clamp(line, 0, LineCount - 1);
        return new SourcePosition(File, line + 1, Math.Clamp(column, 0, Line(line).Length) + 1);
    }
}
