using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Api.Tables;

/// <summary>The columns that the server prints for each kind (<c>columns.tsv</c>); kinds without a row have a name and a creation time.</summary>
internal sealed class ColumnTable
{
    private readonly Dictionary<string, ImmutableArray<TableColumn>> _columns = new(StringComparer.Ordinal);

    public ColumnTable(KubernetesVersion version)
    {
        foreach (var group in DataFile.Rows("columns.tsv").GroupBy(row => row[0], StringComparer.Ordinal))
        {
            _columns.Add(group.Key, [.. group.Select(row => Read(row, version))]);
        }
    }

    public static ImmutableArray<TableColumn> Fallback { get; } =
        [new TableColumn("Name", "string", "name", 0, true), new TableColumn("Created At", "date", "", 0, true)];

    /// <summary>The columns of a kind by its storage name, shown or not: see <see cref="TableColumn.IsShown"/>.</summary>
    public ImmutableArray<TableColumn> Of(string storageName) => _columns.TryGetValue(storageName, out var columns) ? columns : Fallback;

    private static TableColumn Read(string[] row, KubernetesVersion version)
    {
        // A number and, since restarts tell when they were (1.22), a string.
        var type = row is ["pods", "Restarts", ..] && version.Minor >= 22 ? "string" : row[2];
        return new TableColumn(row[1], type, row[3], int.Parse(row[4]), row[5].Length == 0 || version.Minor >= int.Parse(row[5]));
    }
}

/// <summary>One column. Priority 1 is for <c>-o wide</c>. A column that this version does not have yet is not shown.</summary>
internal sealed record TableColumn(string Name, string Type, string Format, int Priority, bool IsShown)
{
    public Doc ToDoc() => Doc.Obj(("name", Name), ("type", Type), ("format", Format), ("description", ""), ("priority", Priority));
}
