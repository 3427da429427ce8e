using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KubeLessons.Simulator.Documents;

/// <summary>What a scalar of YAML 1.1 stands for (the table of go-yaml v2, which Kubernetes' own tools use).</summary>
internal static class YamlScalar
{
    public static Doc Resolve(Scalar scalar)
    {
        var tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value;
        if (tag == "tag:yaml.org,2002:str" || scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
        {
            return scalar.Value;
        }

        return scalar.Value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => Doc.Null,
            "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
            "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
            var text => Number(text) ?? text,
        };
    }

    private static Doc? Number(string text)
    {
        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+' or '.'))
        {
            return null;
        }

        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (Integer(plain) is { } whole)
        {
            return whole;
        }

        // JSON knows neither a leading plus nor a bare point, so a float is written anew; infinity stays text.
        return plain.AsSpan().IndexOfAnyExcept("+-.0123456789eE") < 0 && plain.AsSpan().IndexOfAny("0123456789") >= 0
            && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? Doc.Number(value.ToString("R", CultureInfo.InvariantCulture))
            : null;
    }

    private static Doc? Integer(string text)
    {
        var negative = text[0] == '-';
        var digits = text[0] is '-' or '+' ? text[1..] : text;
        long? value = digits switch
        {
            ['0', 'x', ..] => Parse(digits[2..], 16),
            ['0', 'b', ..] => Parse(digits[2..], 2),
            ['0', 'o', ..] => Parse(digits[2..], 8),
            ['0', _, ..] => Parse(digits[1..], 8),
            _ => Parse(digits, 10),
        };
        return value is { } number ? (negative ? -number : number) : null;
    }

    private static long? Parse(string digits, int radix)
    {
        if (digits.Length == 0)
        {
            return null;
        }

        var value = 0L;
        foreach (var letter in digits)
        {
            var digit = char.IsAsciiHexDigit(letter) ? Convert.ToInt32(letter.ToString(), 16) : radix;
            if (digit >= radix || value > (long.MaxValue - digit) / radix)
            {
                return null;
            }

            value = value * radix + digit;
        }

        return value;
    }
}
