using System.Text;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>Rows of cells as Go's tabwriter sets them: each column as wide as its widest cell and some padding, the last as it is.</summary>
internal sealed class TextTable(int minimumWidth, int padding, params string[] headers)
{
    private readonly List<string[]> _rows = [headers];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        var columns = _rows[0].Length;
        var widths = new int[columns];
        foreach (var row in _rows)
        {
            for (var i = 0; i < columns; i++)
            {
                widths[i] = Math.Max(widths[i], Math.Max(row[i].Length + padding, minimumWidth));
            }
        }

        var text = new StringBuilder();
        foreach (var row in _rows)
        {
            for (var i = 0; i < columns; i++)
            {
                text.Append(i == columns - 1 ? row[i] : row[i].PadRight(widths[i]));
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
