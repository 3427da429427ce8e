using System.Text;

namespace KubeLessons.Simulator.Kubectl.Printing;

/// <summary>
/// Elastic tab stops as Go's text/tabwriter sets them: a column is as wide as its widest cell in a block of consecutive lines, and
/// the text after a line's last tab belongs to no column.
/// </summary>
/// <param name="minWidth">A column's least width, padding included.</param>
/// <param name="padding">Spaces after a column's widest cell.</param>
/// <param name="rememberWidths">Columns never get narrower than they once were, so that the rows of a watch stay aligned.</param>
internal sealed class TabWriter(int minWidth, int padding, bool rememberWidths = false)
{
    private readonly List<string[]> _lines = [];
    private readonly StringBuilder _line = new();
    private readonly List<int> _remembered = [];
    private readonly StringBuilder _out = new();

    /// <summary>As kubectl prints resource tables (printers.GetNewTabWriter: minwidth 6, padding 3).</summary>
    public static TabWriter ForTable() => new(6, 3, rememberWidths: true);

    public void Write(string text)
    {
        foreach (var c in text)
        {
            if (c == '\n')
            {
                _lines.Add(_line.ToString().Split('\t'));
                _line.Clear();
            }
            else
            {
                _line.Append(c);
            }
        }
    }

    public void WriteLine(string text = "") => Write(text + "\n");

    /// <summary>All that was written since the last flush, aligned.</summary>
    public string Flush()
    {
        var endsOpen = _line.Length > 0;
        if (endsOpen)
        {
            WriteLine();
        }

        Format(0, _lines.Count, []);
        _lines.Clear();
        var result = endsOpen ? _out.ToString(0, _out.Length - 1) : _out.ToString();
        _out.Clear();
        return result;
    }

    private void Format(int from, int to, List<int> widths)
    {
        var column = widths.Count;
        var printed = from;
        for (var i = from; i < to; i++)
        {
            if (column >= _lines[i].Length - 1)
            {
                continue;
            }

            Print(printed, i, widths);
            printed = i;
            var width = minWidth;
            for (; i < to && column < _lines[i].Length - 1; i++)
            {
                width = Math.Max(width, WidthOf(_lines[i][column]) + padding);
            }

            widths.Add(Remember(column, width));
            Format(printed, i, widths);
            widths.RemoveAt(widths.Count - 1);
            printed = i;
        }

        Print(printed, to, widths);
    }

    private int Remember(int column, int width)
    {
        if (!rememberWidths)
        {
            return width;
        }

        while (_remembered.Count <= column)
        {
            _remembered.Add(0);
        }

        return _remembered[column] = Math.Max(_remembered[column], width);
    }

    private void Print(int from, int to, List<int> widths)
    {
        for (var i = from; i < to; i++)
        {
            for (var j = 0; j < _lines[i].Length; j++)
            {
                var cell = _lines[i][j];
                _out.Append(cell);
                if (j < widths.Count)
                {
                    _out.Append(' ', Math.Max(0, widths[j] - WidthOf(cell)));
                }
            }

            _out.Append('\n');
        }
    }

    private static int WidthOf(string cell)
    {
        var width = 0;
        foreach (var _ in cell.EnumerateRunes())
        {
            width++;
        }

        return width;
    }
}
