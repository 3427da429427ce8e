using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary>A label selector in one line: <c>app=web,tier in (a,b),!old</c>.</summary>
internal static class SelectorText
{
    /// <summary>A LabelSelector object; <c>&lt;none&gt;</c> when it selects everything.</summary>
    public static string Of(Doc? selector)
    {
        var parts = new List<(string Key, string Text)>();
        foreach (var (key, value) in selector?.At("matchLabels")?.Fields ?? [])
        {
            parts.Add((key, $"{key}={value.AsText}"));
        }

        foreach (var each in selector?.List("matchExpressions") ?? [])
        {
            var key = each.Text("key") ?? "";
            var values = string.Join(',', each.List("values").Select(value => value.AsText).Order(StringComparer.Ordinal));
            parts.Add((key, each.Text("operator") switch
            {
                "In" => $"{key} in ({values})",
                "NotIn" => $"{key} notin ({values})",
                "Exists" => key,
                _ => "!" + key,
            }));
        }

        return parts.Count == 0 ? "<none>" : string.Join(',', parts.OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => part.Text));
    }
}
