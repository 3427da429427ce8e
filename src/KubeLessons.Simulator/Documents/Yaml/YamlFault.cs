using YamlDotNet.Core;

namespace KubeLessons.Simulator.Documents;

/// <summary>
/// A YAML fault in the words of Go's yaml package, which kubectl shows: <c>yaml: line N: PROBLEM</c>. Both parsers descend from
/// libyaml, so most problems have the same names; what differs is put right here, by looking at the text.
/// </summary>
internal static class YamlFault
{
    private const string NoToken = "found character that cannot start any token";

    /// <summary>For a fault that the parser reports without a place of its own.</summary>
    public static string WithoutPlace(long line) => $"yaml: line {line}: did not find expected ',' or '}}'";

    public static string InGoWords(YamlException fault, string text)
    {
        var lines = text.Split('\n');
        var problem = ProblemOf(fault.Message);
        var line = (int)fault.Start.Line;
        if (problem.Contains("tab as indentation", StringComparison.Ordinal) || IsIndentedByTab(lines, line))
        {
            return $"yaml: line {Math.Max(1, Array.FindIndex(lines, IsIndentedByTab) + 1)}: {NoToken}";
        }

        if (problem.StartsWith("unknown anchor", StringComparison.Ordinal))
        {
            return "yaml: " + problem;
        }

        if (problem == "found invalid mapping")
        {
            problem = IsKeyWithoutColon(lines, line) ? "could not find expected ':'" : "mapping values are not allowed in this context";
        }
        else if (problem == "found unexpected end of stream")
        {
            line = lines.Length;
        }
        else if (problem.StartsWith("did not find expected", StringComparison.Ordinal))
        {
            // Go counts lines from 0 in the parser, and adds one only for what the scanner found.
            line = Math.Min(line - 1, lines.Length - 1);
        }

        return line > 0 ? $"yaml: line {line}: {problem}" : $"yaml: {problem}";
    }

    // "While parsing a block mapping, did not find expected key." -> "did not find expected key"
    private static string ProblemOf(string message)
    {
        var text = message.StartsWith("While ", StringComparison.OrdinalIgnoreCase) && message.IndexOf(", ", StringComparison.Ordinal) is > 0 and var comma
            ? message[(comma + 2)..]
            : message;
        text = text.Trim().TrimEnd('.');
        return text.Length == 0 ? "unknown problem parsing YAML content" : char.ToLowerInvariant(text[0]) + text[1..];
    }

    // "labels" and then, deeper, "a: b": the word stands where its map's other keys stand, so a colon was expected after it.
    private static bool IsKeyWithoutColon(string[] lines, int line)
    {
        if (line < 2 || line > lines.Length || lines[line - 2].Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        var indent = IndentOf(lines[line - 2]);
        for (var above = line - 3; above >= 0; above--)
        {
            if (lines[above].Trim().Length == 0)
            {
                continue;
            }

            var other = IndentOf(lines[above]);
            if (other <= indent)
            {
                return other == indent && lines[above].Contains(':', StringComparison.Ordinal);
            }
        }

        return false;
    }

    private static int IndentOf(string line) => line.Length - line.AsSpan().TrimStart(' ').Length;

    private static bool IsIndentedByTab(string[] lines, int line) => line >= 1 && line <= lines.Length && IsIndentedByTab(lines[line - 1]);

    private static bool IsIndentedByTab(string line) => line.AsSpan(0, line.Length - line.AsSpan().TrimStart().Length).Contains('\t');
}
