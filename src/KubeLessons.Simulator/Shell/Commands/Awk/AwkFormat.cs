using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Shell.Commands.Awk;

/// <summary>awk's <c>sprintf</c>.</summary>
internal static class AwkFormat
{
    private const int MaxWidth = 65_536;

    public static string Format(string format, IReadOnlyList<AwkValue> arguments)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
            }
            else if (i + 1 < format.Length && format[i + 1] == '%')
            {
                text.Append('%');
                i++;
            }
            else
            {
                i = One(format, i, arguments, ref next, text);
            }
        }

        return text.ToString();
    }

    private static int One(string format, int start, IReadOnlyList<AwkValue> arguments, ref int next, StringBuilder into)
    {
        var i = start + 1;
        while (i < format.Length && "-+ #0".Contains(format[i]))
        {
            i++;
        }

        var flags = format[(start + 1)..i];
        var width = Number(format, ref i, arguments, ref next) ?? 0;
        int? precision = null;
        if (i < format.Length && format[i] == '.')
        {
            i++;
            precision = Number(format, ref i, arguments, ref next) ?? 0;
        }

        while (i < format.Length && format[i] is 'l' or 'h')
        {
            i++;
        }

        if (i >= format.Length)
        {
            into.Append(format, start, format.Length - start);
            return i;
        }

        if (width < 0)
        {
            (flags, width) = (flags + "-", -width);
        }

        var value = next < arguments.Count ? arguments[next++] : AwkValue.Unset;
        into.Append(Pad(Convert(format[i], value, flags, width, precision), flags, width));
        return i;
    }

    private static int? Number(string format, ref int i, IReadOnlyList<AwkValue> arguments, ref int next)
    {
        if (i < format.Length && format[i] == '*')
        {
            i++;
            var given = next < arguments.Count ? arguments[next++].Number : 0;
            return (int)Math.Clamp(given, -MaxWidth, MaxWidth);
        }

        var start = i;
        while (i < format.Length && char.IsAsciiDigit(format[i]))
        {
            i++;
        }

        return i == start ? null : i - start > 5 ? MaxWidth : Math.Min(int.Parse(format.AsSpan(start, i - start)), MaxWidth);
    }

    private static string Convert(char letter, AwkValue value, string flags, int width, int? precision)
    {
        switch (letter)
        {
            case 's':
                var text = value.ToText();
                return precision < text.Length ? text[..precision.Value] : text;
            case 'c':
                return value.IsNumber ? value.Number is >= 0 and <= char.MaxValue ? ((char)value.Number).ToString() : "" : value.ToText() is [var first, ..] ? first.ToString() : "";
            case 'd' or 'i':
                var whole = Whole(value.Number);
                return Signed(whole < 0, Math.Abs((decimal)whole).ToString(CultureInfo.InvariantCulture).PadLeft(precision ?? 0, '0'), flags, precision is null ? width : 0);
            case 'u':
                return Whole(value.Number).ToString(CultureInfo.InvariantCulture);
            case 'x' or 'X' or 'o':
                var number = Whole(value.Number);
                var digits = letter == 'o' ? System.Convert.ToString(number, 8) : number.ToString(letter.ToString(), CultureInfo.InvariantCulture);
                return Signed(false, (flags.Contains('#') ? letter == 'o' ? "0" : "0" + letter : "") + digits.PadLeft(precision ?? 0, '0'), flags, width);
            case 'f' or 'F' or 'e' or 'E' or 'g' or 'G':
                return Signed(value.Number < 0, FloatText.Of(Math.Abs(value.Number), precision ?? 6, letter, flags.Contains('#')), flags, width);
            default:
                return "%" + letter;
        }
    }

    private static long Whole(double number) =>
        double.IsNaN(number) ? 0 : number >= long.MaxValue ? long.MaxValue : number <= long.MinValue ? long.MinValue + 1 : (long)number;

    private static string Signed(bool isNegative, string digits, string flags, int width)
    {
        var sign = isNegative ? "-" : flags.Contains('+') ? "+" : flags.Contains(' ') ? " " : "";
        return sign + (flags.Contains('0') && !flags.Contains('-') ? digits.PadLeft(Math.Max(0, width - sign.Length), '0') : digits);
    }

    private static string Pad(string text, string flags, int width) => flags.Contains('-') ? text.PadRight(width) : text.PadLeft(width);
}
