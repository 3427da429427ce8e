using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Printing;

/// <summary>Labels in one line: <c>app=web,tier=db</c>, by key.</summary>
internal static class LabelText
{
    public static string Of(Doc? labels) => labels is DocObject { Count: > 0 } map
        ? string.Join(',', map.Fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value.AsText}"))
        : "<none>";
}
