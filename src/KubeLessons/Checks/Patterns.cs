using System.Text.RegularExpressions;

namespace KubeLessons.Checks;

/// <summary>Regular expressions of lessons, matched in linear time whatever they are.</summary>
internal static class Patterns
{
    private const RegexOptions Options =
        RegexOptions.NonBacktracking | RegexOptions.Multiline | RegexOptions.CultureInvariant;

    public static bool IsValid(string pattern) => Find("", pattern) is not null;

    /// <summary>Whether the pattern is found in the text; a pattern that cannot be read is found nowhere (lint reports it).</summary>
    public static bool IsMatch(string text, string pattern) => Find(text, pattern) ?? false;

    // The static method, because it keeps what it made of a pattern: making it costs more than all matching, and a check asks for the
    // same few at every instant.
    private static bool? Find(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, Options);
        }
        catch (ArgumentException)
        {
            return null;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
