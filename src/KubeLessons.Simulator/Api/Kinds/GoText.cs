using System.Text;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Api.Kinds;

/// <summary>How Go prints values into messages.</summary>
internal static class GoText
{
    /// <summary>As <c>%q</c> does.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' => quoted.Append($"\\x{(int)letter:x2}"),
                _ => quoted.Append(letter),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A map or a list with its fields in Go's manner, names in upper case: <c>{{Name: "a", Image: "b"}}</c>.</summary>
    public static string Literal(Doc value) => value switch
    {
        DocText text => Quote(text.AsText),
        DocArray list => "{" + string.Join(", ", list.Items.Select(Literal)) + "}",
        DocObject map => "{" + string.Join(", ", map.Fields.Select(field =>
            $"{char.ToUpperInvariant(field.Key[0])}{field.Key[1..]}: {Literal(field.Value)}")) + "}",
        _ => value.ToString(),
    };

    /// <summary>As <c>%#v</c> prints a <c>map[string]string</c>: keys sorted.</summary>
    public static string StringMap(Doc? value) =>
        value is DocObject map
            ? "map[string]string{" + string.Join(", ", map.Fields.OrderBy(field => field.Key, StringComparer.Ordinal)
                .Select(field => $"{Quote(field.Key)}:{Quote(field.Value.AsText ?? "")}")) + "}"
            : "map[string]string(nil)";
}
