using System.Globalization;

namespace KubeLessons.Simulator.Documents;

/// <summary>Which value a plain YAML scalar stands for: YAML 1.1 as Go's yaml.v2 resolves it, then as JSON can hold it.</summary>
internal static class YamlScalar
{
    public static Doc Resolve(string text, bool plain, string tag)
    {
        if (tag.EndsWith(":str", StringComparison.Ordinal) || (!plain && tag.Length == 0))
        {
            return text;
        }

        return Resolve(text) ?? text;
    }

    /// <summary>True when a writer must quote this text to keep it a string.</summary>
    public static bool IsAmbiguous(string text) => Resolve(text) is not null || IsBase60(text) || IsTimestamp(text);

    private static Doc? Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return Doc.Null;
            case "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "y" or "Y" or "on" or "On" or "ON":
                return true;
            case "false" or "False" or "FALSE" or "no" or "No" or "NO" or "n" or "N" or "off" or "Off" or "OFF":
                return false;
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF" or ".nan" or ".NaN" or ".NAN":
                return Doc.Null;
            default:
                return text[0] is '+' or '-' or '.' or (>= '0' and <= '9') ? Number(text) : null;
        }
    }

    private static Doc? Number(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var negative = digits.StartsWith('-');
        var bare = digits.AsSpan(digits.Length > 0 && digits[0] is '+' or '-' ? 1 : 0);
        if (bare.Length == 0)
        {
            return null;
        }

        if (Radix(bare, "0x", NumberStyles.AllowHexSpecifier) is { } hex)
        {
            return Signed(hex, negative);
        }

        if (Radix(bare, "0b", NumberStyles.AllowBinarySpecifier) is { } binary)
        {
            return Signed(binary, negative);
        }

        if (Octal(bare) is { } octal)
        {
            return Signed(octal, negative);
        }

        if (long.TryParse(bare, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
        {
            return Signed(whole, negative);
        }

        return IsFloat(digits) && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? Doc.Number(FloatText(value))
            : null;
    }

    private static long? Radix(ReadOnlySpan<char> text, string prefix, NumberStyles style) =>
        text.Length > 2 && text.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(text[2..], style, CultureInfo.InvariantCulture, out var value) ? value : null;

    // YAML 1.1: a leading zero means octal, so that mode 0644 is 420.
    private static long? Octal(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '0' || text.Length > 20)
        {
            return null;
        }

        var digits = text[1] == 'o' ? text[2..] : text[1..];
        if (digits.Length == 0)
        {
            return null;
        }

        var value = 0L;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7')
            {
                return null;
            }

            value = (value * 8) + (digit - '0');
        }

        return value;
    }

    private static Doc Signed(long value, bool negative) => negative ? -value : value;

    // [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
    private static bool IsFloat(string text)
    {
        var at = text[0] is '+' or '-' ? 1 : 0;
        var before = Digits(ref at);
        var after = 0;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            after = Digits(ref at);
        }

        if (before + after == 0)
        {
            return false;
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-')
            {
                at++;
            }

            if (Digits(ref at) == 0)
            {
                return false;
            }
        }

        return at == text.Length;

        int Digits(ref int position)
        {
            var start = position;
            while (position < text.Length && char.IsAsciiDigit(text[position]))
            {
                position++;
            }

            return position - start;
        }
    }

    private static string FloatText(double value) =>
        value == Math.Truncate(value) && Math.Abs(value) < 1e15
            ? ((long)value).ToString(CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);

    // 1:30 was sixty-based in YAML 1.1; Go quotes it so that nobody reads it as a number.
    private static bool IsBase60(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return false;
        }

        var parts = text.TrimStart('+', '-').Split(':');
        if (parts[0].Length == 0 || !char.IsAsciiDigit(parts[0][0]) || !parts[0].All(c => char.IsAsciiDigit(c) || c == '_'))
        {
            return false;
        }

        for (var i = 1; i < parts.Length; i++)
        {
            var part = i == parts.Length - 1 ? parts[i].Split('.')[0] : parts[i];
            if (part.Length is 0 or > 2 || !part.All(char.IsAsciiDigit) || (part.Length == 2 && part[0] > '5'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsTimestamp(string text) =>
        text.Length >= 8 && char.IsAsciiDigit(text[0]) && text.IndexOf('-', StringComparison.Ordinal) == 4
        && DateTimeOffset.TryParseExact(
            text,
            ["yyyy-M-d", "yyyy-M-dTH:m:sK", "yyyy-M-dTH:m:s.FFFFFFFK", "yyyy-M-dtH:m:s.FFFFFFFK", "yyyy-M-d H:m:s.FFFFFFF", "yyyy-M-d H:m:s"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out _);
}
