using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Paths;
using KubeLessons.Simulator.Kubectl.Printing;

namespace KubeLessons.Simulator.Kubectl.Verbs.Get;

/// <summary><c>--sort-by</c>: by a number, a quantity, a time, or a text in natural order; what has no value comes first.</summary>
internal static class ObjectSort
{
    /// <summary>A table with its rows in order; or why there is none.</summary>
    public static (Doc? Table, string? Error) Rows(Doc table, string path)
    {
        var (order, error) = Order(path);
        return order is null ? (null, error)
            : order([.. table.List("rows").Select(row => row.At("object") ?? Doc.Null)], out error) is { } permutation
                ? (table.With(Doc.Arr(permutation.Select(at => table.List("rows")[at])), "rows"), null)
                : (null, error);
    }

    /// <summary>Objects in order; or why there is none.</summary>
    public static (List<Doc>? Objects, string? Error) Objects(List<Doc> objects, string path)
    {
        var (order, error) = Order(path);
        return order is null ? (null, error)
            : order(objects, out error) is { } permutation ? (permutation.Select(at => objects[at]).ToList(), null)
            : (null, error);
    }

    private delegate int[]? Ordering(List<Doc> objects, out string? error);

    private static (Ordering? Order, string? Error) Order(string path)
    {
        if (JsonPath.Relaxed(path) is not { } template)
        {
            return (null, "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'");
        }

        if (!JsonPath.TryParse(template, allowMissing: true, out var parsed, out var error))
        {
            return (null, error);
        }

        return (Sort, null);

        int[]? Sort(List<Doc> objects, out string? fault)
        {
            var keys = objects.Select(value => KeyOf(parsed, value)).ToArray();
            fault = null;
            if (objects.Count > 0 && keys.All(key => key is null))
            {
                fault = $"couldn't find any field with path \"{template}\" in the list of objects";
                return null;
            }

            return [.. Enumerable.Range(0, objects.Count).OrderBy(at => keys[at], Comparer<Doc?>.Create(Compare))];
        }
    }

    private static Doc? KeyOf(JsonPath path, Doc value) =>
        path.TryFind(value, out var results, out _) && results is [[var first, ..], ..] ? first : null;

    private static int Compare(Doc? a, Doc? b)
    {
        if (a is null || b is null)
        {
            return (a is null ? 0 : 1) - (b is null ? 0 : 1);
        }

        if (a.AsDouble is { } x && b.AsDouble is { } y)
        {
            return x.CompareTo(y);
        }

        var (s, t) = (JsonPath.TextOf(a), JsonPath.TextOf(b));
        return Quantity.TryParse(s, out var p) && Quantity.TryParse(t, out var q) ? p.CompareTo(q) : NaturalOrder.Compare(s, t);
    }
}
