using System.Text;
using System.Text.RegularExpressions;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>
/// POSIX regular expressions, basic and extended with GNU's additions, on .NET's engine. The engine without backtracking runs
/// them, so that no pattern takes more than linear time and none needs a time-out, which a busy machine would turn into another
/// outcome. Only back-references need the other engine; there a time-out ends a pattern that would never end. The other engine also
/// runs patterns on which it never has to go back far (<see cref="RegexTranslation.IsPlain"/>): it finds the same, and is made
/// in a fiftieth of the time.
/// </summary>
internal static class PosixRegex
{
    /// <summary>A pattern may be this long.</summary>
    public const int MaxLength = 10_000;

    private static readonly TimeSpan BackReferenceTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The expression; null when the pattern cannot be read.</summary>
    public static Regex? Compile(string pattern, bool extended, bool ignoresCase = false) =>
        Compile(pattern, extended, ignoresCase, out _);

    /// <param name="pattern">A POSIX pattern.</param>
    /// <param name="extended">ERE; else BRE.</param>
    /// <param name="ignoresCase">Whether case counts.</param>
    /// <param name="fault">GNU's words for what is wrong.</param>
    public static Regex? Compile(string pattern, bool extended, bool ignoresCase, out string? fault)
    {
        fault = null;
        if (pattern.Length > MaxLength)
        {
            fault = "Regular expression too big";
            return null;
        }

        var translation = new RegexTranslation(pattern, extended);
        var translated = translation.Run();
        if (translation.Fault is not null)
        {
            fault = translation.Fault;
            return null;
        }

        var options = RegexOptions.CultureInvariant | (ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            return translation.HasBackReference
                ? new Regex(translated, options, BackReferenceTimeout)
                : new Regex(translated, options | (translation.IsPlain ? RegexOptions.None : RegexOptions.NonBacktracking), Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException)
        {
            fault = "Regular expression too big";
        }
        catch (ArgumentException)
        {
            fault = "Invalid preceding regular expression";
        }

        return null;
    }

    /// <summary>Like <see cref="Regex.Match(string, int)"/>; one that takes too long does not match.</summary>
    public static Match MatchAt(Regex regex, string text, int start)
    {
        try
        {
            return regex.Match(text, start);
        }
        catch (RegexMatchTimeoutException)
        {
            return Match.Empty;
        }
    }

    /// <summary>A text as a pattern that matches itself.</summary>
    public static string EscapeExtended(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if ("\\.[]{}()*+?^$|".Contains(c))
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
