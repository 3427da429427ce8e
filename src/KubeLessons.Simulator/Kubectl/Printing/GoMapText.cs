using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Paths;

namespace KubeLessons.Simulator.Kubectl.Printing;

/// <summary>How Go's fmt prints a decoded JSON value with <c>%v</c>: <c>map[a:1 b:2]</c>, <c>[x y]</c>.</summary>
internal static class GoMapText
{
    public static string Of(Doc value) => value switch
    {
        DocObject map => "map[" + string.Join(' ', map.Fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}:{Of(field.Value)}")) + "]",
        DocArray list => "[" + string.Join(' ', list.Items.Select(Of)) + "]",
        DocNull => "<nil>",
        _ => JsonPath.TextOf(value),
    };
}
