using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Rules;

/// <summary>The words that defaulting functions are written in. Each gives back the same document where nothing changes.</summary>
internal static class DocDefaults
{
    /// <summary>Sets a field that is missing.</summary>
    public static Doc Or(this Doc value, string field, Doc fallback) => value[field] is null ? value.With(fallback, field) : value;

    /// <summary>Changes the object in a field, if there is one.</summary>
    public static Doc In(this Doc value, string field, Func<Doc, Doc> change)
    {
        if (value[field] is not DocObject inner)
        {
            return value;
        }

        var changed = change(inner);
        return ReferenceEquals(changed, inner) ? value : value.With(changed, field);
    }

    /// <summary>Changes each element of the list in a field, if there is one.</summary>
    public static Doc Each(this Doc value, string field, Func<Doc, Doc> change)
    {
        if (value[field] is not DocArray list)
        {
            return value;
        }

        ImmutableArray<Doc>.Builder? changed = null;
        for (var i = 0; i < list.Items.Length; i++)
        {
            var item = change(list.Items[i]);
            if (changed is null && !ReferenceEquals(item, list.Items[i]))
            {
                changed = list.Items.ToBuilder();
            }

            if (changed is not null)
            {
                changed[i] = item;
            }
        }

        return changed is null ? value : value.With(new DocArray(changed.DrainToImmutable()), field);
    }
}
