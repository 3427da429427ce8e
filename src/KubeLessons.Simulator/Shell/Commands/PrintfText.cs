using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Shell.Expansion;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>What <c>printf</c> writes: the format is used again while there are arguments left.</summary>
internal sealed class PrintfText
{
    /// <summary>A width or precision may ask for this many characters.</summary>
    public const int MaxWidth = 65_536;

    private const int MaxLength = 4 * 1024 * 1024;

    private readonly StringBuilder _text = new();
    private readonly string[] _arguments;
    private readonly World _world;
    private int _next;
    private bool _stops;

    private PrintfText(ReadOnlySpan<string> arguments, World world) => (_arguments, _world) = (arguments.ToArray(), world);

    public string Text => _text.ToString();

    /// <summary>What is wrong with arguments, such as <c>x: invalid number</c>; printf goes on and exits 1.</summary>
    public List<string> Faults { get; } = [];

    public static PrintfText Of(string format, ReadOnlySpan<string> arguments, World world)
    {
        var printf = new PrintfText(arguments, world);
        do
        {
            var before = printf._next;
            printf.Write(format);
            if (printf._next == before || printf._text.Length > MaxLength)
            {
                break;
            }
        }
        while (printf._next < printf._arguments.Length && !printf._stops);

        return printf;
    }

    private void Write(string format)
    {
        for (var i = 0; i < format.Length && !_stops; i++)
        {
            if (format[i] == '\\' && i + 1 < format.Length)
            {
                var end = EndOfEscape(format, i);
                _text.Append(Escapes.Decode(format[i..end], EscapeStyle.PrintfFormat));
                i = end - 1;
            }
            else if (format[i] != '%')
            {
                _text.Append(format[i]);
            }
            else if (i + 1 < format.Length && format[i + 1] == '%')
            {
                _text.Append('%');
                i++;
            }
            else
            {
                i = Convert(format, i);
            }
        }
    }

    private static int EndOfEscape(string format, int start)
    {
        var end = start + 2;
        var (max, isHex) = format[start + 1] switch { 'x' => (2, true), 'u' => (4, true), 'U' => (8, true), >= '0' and <= '7' => (2, false), _ => (0, false) };
        while (max-- > 0 && end < format.Length && (isHex ? char.IsAsciiHexDigit(format[end]) : format[end] is >= '0' and <= '7'))
        {
            end++;
        }

        return end;
    }

    private readonly record struct Spec(string Flags, int? Width, int? Precision, char Letter)
    {
        public bool IsLeft => Flags.Contains('-');
    }

    private int Convert(string format, int start)
    {
        var i = start + 1;
        var flagsStart = i;
        while (i < format.Length && "-+ #0'".Contains(format[i]))
        {
            i++;
        }

        var flags = format[flagsStart..i];
        var width = Number(format, ref i);
        int? precision = null;
        if (i < format.Length && format[i] == '.')
        {
            i++;
            precision = Number(format, ref i) ?? 0;
        }

        if (i < format.Length && format[i] == '(' && format.IndexOf(")T", i, StringComparison.Ordinal) is > 0 and var close)
        {
            WriteTime(format[(i + 1)..close], width, flags);
            return close + 1;
        }

        while (i < format.Length && format[i] is 'l' or 'h' or 'L' or 'q' && i + 1 < format.Length && char.IsAsciiLetter(format[i + 1]))
        {
            i++;
        }

        if (i >= format.Length)
        {
            Faults.Add($"`{format[start..]}': missing format character");
            _stops = true;
            return i;
        }

        if (width < 0)
        {
            (flags, width) = (flags + "-", -width);
        }

        WriteOne(new Spec(flags, width, precision < 0 ? null : precision, format[i]), format[start..(i + 1)]);
        return i;
    }

    private int? Number(string format, ref int i)
    {
        if (i < format.Length && format[i] == '*')
        {
            i++;
            return (int)Math.Clamp(Integer(Next() ?? "0"), -MaxWidth, MaxWidth);
        }

        var start = i;
        while (i < format.Length && char.IsAsciiDigit(format[i]))
        {
            i++;
        }

        return i == start ? null : i - start > 5 ? MaxWidth : Math.Min(int.Parse(format.AsSpan(start, i - start)), MaxWidth);
    }

    private string? Next() => _next < _arguments.Length ? _arguments[_next++] : null;

    private void WriteOne(Spec spec, string shown)
    {
        switch (spec.Letter)
        {
            case 's':
                Pad(Cut(Next() ?? "", spec), spec);
                break;
            case 'b':
                Pad(Cut(Escapes.Decode(Next() ?? "", EscapeStyle.Echo, out _stops), spec), spec);
                break;
            case 'q':
                Pad(Quoting.Backslashed(Next() ?? ""), spec);
                break;
            case 'c':
                Pad(Next() is [var first, ..] ? first.ToString() : "", spec);
                break;
            case 'd' or 'i':
                var number = Integer(Next() ?? "0");
                WriteNumber(number < 0 ? "-" : "", ((Int128)number < 0 ? -(Int128)number : number).ToString(), spec);
                break;
            case 'u':
                WriteNumber("", ((ulong)Integer(Next() ?? "0")).ToString(), spec with { Flags = spec.Flags.Replace("+", "").Replace(" ", "") });
                break;
            case 'x' or 'X' or 'o':
                WriteRadix(Integer(Next() ?? "0"), spec);
                break;
            case 'f' or 'F' or 'e' or 'E' or 'g' or 'G':
                WriteFloat(Floating(Next() ?? "0"), spec);
                break;
            default:
                Faults.Add($"`{shown[^1]}': invalid format character");
                _stops = true;
                break;
        }
    }

    private static string Cut(string text, Spec spec) => spec.Precision < text.Length ? text[..spec.Precision.Value] : text;

    private void Pad(string text, Spec spec)
    {
        var width = spec.Width ?? 0;
        _text.Append(spec.IsLeft ? text.PadRight(width) : text.PadLeft(width));
    }

    private void WriteNumber(string sign, string digits, Spec spec)
    {
        if (sign.Length == 0)
        {
            sign = spec.Flags.Contains('+') ? "+" : spec.Flags.Contains(' ') ? " " : "";
        }

        digits = digits.PadLeft(spec.Precision ?? 0, '0');
        if (spec.Flags.Contains('0') && !spec.IsLeft && spec.Precision is null)
        {
            digits = digits.PadLeft(Math.Max(0, (spec.Width ?? 0) - sign.Length), '0');
        }

        Pad(sign + digits, spec);
    }

    private void WriteRadix(long number, Spec spec)
    {
        var digits = spec.Letter == 'o' ? System.Convert.ToString(number, 8) : number.ToString(spec.Letter == 'x' ? "x" : "X", CultureInfo.InvariantCulture);
        var prefix = spec.Flags.Contains('#') && number != 0 ? (spec.Letter == 'o' ? "0" : "0" + spec.Letter) : "";
        WriteNumber(prefix, digits, spec with { Flags = spec.Flags.Replace("+", "").Replace(" ", "") });
    }

    private void WriteFloat(double number, Spec spec)
    {
        var text = FloatText.Of(Math.Abs(number), spec.Precision ?? 6, spec.Letter, spec.Flags.Contains('#'));
        WriteNumber(number < 0 || double.IsNegative(number) ? "-" : "", text, spec with { Precision = null });
    }

    // A leading quote gives the character's code, as POSIX has it.
    private long Integer(string text)
    {
        if (text is ['"' or '\'', var c, ..])
        {
            return c;
        }

        var trimmed = text.Trim();
        if (long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && trimmed.TrimStart('-', '+') is not ['0', _, ..])
        {
            return value;
        }

        var (negative, digits) = trimmed is ['-', .. var rest] ? (true, rest) : (false, trimmed);
        var radix = digits is ['0', 'x' or 'X', ..] ? 16 : digits is ['0', _, ..] ? 8 : 10;
        var at = radix == 16 ? 2 : 0;
        var start = at;
        value = 0;
        while (at < digits.Length && char.IsAsciiHexDigit(digits[at]) && System.Convert.ToInt32(digits[at].ToString(), 16) < radix)
        {
            value = unchecked((value * radix) + System.Convert.ToInt32(digits[at].ToString(), 16));
            at++;
        }

        if (text.Length > 0 && (at < digits.Length || at == start))
        {
            Faults.Add($"{text}: invalid number");
        }

        return negative ? unchecked(-value) : value;
    }

    private double Floating(string text)
    {
        if (text is ['"' or '\'', var c, ..])
        {
            return c;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        var length = text.Length;
        while (length > 0 && !double.TryParse(text.AsSpan(0, length), NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            length--;
        }

        if (text.Length > 0)
        {
            Faults.Add($"{text}: invalid number");
        }

        return length == 0 ? 0 : value;
    }

    private void WriteTime(string format, int? width, string flags)
    {
        var argument = Next();
        var time = argument is null or "-1" || !long.TryParse(argument, out var seconds) || Math.Abs(seconds) > 200_000_000_000
            ? _world.UtcNow : DateTimeOffset.FromUnixTimeSeconds(seconds);
        Pad(TimeFormat.Format(format.Length == 0 ? "%X" : format, time), new Spec(flags, width, null, 's'));
    }
}
