using System.Text;

namespace KubeLessons.Cli.Terminal;

/// <summary>How many columns text takes on a terminal: Korean letters take two (Unicode Standard Annex #11, wide ranges).</summary>
internal static class TextWidth
{
    public static int Of(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += Of(rune);
        }

        return width;
    }

    /// <summary>The text filled up with blanks to this many columns.</summary>
    public static string Pad(string text, int columns) => text + new string(' ', Math.Max(0, columns - Of(text)));

    public static int Of(Rune rune) => rune.Value switch
    {
        < 0x20 => 0,
        >= 0x0300 and <= 0x036F or 0x200B or 0x200D or 0xFE0F => 0,
        >= 0x1100 and <= 0x115F => 2,
        >= 0x2E80 and <= 0x303E => 2,
        >= 0x3041 and <= 0x33FF => 2,
        >= 0x3400 and <= 0x4DBF => 2,
        >= 0x4E00 and <= 0x9FFF => 2,
        >= 0xA000 and <= 0xA4CF => 2,
        >= 0xAC00 and <= 0xD7A3 => 2,
        >= 0xF900 and <= 0xFAFF => 2,
        >= 0xFE30 and <= 0xFE4F => 2,
        >= 0xFF00 and <= 0xFF60 => 2,
        >= 0xFFE0 and <= 0xFFE6 => 2,
        >= 0x1F300 and <= 0x1F64F => 2,
        >= 0x1F900 and <= 0x1F9FF => 2,
        >= 0x20000 and <= 0x3FFFD => 2,
        _ => 1,
    };

    /// <summary>The text in lines of at most this many columns, broken at blanks (and between Korean syllables where one word is longer).</summary>
    public static IEnumerable<string> Wrap(string text, int columns)
    {
        var line = new StringBuilder();
        var width = 0;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var wordWidth = Of(Ansi.Strip(word));
            if (width > 0 && width + 1 + wordWidth > columns)
            {
                yield return line.ToString();
                line.Clear();
                width = 0;
            }

            if (width > 0)
            {
                line.Append(' ');
                width++;
            }

            line.Append(word);
            width += wordWidth;
        }

        if (width > 0)
        {
            yield return line.ToString();
        }
    }
}

/// <summary>Text without its colour codes.</summary>
internal static class Ansi
{
    public static string Strip(string text)
    {
        if (!text.Contains('\u001b'))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\u001b' && i + 1 < text.Length && text[i + 1] == '[')
            {
                i += 2;
                while (i < text.Length && !char.IsAsciiLetter(text[i]))
                {
                    i++;
                }
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
