using System.Text.Json;
using System.Text.RegularExpressions;

namespace KubeLessons.Checks;

/// <summary>
/// kubectl's label selectors: <c>app=web,tier!=db,env in (a,b),env notin (c),key,!key</c>
/// (source: kubernetes.io/docs/concepts/overview/working-with-objects/labels).
/// </summary>
public static partial class LabelSelector
{
    /// <summary>Whether an object's labels satisfy every part of the selector. A part that cannot be read matches nothing.</summary>
    public static bool Matches(string selector, JsonElement target) => MatchesLabels(selector, target.At("metadata", "labels"));

    /// <summary>The same for a map of labels (undefined: none).</summary>
    public static bool MatchesLabels(string selector, JsonElement labels)
    {
        return Requirement().Matches(selector) is var parts && parts.All(part => Holds(part, labels));
    }

    private static bool Holds(Match part, JsonElement labels)
    {
        var value = labels.Text(part.Groups["key"].Value);
        if (part.Groups["not"].Success)
        {
            return value is null;
        }

        if (part.Groups["set"].Success)
        {
            var isIn = value is not null && part.Groups["values"].Value.Split(',').Any(item => item.Trim() == value);
            return part.Groups["set"].Value == "in" ? isIn : !isIn;
        }

        return part.Groups["sign"].Value switch
        {
            "" => value is not null,
            "!=" => value != part.Groups["value"].Value,
            _ => value == part.Groups["value"].Value,
        };
    }

    [GeneratedRegex(
        @"(?<not>!)?\s*(?<key>[\w./-]+)\s*(?:(?<set>in|notin)\s*\((?<values>[^)]*)\)|(?<sign>==|=|!=)\s*(?<value>[\w.-]*))?\s*(?:,|$)",
        RegexOptions.NonBacktracking)]
    private static partial Regex Requirement();
}
