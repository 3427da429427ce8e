using System.Globalization;

namespace KubeLessons.Simulator.Api;

/// <summary>
/// An amount of a resource, such as <c>500m</c>, <c>1.5Gi</c> or <c>2k</c>, exact to a billionth
/// (k8s.io/apimachinery/pkg/api/resource). It prints in its canonical form: <c>1000m</c> is <c>1</c>, <c>1024Mi</c> is <c>1Gi</c>.
/// </summary>
public readonly record struct Quantity : IComparable<Quantity>
{
    private const long Nano = 1_000_000_000;

    private readonly Int128 _nanos;
    private readonly Form _form;

    private Quantity(Int128 nanos, Form form) => (_nanos, _form) = (nanos, form);

    private enum Form
    {
        DecimalSuffix,
        BinarySuffix,
        Exponent,
    }

    /// <summary>The amount in whole units, rounded up.</summary>
    public long Value => Ceiling(Nano);

    /// <summary>The amount in thousandths, rounded up: what CPU is counted in.</summary>
    public long MilliValue => Ceiling(Nano / 1000);

    public bool IsZero => _nanos == 0;

    public bool IsNegative => _nanos < 0;

    public bool IsWhole => _nanos % Nano == 0;

    public static bool operator <(Quantity left, Quantity right) => left._nanos < right._nanos;

    public static bool operator >(Quantity left, Quantity right) => left._nanos > right._nanos;

    public static bool operator <=(Quantity left, Quantity right) => left._nanos <= right._nanos;

    public static bool operator >=(Quantity left, Quantity right) => left._nanos >= right._nanos;

    public static Quantity operator +(Quantity left, Quantity right) =>
        new(left._nanos + right._nanos, left.IsZero ? right._form : left._form);

    public static Quantity operator -(Quantity left, Quantity right) =>
        new(left._nanos - right._nanos, left.IsZero ? right._form : left._form);

    public static Quantity FromMilli(long thousandths) => new((Int128)thousandths * (Nano / 1000), Form.DecimalSuffix);

    /// <summary>A number of bytes: prints with Ki, Mi, Gi where it is whole.</summary>
    public static Quantity FromBytes(long bytes) => new((Int128)bytes * Nano, Form.BinarySuffix);

    public static Quantity FromWhole(long units) => new((Int128)units * Nano, Form.DecimalSuffix);

    /// <summary>Reads a quantity; null when the text is none.</summary>
    public static Quantity? TryParse(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.' || (end == 0 && text[end] is '+' or '-')))
        {
            end++;
        }

        if (!TryParseNumber(text[..end], out var number) || Scale(text[end..]) is not { } scale)
        {
            return null;
        }

        var nanos = scale.Form == Form.BinarySuffix
            ? RoundUp(number.Digits * ((Int128)1 << scale.Exponent) * Nano, number.Decimals)
            : RoundUp(number.Digits, number.Decimals - scale.Exponent - 9);
        return nanos is { } value ? new Quantity(number.Negative ? -value : value, scale.Form) : null;
    }

    public int CompareTo(Quantity other) => _nanos.CompareTo(other._nanos);

    public bool Equals(Quantity other) => _nanos == other._nanos;

    public override int GetHashCode() => _nanos.GetHashCode();

    /// <summary>The canonical form.</summary>
    public override string ToString()
    {
        if (_form == Form.BinarySuffix && IsWhole && Int128.Abs(_nanos) >= (Int128)1024 * Nano)
        {
            var (value, step) = (_nanos / Nano, 0);
            while (step < 6 && value % 1024 == 0)
            {
                (value, step) = (value / 1024, step + 1);
            }

            return value.ToString(CultureInfo.InvariantCulture) + ((ReadOnlySpan<string>)["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"])[step];
        }

        var (mantissa, exponent) = (_nanos, _nanos == 0 ? 0 : -9);
        while (mantissa != 0 && exponent < 18 && mantissa % 1000 == 0)
        {
            (mantissa, exponent) = (mantissa / 1000, exponent + 3);
        }

        var suffix = _form == Form.Exponent
            ? exponent == 0 ? "" : "e" + exponent.ToString(CultureInfo.InvariantCulture)
            : ((ReadOnlySpan<string>)["n", "u", "m", "", "k", "M", "G", "T", "P", "E"])[(exponent / 3) + 3];
        return mantissa.ToString(CultureInfo.InvariantCulture) + suffix;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out (Int128 Digits, int Decimals, bool Negative) number)
    {
        const int MaxDigits = 18;
        number = (0, 0, text.StartsWith("-"));
        text = text.TrimStart("+-");
        var point = text.IndexOf('.');
        var digits = 0;
        foreach (var letter in text)
        {
            if (letter != '.')
            {
                number.Digits = (number.Digits * 10) + (letter - '0');
                digits++;
            }
        }

        number.Decimals = point < 0 ? 0 : text.Length - point - 1;
        return digits is > 0 and <= MaxDigits && text.LastIndexOf('.') == point;
    }

    private static (Form Form, int Exponent)? Scale(ReadOnlySpan<char> suffix) => suffix switch
    {
        "" => (Form.DecimalSuffix, 0),
        "n" => (Form.DecimalSuffix, -9),
        "u" => (Form.DecimalSuffix, -6),
        "m" => (Form.DecimalSuffix, -3),
        "k" => (Form.DecimalSuffix, 3),
        "M" => (Form.DecimalSuffix, 6),
        "G" => (Form.DecimalSuffix, 9),
        "T" => (Form.DecimalSuffix, 12),
        "P" => (Form.DecimalSuffix, 15),
        "E" => (Form.DecimalSuffix, 18),
        "Ki" => (Form.BinarySuffix, 10),
        "Mi" => (Form.BinarySuffix, 20),
        "Gi" => (Form.BinarySuffix, 30),
        "Ti" => (Form.BinarySuffix, 40),
        "Pi" => (Form.BinarySuffix, 50),
        "Ei" => (Form.BinarySuffix, 60),
        ['e' or 'E', .. var exponent] when int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power)
            && power is >= -9 and <= 18 => (Form.Exponent, power),
        _ => null,
    };

    // `digits` without its last `decimals` places, away from zero; null where the result is out of range.
    private static Int128? RoundUp(Int128 digits, int decimals)
    {
        for (; decimals < 0; decimals++)
        {
            if (digits > Int128.MaxValue / 10)
            {
                return null;
            }

            digits *= 10;
        }

        for (; decimals > 0; decimals--)
        {
            digits = (digits / 10) + (digits % 10 != 0 ? 1 : 0);
        }

        return digits;
    }

    private long Ceiling(long unit)
    {
        var whole = _nanos / unit;
        whole += _nanos % unit > 0 ? 1 : 0;
        return whole > long.MaxValue ? long.MaxValue : whole < long.MinValue ? long.MinValue : (long)whole;
    }
}
