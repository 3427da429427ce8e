namespace KubeLessons.Checks;

/// <summary>Shortens long texts for a report: the beginning and the end.</summary>
internal static class Excerpt
{
    private const int Longest = 300;

    public static string Of(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length <= Longest ? trimmed : $"{trimmed[..200]} … {trimmed[^80..]}";
    }
}
