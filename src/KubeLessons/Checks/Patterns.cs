using System.Text.RegularExpressions;

namespace KubeLessons.Checks;

/// <summary>Regular expressions of lessons, matched in linear time whatever they are.</summary>
internal static class Patterns
{
    private const RegexOptions Options =
        RegexOptions.NonBacktracking | RegexOptions.Multiline | RegexOptions.CultureInvariant;

    public static bool IsValid(string pattern)
    {
        try
        {
            _ = new Regex(pattern, Options);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Whether the pattern is found in the text; a pattern that cannot be read is found nowhere (lint reports it).</summary>
    public static bool IsMatch(string text, string pattern) => IsValid(pattern) && Regex.IsMatch(text, pattern, Options);
}
