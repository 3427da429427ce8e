using KubeLessons.Simulator.Api.Selectors;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Controllers;

/// <summary>Objects' selectors, asked about labels once. Who asks about many objects builds a <see cref="LabelSelector"/> and keeps it.</summary>
internal static class LabelMatch
{
    /// <summary>Whether labels satisfy a LabelSelector. A missing selector matches nothing, an empty one everything (metav1.LabelSelector).</summary>
    public static bool Matches(Doc? selector, Doc? labels) => LabelSelector.FromDoc(selector).Matches(labels);

    /// <summary>Whether labels have all entries of a map, as a Service's selector and a nodeSelector ask; an empty one asks nothing.</summary>
    public static bool HasAll(Doc? map, Doc? labels)
    {
        foreach (var (key, value) in map?.Fields ?? [])
        {
            if (labels?[key]?.AsText is not { } actual || actual != value.AsText)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True for a selector without any requirement.</summary>
    public static bool IsEmpty(Doc? selector) => selector is null or { IsNull: true } || LabelSelector.FromDoc(selector).IsEverything;
}
