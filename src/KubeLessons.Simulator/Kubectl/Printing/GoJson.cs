using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Printing;

/// <summary>JSON as Go's encoding/json writes a map: keys ordered by byte, <c>&lt; &gt; &amp;</c> escaped.</summary>
internal static class GoJson
{
    /// <summary>Fields that are maps in the Go types too: their keys are always ordered.</summary>
    private static readonly HashSet<string> GoMaps = ["labels", "annotations", "matchLabels", "nodeSelector", "data", "hard"];

    public static string Compact(Doc value) => Write(value, indent: null);

    /// <summary>Four spaces a level, and a line feed at the end, as <c>-o json</c> prints.</summary>
    public static string Indented(Doc value) => Write(value, "    ") + "\n";

    /// <summary>In the order that the fields have, as Go writes a struct.</summary>
    public static string IndentedInOrder(Doc value, string indent = "    ") => Write(value, indent, sorted: false) + "\n";

    private static string Write(Doc value, string? indent, bool sorted = true)
    {
        var output = new StringBuilder();
        Append(output, value, indent, sorted, 0);
        return output.ToString();
    }

    private static void Append(StringBuilder output, Doc value, string? indent, bool sorted, int level)
    {
        switch (value)
        {
            case DocObject map:
                AppendMap(output, map, indent, sorted, level);
                break;
            case DocArray list:
                AppendList(output, list, indent, sorted, level);
                break;
            case DocText:
                AppendText(output, value.AsText!);
                break;
            case DocNumber number:
                output.Append(number.Literal);
                break;
            case DocNull:
                output.Append("null");
                break;
            default:
                output.Append(value.AsBool == true ? "true" : "false");
                break;
        }
    }

    private static void AppendMap(StringBuilder output, DocObject map, string? indent, bool sorted, int level)
    {
        if (map.Count == 0)
        {
            output.Append("{}");
            return;
        }

        output.Append('{');
        var first = true;
        foreach (var (key, value) in sorted ? map.Fields.OrderBy(field => field.Key, StringComparer.Ordinal) : map.Fields)
        {
            Separate(output, ref first, indent, level + 1);
            AppendText(output, key);
            output.Append(indent is null ? ":" : ": ");
            Append(output, value, indent, sorted || GoMaps.Contains(key), level + 1);
        }

        NewLine(output, indent, level);
        output.Append('}');
    }

    private static void AppendList(StringBuilder output, DocArray list, string? indent, bool sorted, int level)
    {
        if (list.Items.IsEmpty)
        {
            output.Append("[]");
            return;
        }

        output.Append('[');
        var first = true;
        foreach (var item in list.Items)
        {
            Separate(output, ref first, indent, level + 1);
            Append(output, item, indent, sorted, level + 1);
        }

        NewLine(output, indent, level);
        output.Append(']');
    }

    private static void Separate(StringBuilder output, ref bool first, string? indent, int level)
    {
        if (!first)
        {
            output.Append(',');
        }

        first = false;
        NewLine(output, indent, level);
    }

    private static void NewLine(StringBuilder output, string? indent, int level)
    {
        if (indent is not null)
        {
            output.Append('\n').Insert(output.Length, indent, level);
        }
    }

    private static void AppendText(StringBuilder output, string text)
    {
        output.Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"':
                    output.Append("\\\"");
                    break;
                case '\\':
                    output.Append("\\\\");
                    break;
                case '\n':
                    output.Append("\\n");
                    break;
                case '\r':
                    output.Append("\\r");
                    break;
                case '\t':
                    output.Append("\\t");
                    break;
                case '\b':
                    output.Append("\\b");
                    break;
                case '\f':
                    output.Append("\\f");
                    break;
                case < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029':
                    output.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    break;
                default:
                    output.Append(c);
                    break;
            }
        }

        output.Append('"');
    }
}
