using System.Globalization;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>Numbers as C's <c>%f</c>, <c>%e</c> and <c>%g</c> write them.</summary>
internal static class FloatText
{
    /// <summary>A number that is not negative, as <paramref name="letter"/> (f, e or g, or their capitals) writes it.</summary>
    public static string Of(double number, int precision, char letter, bool keepsZeros = false)
    {
        precision = Math.Min(precision, 500);
        if (double.IsNaN(number) || double.IsInfinity(number))
        {
            var name = double.IsNaN(number) ? "nan" : "inf";
            return char.IsUpper(letter) ? name.ToUpperInvariant() : name;
        }

        var text = char.ToLowerInvariant(letter) switch
        {
            'f' => number.ToString("F" + precision, CultureInfo.InvariantCulture),
            'e' => Exponential(number, precision),
            _ => General(number, Math.Max(precision, 1), keepsZeros),
        };
        return char.IsUpper(letter) ? text.ToUpperInvariant() : text;
    }

    private static string Exponential(double number, int precision)
    {
        var text = number.ToString("e" + precision, CultureInfo.InvariantCulture);
        var at = text.IndexOf('e');
        var exponent = int.Parse(text.AsSpan(at + 1), CultureInfo.InvariantCulture);
        return $"{text[..at]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static string General(double number, int precision, bool keepsZeros)
    {
        var exponential = Exponential(number, precision - 1);
        var exponent = int.Parse(exponential.AsSpan(exponential.IndexOf('e') + 1), CultureInfo.InvariantCulture);
        var isExponential = exponent < -4 || exponent >= precision;
        var text = isExponential ? exponential : number.ToString("F" + (precision - 1 - exponent), CultureInfo.InvariantCulture);
        if (keepsZeros || !text.Contains('.'))
        {
            return text;
        }

        var (mantissa, rest) = isExponential ? (text[..text.IndexOf('e')], text[text.IndexOf('e')..]) : (text, "");
        return mantissa.TrimEnd('0').TrimEnd('.') + rest;
    }
}
