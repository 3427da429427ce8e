using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Kinds;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Api.Tables;

/// <summary>Makes a <c>meta.k8s.io/v1</c> Table of an object or a list: what <c>kubectl get</c> prints.</summary>
internal sealed class TableWriter(World world, KubernetesVersion version)
{
    private readonly ColumnTable _columns = new(version);

    /// <param name="kind">What the objects are.</param>
    /// <param name="body">An object, or a list with <c>items</c>.</param>
    /// <param name="includeObject">What rows carry: Metadata (also null), Object or None.</param>
    public Doc Write(ResourceKind kind, Doc body, string? includeObject)
    {
        var isScale = body.Text("kind") == "Scale";
        var columns = _columns.Of(isScale ? "scale" : kind.StorageName);
        var cells = isScale ? CellTable.Scale : CellTable.For(kind.StorageName);
        var context = new CellContext(world.UtcNow, version.Minor);
        var items = body["items"] is DocArray list ? list.Items : [body];
        var rows = ImmutableArray.CreateBuilder<Doc>(items.Length);
        foreach (var item in items)
        {
            rows.Add(Row(item, columns, cells, context, includeObject));
        }

        var metadata = body["metadata"];
        return Doc.Obj(
            ("kind", "Table"),
            ("apiVersion", "meta.k8s.io/v1"),
            ("metadata", Doc.Obj(
                ("resourceVersion", metadata?["resourceVersion"]),
                ("continue", metadata?["continue"]),
                ("remainingItemCount", metadata?["remainingItemCount"]))),
            ("columnDefinitions", Doc.Arr(columns.Where(column => column.IsShown).Select(column => column.ToDoc()))),
            ("rows", new DocArray(rows.DrainToImmutable())));
    }

    private static DocObject Row(
        Doc item, ImmutableArray<TableColumn> columns, Func<Doc, CellContext, Doc[]> cells, CellContext context, string? includeObject)
    {
        var all = cells(item, context);
        var shown = ImmutableArray.CreateBuilder<Doc>(columns.Length);
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].IsShown)
            {
                shown.Add(i < all.Length ? all[i] : "");
            }
        }

        return Doc.Obj(
            ("cells", new DocArray(shown.DrainToImmutable())),
            ("conditions", PodCells.RowConditions(item)),
            ("object", includeObject switch
            {
                "None" => null,
                "Object" => item,
                _ => Doc.Obj(("kind", "PartialObjectMetadata"), ("apiVersion", "meta.k8s.io/v1"), ("metadata", item["metadata"])),
            }));
    }
}

/// <summary>What a cell may depend on besides the object.</summary>
internal readonly record struct CellContext(DateTimeOffset Now, int Minor)
{
    public string Age(Doc value) => HumanDuration.Since(value.Text("metadata", "creationTimestamp"), Now);

    public string Since(string? time) => HumanDuration.Since(time, Now);
}
