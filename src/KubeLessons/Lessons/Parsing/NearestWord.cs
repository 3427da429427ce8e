using KubeLessons.Texts;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Finds what an author most likely meant by a misspelt word.</summary>
public static class NearestWord
{
    private const int LongestCompared = 64;
    private const int MostShown = 16;

    /// <summary>
    /// The candidate with the smallest Damerau-Levenshtein distance (insertions, deletions, replacements, swapped neighbours), or null when
    /// none is near: more than a third of the word, and at least one change, may differ. Letter case costs nothing.
    /// </summary>
    public static string? Among(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > LongestCompared) return null;
        var limit = Math.Max(1, (word.Length + 1) / 3);
        string? nearest = null;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - word.Length) > limit) continue;
            var distance = Distance(word, candidate);
            if (distance > limit || (nearest is not null && distance == limit)) continue;
            nearest = candidate;
            limit = distance;
        }

        return nearest;
    }

    /// <summary>What would be right instead of a word: the nearest candidate, else the first of the candidates.</summary>
    internal static Message Suggest(string word, IEnumerable<string> candidates)
    {
        var known = candidates.Distinct(StringComparer.Ordinal).ToList();
        if (Among(word, known) is { } nearest) return Message.Of("lint.didYouMean", nearest);
        if (known.Count == 0) return Message.Of("lint.noneKnown");
        var shown = string.Join(", ", known.Take(MostShown));
        return Message.Of("lint.oneOf", known.Count > MostShown ? shown + " …" : shown);
    }

    /// <summary>The number of edits between two words, regardless of letter case (optimal string alignment).</summary>
    public static int Distance(string left, string right)
    {
        var beforeLast = new int[right.Length + 1];
        var last = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++) last[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last, current) = (last, current, beforeLast);
        }

        return last[right.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
