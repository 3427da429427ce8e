using System.Text.RegularExpressions;
using KubeLessons.Lessons;

namespace KubeLessons.Verifying;

/// <summary>A transcript's command that does not print what the lesson shows.</summary>
/// <param name="Entry">The command and the output that the lesson shows.</param>
/// <param name="Output">What it prints now.</param>
public sealed partial record StaleTranscript(TranscriptEntry Entry, string Output)
{
    /// <summary>
    /// Whether two outputs say the same to a reader: ages, times, addresses and the hashes in names may differ, and columns may be
    /// wider or narrower for it.
    /// </summary>
    public static bool IsSame(string shown, string printed) => Masked(shown) == Masked(printed);

    /// <summary>The text of a lesson's file with what its stale transcripts print now in the place of what they printed once.</summary>
    public static string Update(string text, IEnumerable<StaleTranscript> stale)
    {
        var lines = text.Split('\n').ToList();
        foreach (var (entry, output) in stale.OrderByDescending(each => each.Entry.OutputLine))
        {
            var printed = output.TrimEnd('\n');
            lines.RemoveRange(entry.OutputLine - 1, entry.OutputLines);
            if (printed.Length > 0)
            {
                lines.InsertRange(entry.OutputLine - 1, printed.Split('\n').Select(line => line.TrimEnd()));
            }
        }

        return string.Join('\n', lines);
    }

    private static string Masked(string output)
    {
        var lines = output.TrimEnd('\n').Split('\n');
        return string.Join('\n', lines.Select(line => Gap().Replace(Varying().Replace(line, "~"), " ").TrimEnd()));
    }

    // RFC 3339 times; IPv4 addresses; ages such as 5d3h or 42s; the hash of a pod template and the five letters behind a generated name.
    [GeneratedRegex(
        @"\d{4}-\d\d-\d\dT[\d:.]+Z|\b\d{1,3}(\.\d{1,3}){3}\b|\b(\d+[dhms])+\b|-[0-9a-f]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b|-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b|(?<=-)[bcdfghjklmnpqrstvwxz2456789]{5}\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex Varying();

    [GeneratedRegex(" +", RegexOptions.CultureInvariant)]
    private static partial Regex Gap();
}
