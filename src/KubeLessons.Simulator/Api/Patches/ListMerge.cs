using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Schema;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Patches;

/// <summary>Merges lists for strategic merge patches: of primitives as sets, of objects by their merge key.</summary>
internal static class ListMerge
{
    private const string Directive = "$patch";

    /// <param name="target">The current items.</param>
    /// <param name="patch">The patch's items.</param>
    /// <param name="order">The patch's <c>$setElementOrder</c>; null when it has none.</param>
    /// <param name="field">The list's field, which merges.</param>
    public static Doc Merge(ImmutableArray<Doc> target, ImmutableArray<Doc> patch, ImmutableArray<Doc>? order, SchemaField field)
    {
        var key = field.PatchMergeKey;
        List<Doc> merged;
        if (key.Length == 0)
        {
            merged = [.. target];
            merged.AddRange(patch.Where(item => !target.Contains(item)));
        }
        else
        {
            if (patch.Any(item => item.Text(Directive) == "replace"))
            {
                return new DocArray([.. patch.Where(item => item[Directive] is null).Select(StrategicMergePatch.Plain)]);
            }

            merged = MergeObjects(target, patch, field);
        }

        return order is { } wanted ? Reorder(target, [.. merged], wanted, key) : new DocArray([.. merged]);
    }

    /// <summary>
    /// Puts items in the patch's order. Items that only the server has keep their place relative to those that both have: before
    /// the first that came after them.
    /// </summary>
    public static DocArray Reorder(ImmutableArray<Doc> server, ImmutableArray<Doc> merged, ImmutableArray<Doc> order, string key)
    {
        var ordered = merged.Where(item => IndexOf(order, item, key) >= 0).OrderBy(item => IndexOf(order, item, key)).ToList();
        var serverOnly = merged.Where(item => IndexOf(order, item, key) < 0).OrderBy(item => IndexOf(server, item, key)).ToList();
        var result = ImmutableArray.CreateBuilder<Doc>(merged.Length);
        int left = 0, right = 0;
        while (left < serverOnly.Count || right < ordered.Count)
        {
            var takesServer = right >= ordered.Count || (left < serverOnly.Count && IsBefore(serverOnly[left], ordered[right]));
            result.Add(takesServer ? serverOnly[left++] : ordered[right++]);
        }

        return new DocArray(result.ToImmutable());

        bool IsBefore(Doc first, Doc second)
        {
            var (a, b) = (IndexOf(server, first, key), IndexOf(server, second, key));
            return a >= 0 && b >= 0 && a < b;
        }
    }

    private static List<Doc> MergeObjects(ImmutableArray<Doc> target, ImmutableArray<Doc> patch, SchemaField field)
    {
        var key = field.PatchMergeKey;
        var merged = target.ToList();
        foreach (var item in patch)
        {
            if (item.Text(Directive) == "delete")
            {
                merged.RemoveAll(each => SameKey(each, item, key));
                continue;
            }

            var at = merged.FindIndex(each => SameKey(each, item, key));
            if (at < 0)
            {
                merged.Add(StrategicMergePatch.Apply(null, item, field.Type));
            }
            else
            {
                merged[at] = StrategicMergePatch.Apply(merged[at], item, field.Type);
            }
        }

        return merged;
    }

    private static int IndexOf(ImmutableArray<Doc> items, Doc item, string key)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (key.Length == 0 ? items[i].Equals(item) : SameKey(items[i], item, key))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool SameKey(Doc first, Doc second, string key) =>
        first[key] is { } value && second[key] is { } other && value.Equals(other);
}
