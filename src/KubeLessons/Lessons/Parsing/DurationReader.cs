using System.Collections.Immutable;
using System.Globalization;

namespace KubeLessons.Lessons.Parsing;

/// <summary>Reads durations: terms joined by <c>+</c> or <c>-</c>, each a Go duration or <c>${name}</c>, with a factor where wanted: <c>2*${syncFrequency}+5s</c>.</summary>
internal static class DurationReader
{
    private const int LongestText = 200;

    /// <summary>The duration, or null, and reported, when the text is none.</summary>
    public static Duration? Read(YamlScalar scalar, DiagnosticBag diagnostics)
    {
        var text = scalar.Value;
        var terms = ImmutableArray.CreateBuilder<DurationTerm>();
        var start = 0;
        while (text.Length <= LongestText)
        {
            var sign = text.AsSpan(start).IndexOfAny('+', '-');
            var end = sign < 0 ? text.Length : start + sign;
            var factor = start > 0 && text[start - 1] == '-' ? -1 : 1;
            if (!TryReadTerm(text[start..end].Trim(), factor, out var term)) break;
            if (term.Symbol is { } symbol && !DurationSymbols.Names.Contains(symbol))
            {
                diagnostics.Report(scalar.At(start), "lint.unknownSymbol", symbol, NearestWord.Suggest(symbol, DurationSymbols.Names));
                return null;
            }

            terms.Add(term);
            if (sign < 0) return new Duration(text, terms.DrainToImmutable());
            start = end + 1;
        }

        diagnostics.Report(scalar.At(start), "lint.duration", text);
        return null;
    }

    /// <summary>Whether a text looks like a duration and not like a name: it starts with a digit or <c>${</c>.</summary>
    public static bool LooksLike(string text) => text.Length > 0 && (char.IsAsciiDigit(text[0]) || text.StartsWith("${", StringComparison.Ordinal));

    private static bool TryReadTerm(string text, int factor, out DurationTerm term)
    {
        term = new DurationTerm(null, TimeSpan.Zero, factor);
        var star = text.IndexOf('*', StringComparison.Ordinal);
        if (star > 0)
        {
            if (!int.TryParse(text.AsSpan(0, star).TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var times) || times is < 1 or > 1000) return false;
            factor *= times;
            text = text[(star + 1)..].TrimStart();
        }

        if (text.StartsWith("${", StringComparison.Ordinal) && text.EndsWith('}') && VariableReference.IsName(text.AsSpan(2, text.Length - 3)))
        {
            term = new DurationTerm(text[2..^1], TimeSpan.Zero, factor);
            return true;
        }

        if (!GoDuration.TryParse(text, out var span)) return false;
        term = new DurationTerm(null, span, factor);
        return true;
    }
}
