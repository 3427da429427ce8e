using System.Globalization;

namespace KubeLessons.Simulator.Shell.Commands.Awk;

/// <summary>
/// A value of awk: a number, a text, or a text from input that looks like a number and then counts as one in comparisons.
/// </summary>
internal readonly struct AwkValue
{
    private readonly string? _text;
    private readonly double _number;

    private AwkValue(string? text, double number, bool isNumber, bool isText) =>
        (_text, _number, IsNumber, IsText) = (text, number, isNumber, isText);

    /// <summary>A variable that was never set: "" and 0.</summary>
    public static AwkValue Unset => default;

    /// <summary>Compared as a number.</summary>
    public bool IsNumber { get; }

    /// <summary>Compared as a text whatever it looks like.</summary>
    public bool IsText { get; }

    public double Number => _text is not null && !IsNumber ? Parse(_text) : _number;

    public bool IsTrue => IsNumber ? _number != 0 : _text is { Length: > 0 };

    public static AwkValue Of(double number) => new(null, number, true, false);

    public static AwkValue Of(bool condition) => Of(condition ? 1 : 0);

    public static AwkValue Of(string text) => new(text, 0, false, true);

    /// <summary>Text from input: a number, if that is all that it is.</summary>
    public static AwkValue FromInput(string text) => LooksNumeric(text, out var number) ? new AwkValue(text, number, true, false) : Of(text);

    /// <summary>As text: whole numbers without a point, others with the given format (CONVFMT or OFMT).</summary>
    public string ToText(string format = "%.6g") =>
        _text ?? (!IsNumber ? ""
            : Math.Abs(_number) < 1e16 && _number == Math.Truncate(_number) ? ((long)_number).ToString(CultureInfo.InvariantCulture)
            : AwkFormat.Format(format, [Of(_number)]));

    public override string ToString() => ToText();

    public static int Compare(AwkValue left, AwkValue right, string format)
    {
        var numeric = (left.IsNumber || (!left.IsText && left._text is null)) && (right.IsNumber || (!right.IsText && right._text is null));
        return numeric ? left.Number.CompareTo(right.Number) : string.CompareOrdinal(left.ToText(format), right.ToText(format));
    }

    /// <summary>The number that a text begins with; 0 when it begins with none.</summary>
    public static double Parse(string text)
    {
        var span = text.AsSpan().TrimStart();
        var length = NumberLength(span);
        return length > 0 && double.TryParse(span[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private static bool LooksNumeric(string text, out double number)
    {
        number = 0;
        var span = text.AsSpan().Trim();
        return !span.IsEmpty && NumberLength(span) == span.Length && double.TryParse(span, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private static int NumberLength(ReadOnlySpan<char> text)
    {
        var at = 0;
        if (at < text.Length && text[at] is '+' or '-')
        {
            at++;
        }

        var digits = 0;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            digits++;
        }

        if (at < text.Length && text[at] == '.')
        {
            for (at++; at < text.Length && char.IsAsciiDigit(text[at]); at++)
            {
                digits++;
            }
        }

        if (digits == 0)
        {
            return 0;
        }

        if (at + 1 < text.Length && text[at] is 'e' or 'E')
        {
            var exponent = at + (text[at + 1] is '+' or '-' ? 2 : 1);
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                for (at = exponent; at < text.Length && char.IsAsciiDigit(text[at]); at++)
                {
                }
            }
        }

        return at;
    }
}
