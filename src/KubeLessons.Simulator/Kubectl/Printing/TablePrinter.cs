using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Paths;
using KubeLessons.Simulator.Kubectl.Resources;

namespace KubeLessons.Simulator.Kubectl.Printing;

/// <summary>What the flags of <c>kubectl get</c> ask of a table.</summary>
internal sealed record TableOptions
{
    public bool Wide { get; init; }

    public bool NoHeaders { get; init; }

    public bool WithNamespace { get; init; }

    public bool WithKind { get; init; }

    public bool ShowLabels { get; init; }

    public ImmutableArray<string> LabelColumns { get; init; } = [];
}

/// <summary>
/// Prints the tables that the server makes (meta.k8s.io/v1 Table): headers once for each run of one kind, a blank line between
/// kinds.
/// </summary>
internal sealed class TablePrinter(TableOptions options)
{
    private TabWriter _writer = TabWriter.ForTable();
    private KubeResource? _last;
    private bool _wroteSomething;

    /// <summary>The table's rows as text; "" when it has none.</summary>
    public string Print(KubeResource resource, Doc table)
    {
        if (table.List("rows").IsEmpty)
        {
            return "";
        }

        var text = "";
        var isNewKind = _last is null || _last.Path.GroupResource != resource.Path.GroupResource;
        if (isNewKind)
        {
            text = _last is not null && !options.NoHeaders && _wroteSomething ? "\n" : "";
            _writer = TabWriter.ForTable();
            _last = resource;
        }

        var columns = table.List("columnDefinitions");
        if (isNewKind && !options.NoHeaders)
        {
            _writer.WriteLine(Header(columns));
        }

        foreach (var row in table.List("rows"))
        {
            _writer.WriteLine(Row(resource, columns, row));
        }

        _wroteSomething = true;
        return text + _writer.Flush();
    }

    private string Header(ImmutableArray<Doc> columns)
    {
        var titles = columns.Where(IsShown).Select(column => (column.Text("name") ?? "").ToUpperInvariant());
        if (options.WithNamespace)
        {
            titles = titles.Prepend("NAMESPACE");
        }

        titles = titles.Concat(options.LabelColumns.Select(label => label[(label.LastIndexOf('/') + 1)..].ToUpperInvariant()));
        return string.Join('\t', options.ShowLabels ? titles.Append("LABELS") : titles);
    }

    private string Row(KubeResource resource, ImmutableArray<Doc> columns, Doc row)
    {
        var metadata = row.At("object", "metadata");
        var given = row.List("cells");
        var cells = new List<string>();
        for (var i = 0; i < columns.Length && i < given.Length; i++)
        {
            if (IsShown(columns[i]))
            {
                cells.Add((options.WithKind && cells.Count == 0 ? resource.QualifiedName + "/" : "") + CellText(given[i]));
            }
        }

        if (options.WithNamespace)
        {
            cells.Insert(0, metadata?.Text("namespace") ?? "");
        }

        var labels = metadata?.At("labels");
        cells.AddRange(options.LabelColumns.Select(label => labels?.Text(label) ?? ""));
        if (options.ShowLabels)
        {
            cells.Add(LabelText.Of(labels));
        }

        return string.Join('\t', cells);
    }

    private bool IsShown(Doc column) => options.Wide || column.Int("priority") is null or 0;

    private static string CellText(Doc cell)
    {
        if (cell.AsText is not { } text)
        {
            return cell is DocNull ? "" : JsonPath.TextOf(cell);
        }

        var lineEnd = text.AsSpan().IndexOfAny('\n', '\r', '\f');
        return lineEnd < 0 ? text : text[..lineEnd] + "...";
    }
}
