using System.Text;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Expansion;

/// <summary>What <c>${x#p}</c>, <c>${x/p/r}</c>, <c>${x^}</c> and their kin make of a text.</summary>
internal static class TextForms
{
    // Replacing looks at every place of the text; so much work and no more.
    private const long MaxWork = 200_000_000;

    public static string Apply(ParameterForm form, string text, string pattern, string replacement) => form switch
    {
        ParameterForm.Length => text.Length.ToString(),
        ParameterForm.RemoveShortestPrefix => WithoutPrefix(text, pattern, longest: false),
        ParameterForm.RemoveLongestPrefix => WithoutPrefix(text, pattern, longest: true),
        ParameterForm.RemoveShortestSuffix => WithoutSuffix(text, pattern, longest: false),
        ParameterForm.RemoveLongestSuffix => WithoutSuffix(text, pattern, longest: true),
        ParameterForm.ReplacePrefix => GlobPattern.Parse(pattern).MatchPrefix(text, longest: true) is >= 0 and var length
            ? replacement + text[length..] : text,
        ParameterForm.ReplaceSuffix => GlobPattern.Parse(pattern).MatchSuffix(text, longest: true) is >= 0 and var length
            ? text[..^length] + replacement : text,
        ParameterForm.ReplaceFirst or ParameterForm.ReplaceAll => Replace(text, pattern, replacement, form == ParameterForm.ReplaceAll),
        ParameterForm.UpperFirst or ParameterForm.UpperAll =>
            Recase(text, pattern, char.ToUpperInvariant, form == ParameterForm.UpperAll),
        ParameterForm.LowerFirst or ParameterForm.LowerAll =>
            Recase(text, pattern, char.ToLowerInvariant, form == ParameterForm.LowerAll),
        ParameterForm.Quoted => Quoting.Single(text, always: true),
        _ => text,
    };

    /// <summary>The part that an offset and a length name; both may count from the end. The end is before the start for a length that is too negative.</summary>
    public static (int Start, int End) Range(int count, long offset, long? length)
    {
        var start = offset < 0 ? count + offset : offset;
        if (start < 0 || start > count)
        {
            return (count, count);
        }

        var end = length is null ? count : length < 0 ? count + length.Value : length.Value > count - start ? count : start + length.Value;
        return ((int)start, (int)Math.Max(end, -1));
    }

    private static string WithoutPrefix(string text, string pattern, bool longest) =>
        GlobPattern.Parse(pattern).MatchPrefix(text, longest) is > 0 and var length ? text[length..] : text;

    private static string WithoutSuffix(string text, string pattern, bool longest) =>
        GlobPattern.Parse(pattern).MatchSuffix(text, longest) is > 0 and var length ? text[..^length] : text;

    private static string Replace(string text, string pattern, string replacement, bool all)
    {
        if (pattern.Length == 0)
        {
            return text;
        }

        var glob = GlobPattern.Parse(pattern);
        var result = new StringBuilder();
        var work = 0L;
        var i = 0;
        while (i < text.Length && work < MaxWork && result.Length < FieldBuilder.MaxLength)
        {
            // A star may make every place look at the whole rest; without one the pattern's length bounds it.
            work += (glob.HasStar ? text.Length - i : 1) * (long)pattern.Length;
            var length = glob.MatchPrefix(text.AsSpan(i), longest: true);
            if (length <= 0)
            {
                result.Append(text[i++]);
                continue;
            }

            result.Append(replacement);
            i += length;
            if (!all)
            {
                break;
            }
        }

        return result.Append(text, i, text.Length - i).ToString();
    }

    private static string Recase(string text, string pattern, Func<char, char> recase, bool all)
    {
        var glob = GlobPattern.Parse(pattern.Length == 0 ? "?" : pattern);
        var result = new StringBuilder(text);
        for (var i = 0; i < text.Length && (all || i == 0); i++)
        {
            if (glob.IsMatch(text.AsSpan(i, 1)))
            {
                result[i] = recase(text[i]);
            }
        }

        return result.ToString();
    }
}
