using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Schema;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Patches;

/// <summary>
/// Strategic merge patches: a merge patch that knows by which key the items of a list are told apart, with the directives
/// <c>$patch</c>, <c>$retainKeys</c>, <c>$deleteFromPrimitiveList/…</c> and <c>$setElementOrder/…</c>
/// (k8s.io/community: contributors/devel/sig-api-machinery/strategic-merge-patch.md).
/// </summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string DeleteFromPrimitiveList = "$deleteFromPrimitiveList/";
    private const string SetElementOrder = "$setElementOrder/";

    /// <param name="target">The current state.</param>
    /// <param name="patch">The patch.</param>
    /// <param name="type">The kind's type; null: unknown, lists are replaced.</param>
    public static Doc Apply(Doc? target, Doc patch, SchemaType? type)
    {
        if (patch is not DocObject changes)
        {
            return patch;
        }

        switch (changes.Text(Directive))
        {
            case "replace":
                return Plain(changes.Without(Directive));
            case "delete":
                return Doc.Empty;
        }

        Doc result = target as DocObject ?? Doc.Empty;
        result = Retain(result, changes);
        for (var i = 0; i < changes.Count; i++)
        {
            var (key, change) = (changes.Keys[i], changes.Values[i]);
            if (key is Directive or RetainKeys)
            {
                continue;
            }

            if (key.StartsWith(DeleteFromPrimitiveList, StringComparison.Ordinal))
            {
                result = DeletePrimitives(result, key[DeleteFromPrimitiveList.Length..], change);
            }
            else if (key.StartsWith(SetElementOrder, StringComparison.Ordinal))
            {
                var field = key[SetElementOrder.Length..];
                if (changes[field] is null && result[field] is DocArray list && type?[field] is { Merges: true } ordered)
                {
                    result = result.With(ListMerge.Reorder(list.Items, list.Items, change.Items, ordered.PatchMergeKey), field);
                }
            }
            else
            {
                result = result.With(change.IsNull ? null : Merge(result[key], change, type?[key], changes[SetElementOrder + key]), key);
            }
        }

        return result;
    }

    private static Doc Merge(Doc? target, Doc change, SchemaField? field, Doc? order)
    {
        if (change is DocObject)
        {
            // The values of a map of objects have the map's value type; a single object has the field's own.
            var type = field is { Container: SchemaContainer.Map } ? null : field?.Type;
            return field is { Replaces: true } ? Plain(change) : Apply(target, change, type);
        }

        if (change is DocArray list)
        {
            if (field is not { Merges: true })
            {
                return Plain(change);
            }

            return ListMerge.Merge(target?.Items ?? [], list.Items, order?.Items, field);
        }

        return change;
    }

    private static Doc Retain(Doc result, DocObject changes)
    {
        if (changes[RetainKeys] is not DocArray keep)
        {
            return result;
        }

        foreach (var (key, _) in result.Fields)
        {
            if (!keep.Items.Any(each => each.AsText == key))
            {
                result = result.Without(key);
            }
        }

        return result;
    }

    private static Doc DeletePrimitives(Doc result, string field, Doc gone)
    {
        if (result[field] is not DocArray list)
        {
            return result;
        }

        var rest = list.Items.Where(item => !gone.Items.Contains(item)).ToImmutableArray();
        return result.With(rest.IsEmpty ? null : new DocArray(rest), field);
    }

    /// <summary>A patch's value as it stands in the object: without directives and nulls.</summary>
    internal static Doc Plain(Doc value) => value switch
    {
        DocObject map => PlainObject(map),
        DocArray list => new DocArray([.. list.Items.Select(Plain)]),
        _ => value,
    };

    private static DocObject PlainObject(DocObject map)
    {
        var builder = new DocObjectBuilder(map.Count);
        for (var i = 0; i < map.Count; i++)
        {
            var (key, value) = (map.Keys[i], map.Values[i]);
            if (!value.IsNull && key is not (Directive or RetainKeys)
                && !key.StartsWith(DeleteFromPrimitiveList, StringComparison.Ordinal)
                && !key.StartsWith(SetElementOrder, StringComparison.Ordinal))
            {
                builder.Set(key, Plain(value));
            }
        }

        return builder.ToObject();
    }
}
