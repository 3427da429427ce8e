namespace KubeLessons.Checks;

/// <summary>
/// A table as kubectl prints it: columns start where their headings do and are at least two blanks apart, so a cell may hold
/// single blanks (<c>1 (5s ago)</c>, <c>NOMINATED NODE</c>).
/// </summary>
internal sealed record PrintedTable(IReadOnlyList<IReadOnlyDictionary<string, string>> Rows)
{
    /// <summary>Reads the last table of an output: its heading is the last line that has only upper-case columns.</summary>
    public static PrintedTable Read(string output)
    {
        var lines = output.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var heading = lines.FindLastIndex(IsHeading);
        if (heading < 0)
        {
            return new PrintedTable([]);
        }

        var columns = Columns(lines[heading]);
        var rows = lines.Skip(heading + 1)
            .Where(line => line.Trim().Length > 0)
            .Select(line => Cells(line, columns))
            .ToList();
        return new PrintedTable(rows);
    }

    private static bool IsHeading(string line) =>
        line.Length > 0 && char.IsAsciiLetterUpper(line[0]) && !line.Any(char.IsAsciiLetterLower);

    private static List<(string Name, int Start)> Columns(string line)
    {
        var columns = new List<(string, int)>();
        for (var i = 0; i < line.Length;)
        {
            var end = line.IndexOf("  ", i, StringComparison.Ordinal);
            end = end < 0 ? line.Length : end;
            columns.Add((line[i..end].Trim(), i));
            i = end;
            while (i < line.Length && line[i] == ' ')
            {
                i++;
            }
        }

        return columns;
    }

    private static Dictionary<string, string> Cells(string line, List<(string Name, int Start)> columns)
    {
        var cells = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Count; i++)
        {
            var start = Math.Min(columns[i].Start, line.Length);
            var end = i + 1 < columns.Count ? Math.Min(columns[i + 1].Start, line.Length) : line.Length;
            cells[columns[i].Name] = line[start..end].Trim();
        }

        return cells;
    }
}
