using System.Text.RegularExpressions;

namespace KubeLessons.Clusters;

/// <summary>
/// Finds commands that would take away the way onto a node that is reached through ssh: what they do could not be undone from here. They are
/// left out of lessons, and refused where a learner types them.
/// </summary>
public static partial class CutOff
{
    /// <summary>The words that would do it; null where there are none.</summary>
    public static string? In(string commands) =>
        new[] { Units(), Rules(), Links(), Power() }.Select(pattern => pattern.Match(commands)).FirstOrDefault(match => match.Success)?.Value.Trim();

    [GeneratedRegex(@"\bsystemctl\b[^\n;|&]*\b(?:stop|kill|mask|disable)\b[^\n;|&]*\b(?:sshd?|network|networking|NetworkManager|systemd-networkd)(?:\.service|\.socket)?(?:\s|$)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Units();

    // A rule that turns ssh away, or everybody.
    [GeneratedRegex(@"\biptables\b(?=[^\n;|&]*\b(?:REJECT|DROP)\b)(?:[^\n;|&]*--dports?[ =]\S*\b(?:22|ssh)\b|[^\n;|&]*-P\s+(?:INPUT|OUTPUT)|\s+(?:-w\s+)?-[AI]\s+(?:INPUT|OUTPUT)\s+(?:\d+\s+)?-j)[^\n;|&]*", RegexOptions.CultureInvariant)]
    private static partial Regex Rules();

    [GeneratedRegex(@"\bip\s+(?:link|l)\b[^\n;|&]*\bdown\b|\bifdown\b[^\n;|&]*|\bifconfig\b[^\n;|&]*\bdown\b|\bip\s+addr(?:ess)?\s+(?:del|flush)\b[^\n;|&]*|\bip\s+route\s+(?:del|flush)\b[^\n;|&]*", RegexOptions.CultureInvariant)]
    private static partial Regex Links();

    [GeneratedRegex(@"(?:^|[;&|]|\bsudo)\s*(?:systemctl\s+)?(?:poweroff|halt|reboot|shutdown)\b[^\n;|&]*", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Power();
}
