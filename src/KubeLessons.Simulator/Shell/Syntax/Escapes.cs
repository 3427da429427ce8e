using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Shell.Syntax;

/// <summary>Which of the backslash dialects: <c>$'…'</c>, <c>echo -e</c> and printf's <c>%b</c>, or printf's format.</summary>
internal enum EscapeStyle
{
    DollarQuote,
    Echo,
    PrintfFormat,
}

/// <summary>Backslash sequences such as <c>\n</c>, <c>\x41</c>, <c>\033</c>.</summary>
internal static class Escapes
{
    /// <summary>The text with its sequences decoded; what is no sequence stays as it is.</summary>
    public static string Decode(string text, EscapeStyle style)
    {
        var decoded = Decode(text, style, out _);

        // What bash reads from $'…' ends at a null character.
        return style == EscapeStyle.DollarQuote && decoded.IndexOf('\0') is >= 0 and var end ? decoded[..end] : decoded;
    }

    /// <param name="text">The text with sequences.</param>
    /// <param name="style">The dialect.</param>
    /// <param name="stops">Whether <c>\c</c> ended the output.</param>
    public static string Decode(string text, EscapeStyle style, out bool stops)
    {
        stops = false;
        if (!text.Contains('\\'))
        {
            return text;
        }

        var decoded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                decoded.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'c' && style == EscapeStyle.Echo)
            {
                stops = true;
                break;
            }

            i = DecodeOne(text, i, style, decoded);
        }

        return decoded.ToString();
    }

    // Decodes the sequence whose letter is at the given place and returns the place of its last character.
    private static int DecodeOne(string text, int at, EscapeStyle style, StringBuilder into)
    {
        var letter = text[at];
        if (Simple(letter) is { } simple)
        {
            into.Append(simple);
            return at;
        }

        switch (letter)
        {
            case 'x':
                return Number(text, at, 2, 16, into);
            case 'u':
                return Number(text, at, 4, 16, into);
            case 'U':
                return Number(text, at, 8, 16, into);
            case '0' when style == EscapeStyle.Echo:
                if (at + 1 >= text.Length || text[at + 1] is < '0' or > '7')
                {
                    into.Append('\0');
                    return at;
                }

                return Number(text, at, 3, 8, into);
            case >= '0' and <= '7' when style != EscapeStyle.Echo:
                return Number(text, at - 1, 3, 8, into);
            case '\'' or '?' when style == EscapeStyle.DollarQuote:
                into.Append(letter);
                return at;
            case '"' when style != EscapeStyle.Echo:
                into.Append(letter);
                return at;
            default:
                into.Append('\\').Append(letter);
                return at;
        }
    }

    private static char? Simple(char letter) => letter switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\a',
        'b' => '\b',
        'f' => '\f',
        'v' => '\v',
        'e' or 'E' => '\u001b',
        '\\' => '\\',
        _ => null,
    };

    private static int Number(string text, int at, int maxDigits, int radix, StringBuilder into)
    {
        var value = 0L;
        var end = at + 1;
        while (end < text.Length && end - at <= maxDigits && Digit(text[end]) is >= 0 and var digit && digit < radix)
        {
            value = (value * radix) + digit;
            end++;
        }

        if (end == at + 1)
        {
            into.Append('\\').Append(text[at]);
            return at;
        }

        if (value < char.MaxValue && !char.IsSurrogate((char)value))
        {
            into.Append((char)value);
        }
        else if (value is > char.MaxValue and <= 0x10FFFF)
        {
            into.Append(char.ConvertFromUtf32((int)value));
        }

        return end - 1;
    }

    private static int Digit(char c) =>
        char.IsAsciiHexDigit(c) ? int.Parse([c], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : -1;
}
