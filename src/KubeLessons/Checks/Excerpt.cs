namespace KubeLessons.Checks;

/// <summary>Shortens what was printed for a report's line: line ends become ⏎, and of a long text the beginning and the end remain.</summary>
internal static class Excerpt
{
    private const int Longest = 300;

    public static string Of(string text)
    {
        var trimmed = text.Trim().Replace("\n", " ⏎ ");
        return trimmed.Length <= Longest ? trimmed : $"{trimmed[..200]} … {trimmed[^80..]}";
    }
}
