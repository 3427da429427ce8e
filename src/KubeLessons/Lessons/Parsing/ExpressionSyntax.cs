using System.Text.RegularExpressions;
using DevLab.JmesPath;
using KubeLessons.Checks;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Says whether the small languages inside of conditions can be read. A variable in them stands for a word.</summary>
internal static partial class ExpressionSyntax
{
    private const int LongestExpression = 1000;

    /// <summary>Whether a label selector in kubectl's notation can be read.</summary>
    public static bool IsSelector(string text) =>
        text.Length <= LongestExpression && Requirements(WithWords(text)).All(part => RequirementPattern().IsMatch(part.Trim()));

    /// <summary>Whether a JSONPath is one that checks can evaluate.</summary>
    public static bool IsJsonPath(string text) => text.Length <= LongestExpression && JsonPath.IsValid(WithWords(text));

    /// <summary>Why a JMESPath expression cannot be read, or null when it can.</summary>
    public static string? JmesPathFault(string text)
    {
        if (text.Length > LongestExpression) return $"> {LongestExpression}";
        try
        {
            new JmesPath().Parse(WithWords(text));
            return null;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The library reports a faulty expression by several exception types of its own and of its parser.
            return fault.Message.Split('\n')[0].Trim().TrimEnd('.');
        }
    }

    private static string WithWords(string text)
    {
        if (!text.Contains('$', StringComparison.Ordinal)) return text;
        var references = VariableReference.In(text);
        for (var i = references.Length - 1; i >= 0; i--)
            text = string.Concat(text.AsSpan(0, references[i].Start), "x", text.AsSpan(references[i].Start + references[i].Length));
        return text;
    }

    // The commas inside of "in (a, b)" part values, those outside requirements.
    private static IEnumerable<string> Requirements(string selector)
    {
        var (start, open) = (0, false);
        for (var i = 0; i <= selector.Length; i++)
        {
            if (i < selector.Length && (selector[i] is '(' or ')'))
            {
                open = selector[i] == '(';
            }
            else if (i == selector.Length || (selector[i] == ',' && !open))
            {
                yield return selector[start..i];
                start = i + 1;
            }
        }
    }

    [GeneratedRegex(@"^(!\s*[\w./-]+|[\w./-]+(\s+(in|notin)\s*\([\w.,\s-]*\)|\s*(=|==|!=)\s*[\w.-]*)?)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex RequirementPattern();
}
