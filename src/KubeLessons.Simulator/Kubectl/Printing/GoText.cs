using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Printing;

/// <summary>How Go's fmt prints values: <c>%q</c> and <c>%#v</c>, which show through in kubectl's messages.</summary>
internal static class GoText
{
    /// <summary>A text in double quotes, escaped as Go source has it.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => "\\x" + ((int)c).ToString("x2", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A decoded JSON value in Go syntax: <c>map[string]interface {}{"kind":"Pod"}</c>.</summary>
    public static string Value(Doc value) => value switch
    {
        DocObject map => "map[string]interface {}{" + string.Join(", ", map.Fields
            .OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => $"{Quote(field.Key)}:{Value(field.Value)}")) + "}",
        DocArray list => "[]interface {}{" + string.Join(", ", list.Items.Select(Value)) + "}",
        DocNumber number => number.Literal,
        DocNull => "interface {}(nil)",
        _ => value.AsText is { } text ? Quote(text) : value.AsBool == true ? "true" : "false",
    };
}
