using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Schema;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Verbs.Apply;

/// <summary>
/// The patch that brings a live object to a manifest: what the manifest sets and the object lacks, and what the last manifest had
/// and this one has no more (k8s.io/apimachinery/pkg/util/strategicpatch: CreateThreeWayMergePatch). Fields that others set stay.
/// </summary>
internal static class ThreeWayMerge
{
    /// <param name="original">The manifest that was applied last; null: none is known.</param>
    /// <param name="modified">The manifest to apply.</param>
    /// <param name="current">The live object.</param>
    /// <param name="type">The kind's type, which says how lists merge; null: lists are replaced whole (a JSON merge patch).</param>
    public static DocObject Patch(Doc? original, Doc modified, Doc current, SchemaType? type) =>
        DiffMaps(original as DocObject ?? Doc.Empty, (DocObject)modified, current as DocObject ?? Doc.Empty, type);

    private static DocObject DiffMaps(DocObject original, DocObject modified, DocObject current, SchemaType? type)
    {
        var patch = new DocObjectBuilder();
        foreach (var (key, wanted) in modified.Fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            DiffField(patch, key, original[key], wanted, current[key], type?[key], type is not null);
        }

        foreach (var (key, _) in original.Fields)
        {
            // A null in the patch deletes; what is gone already needs none.
            if (modified[key] is null && current[key] is not null)
            {
                patch.Set(key, Doc.Null);
            }
        }

        return patch.ToObject();
    }

    private static void DiffField(DocObjectBuilder patch, string key, Doc? original, Doc wanted, Doc? live, SchemaField? field, bool typed)
    {
        if (live is null || live.IsNull != wanted.IsNull)
        {
            if (wanted is not DocNull)
            {
                patch.Set(key, wanted);
            }
            else if (live is not null)
            {
                patch.Set(key, Doc.Null);
            }

            return;
        }

        switch (wanted, live)
        {
            case (DocObject wantedMap, DocObject liveMap) when field is not { Replaces: true }:
                var below = field is { Container: SchemaContainer.Map } ? null : field?.Type;
                var inner = DiffMaps(original as DocObject ?? Doc.Empty, wantedMap, liveMap, below);
                if (inner.Count > 0)
                {
                    patch.Set(key, RetainsKeys(field) ? inner.With(Doc.Arr(wantedMap.Fields.Select(each => (Doc)each.Key).OrderBy(each => each.AsText, StringComparer.Ordinal)), "$retainKeys") : inner);
                }

                break;
            case (DocArray wantedList, DocArray liveList) when typed && field is { Merges: true }:
                DiffLists(patch, key, original as DocArray ?? Doc.EmptyArray, wantedList, liveList, field);
                break;
            default:
                if (!wanted.Equals(live))
                {
                    patch.Set(key, wanted);
                }

                break;
        }
    }

    // A union of which only one branch may stay, such as a Deployment's strategy.
    private static bool RetainsKeys(SchemaField? field) => field?.PatchStrategy.Contains("retainKeys", StringComparison.Ordinal) == true;

    private static void DiffLists(DocObjectBuilder patch, string key, DocArray original, DocArray wanted, DocArray live, SchemaField field)
    {
        if (field.PatchMergeKey.Length == 0)
        {
            DiffPrimitives(patch, key, original, wanted, live);
            return;
        }

        var by = field.PatchMergeKey;
        var items = ImmutableArray.CreateBuilder<Doc>();
        for (var i = 0; i < wanted.Items.Length; i++)
        {
            // Items that share a key (53/UDP and 53/TCP are both port 53) are paired in their order.
            var item = wanted.Items[i];
            var turn = wanted.Items.Take(i).Count(each => SameKey(each, item, by));
            var old = Find(live, item, by, turn);
            if (old is null)
            {
                items.Add(item);
                continue;
            }

            var inner = DiffMaps((Find(original, item, by, turn) as DocObject) ?? Doc.Empty, (DocObject)item, (DocObject)old, field.Type);
            if (inner.Count > 0)
            {
                items.Add(inner.With(item[by], by));
            }
        }

        foreach (var item in original.Items)
        {
            if (Find(wanted, item, by) is null && Find(live, item, by) is not null)
            {
                items.Add(Doc.Obj(("$patch", "delete"), (by, item[by])));
            }
        }

        var isReordered = !SameOrder(wanted, live, by);
        if (items.Count == 0 && !isReordered)
        {
            return;
        }

        patch.Set("$setElementOrder/" + key, Doc.Arr(wanted.Items.Select(item => (Doc)Doc.Obj((by, item[by])))));
        if (items.Count > 0)
        {
            patch.Set(key, new DocArray(items.ToImmutable()));
        }
    }

    private static void DiffPrimitives(DocObjectBuilder patch, string key, DocArray original, DocArray wanted, DocArray live)
    {
        var added = wanted.Items.Where(item => !live.Items.Contains(item)).ToImmutableArray();
        var removed = original.Items.Where(item => !wanted.Items.Contains(item) && live.Items.Contains(item)).ToImmutableArray();
        if (added.IsEmpty && removed.IsEmpty)
        {
            return;
        }

        patch.Set("$setElementOrder/" + key, wanted);
        if (!removed.IsEmpty)
        {
            patch.Set("$deleteFromPrimitiveList/" + key, new DocArray(removed));
        }

        if (!added.IsEmpty)
        {
            patch.Set(key, new DocArray(added));
        }
    }

    private static bool SameKey(Doc one, Doc other, string by) => one[by] is { } key && key.Equals(other[by]);

    private static Doc? Find(DocArray list, Doc item, string by, int turn = 0)
    {
        foreach (var each in list.Items)
        {
            if (SameKey(each, item, by) && turn-- == 0)
            {
                return each;
            }
        }

        return null;
    }

    // Of the items that both have.
    private static bool SameOrder(DocArray wanted, DocArray live, string by)
    {
        var ours = wanted.Items.Where(item => Find(live, item, by) is not null).Select(item => item[by]!);
        var theirs = live.Items.Where(item => Find(wanted, item, by) is not null).Select(item => item[by]!);
        return ours.SequenceEqual(theirs);
    }
}
