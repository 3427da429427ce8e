using System.Text;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Paths;

namespace KubeLessons.Simulator.Kubectl.Describing;

/// <summary>What <c>kubectl describe</c> shows of a kind that it does not know: its fields, with their names in words.</summary>
internal static class GenericDescriber
{
    private static readonly HashSet<string> Hidden = ["name", "namespace", "labels", "annotations", "managedFields"];

    /// <summary>Such words are written in capitals.</summary>
    private static readonly HashSet<string> Initialisms = ["API", "URL", "UID", "OSB", "GUID"];

    public static IEnumerable<Wait> Describe(DescribeSession session, Doc value)
    {
        var writer = session.Writer;
        writer.Field(0, "Name", value.Text("metadata", "name"));
        writer.Field(0, "Namespace", value.Text("metadata", "namespace"));
        writer.Labels("Labels", value.At("metadata", "labels"));
        writer.Annotations("Annotations", value.At("metadata", "annotations"));
        Map(writer, 0, value, "", isMetadata: false);
        yield return Wait.Call(session.DescribeEvents(value));
    }

    private static void Map(DescribeWriter writer, int level, Doc map, string path, bool isMetadata)
    {
        foreach (var (key, value) in map.Fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            if ((isMetadata && Hidden.Contains(key)) || value.IsNull)
            {
                continue;
            }

            switch (value)
            {
                case DocObject inner:
                    writer.Line(level, Words(key) + ":");
                    Map(writer, level + 1, inner, path + "." + key, level == 0 && key == "metadata");
                    break;
                case DocArray list:
                    writer.Line(level, Words(key) + ":");
                    List(writer, level + 1, list);
                    break;
                default:
                    writer.Field(level, Words(key), JsonPath.TextOf(value));
                    break;
            }
        }
    }

    private static void List(DescribeWriter writer, int level, DocArray list)
    {
        foreach (var item in list.Items)
        {
            switch (item)
            {
                case DocObject map:
                    Map(writer, level, map, "", isMetadata: false);
                    break;
                case DocArray inner:
                    List(writer, level + 1, inner);
                    break;
                default:
                    writer.Line(level, JsonPath.TextOf(item));
                    break;
            }
        }
    }

    // "leaseDurationSeconds" -> "Lease Duration Seconds"; "apiVersion" -> "API Version".
    private static string Words(string field)
    {
        if (field.Length == 0 || !field.All(char.IsAsciiLetterOrDigit))
        {
            return field;
        }

        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < field.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(field[i]) && !char.IsAsciiLetterUpper(field[i - 1]))
            {
                words.Add(word.ToString());
                word.Clear();
            }

            word.Append(field[i]);
        }

        words.Add(word.ToString());
        return string.Join(' ', words.Select(each =>
            Initialisms.Contains(each.ToUpperInvariant()) ? each.ToUpperInvariant() : char.ToUpperInvariant(each[0]) + each[1..]));
    }
}
