namespace KubeLessons.Lessons;

/// <summary>A place in a lesson's Markdown file. Lines and columns count from 1; a column counts UTF-16 code units.</summary>
public readonly record struct SourcePosition(string File, int Line, int Column) : IComparable<SourcePosition>
{
    /// <summary>Orders places of one file as they are read: by line, then by column.</summary>
    public int CompareTo(SourcePosition other)
    {
        var byFile = string.CompareOrdinal(File, other.File);
        if (byFile != 0) return byFile;
        return Line != other.Line ? Line.CompareTo(other.Line) : Column.CompareTo(other.Column);
    }

    /// <summary><c>file:line:column</c>, as compilers print it and editors open it.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
