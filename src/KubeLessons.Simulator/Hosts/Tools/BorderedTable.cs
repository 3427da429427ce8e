using System.Text;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>A table with lines around its cells, as Go's tablewriter draws it for etcdctl.</summary>
internal sealed class BorderedTable(params string[] headers)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>The headers are centred, the cells flush right.</summary>
    public override string ToString()
    {
        var widths = headers.Select((header, i) => _rows.Select(row => row[i].Length).Append(header.Length).Max()).ToArray();
        var border = "+" + string.Concat(widths.Select(width => new string('-', width + 2) + "+")) + "\n";
        var text = new StringBuilder(border).Append('|');
        for (var i = 0; i < headers.Length; i++)
        {
            var spare = widths[i] - headers[i].Length;
            var left = spare / 2;
            text.Append(' ').Append(' ', left).Append(headers[i]).Append(' ', spare - left).Append(" |");
        }

        text.Append('\n').Append(border);
        foreach (var row in _rows)
        {
            text.Append('|');
            for (var i = 0; i < headers.Length; i++)
            {
                text.Append(' ').Append(row[i].PadLeft(widths[i])).Append(" |");
            }

            text.Append('\n');
        }

        return text.Append(border).ToString();
    }
}
