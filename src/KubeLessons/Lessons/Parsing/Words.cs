using System.Collections.Immutable;
using System.Text;

namespace KubeLessons.Lessons.Parsing;

/// <summary>A word of a condition.</summary>
/// <param name="Text">The word; quotes that enclosed a part of it are gone.</param>
/// <param name="Offset">Where it starts in the line.</param>
internal sealed record Word(string Text, int Offset);

/// <summary>
/// Cuts a condition into words at blanks. Quotes keep blanks together (<c>-l 'app in (a, b)'</c>), and so do braces, inside of which all else
/// stays as it is (<c>jsonpath={.items[?(@.kind == "Pod")]}</c>). A quote or brace without its partner is a plain character.
/// </summary>
internal static class Words
{
    public static ImmutableArray<Word> Of(string line)
    {
        var words = ImmutableArray.CreateBuilder<Word>();
        var i = 0;
        while (true)
        {
            while (i < line.Length && char.IsWhiteSpace(line[i])) i++;
            if (i == line.Length) return words.DrainToImmutable();
            var start = i;
            words.Add(new Word(ReadWord(line, ref i), start));
        }
    }

    /// <summary>Takes away a pair of quotes around the whole of a text.</summary>
    public static string Unquote(string text) =>
        text.Length >= 2 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1] : text;

    /// <summary>Where the brace that opens at a place is closed, or -1. Braces nest; quotes inside them hide braces.</summary>
    public static int ClosingBrace(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] == '{') depth++;
            else if (text[i] == '}' && --depth == 0) return i;
            else if (text[i] is '"' or '\'' && text.IndexOf(text[i], i + 1) is var close and > 0) i = close;
        }

        return -1;
    }

    private static string ReadWord(string line, ref int i)
    {
        var word = new StringBuilder();
        while (i < line.Length && !char.IsWhiteSpace(line[i]))
        {
            var close = line[i] switch
            {
                '"' or '\'' => line.IndexOf(line[i], i + 1),
                '{' => ClosingBrace(line, i),
                _ => -1,
            };
            if (close < 0)
                word.Append(line[i++]);
            else
            {
                var isBrace = line[i] == '{';
                word.Append(line, isBrace ? i : i + 1, isBrace ? close - i + 1 : close - i - 1);
                i = close + 1;
            }
        }

        return word.ToString();
    }
}
