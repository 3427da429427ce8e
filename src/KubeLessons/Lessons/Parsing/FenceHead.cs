using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing;

/// <summary>The info string of a fence: the language, then <c>{key=value flag key="two words"}</c>.</summary>
/// <param name="Language">The first word, which Markdown readers colour by.</param>
/// <param name="Attributes">What stands in the braces, or null where there are none: such a fence is only read.</param>
internal sealed record FenceHead(string Language, ImmutableArray<FenceAttribute>? Attributes)
{
    /// <summary>Reads the part of a fence's line behind the fence itself. Faults are reported at <paramref name="line"/> (from 0).</summary>
    public static FenceHead Read(SourceText source, int line, int column, DiagnosticBag diagnostics)
    {
        var text = source.Line(line).ToString();
        var i = SkipBlank(text, column);
        var start = i;
        while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] != '{') i++;
        var language = text[start..i];
        i = SkipBlank(text, i);
        if (i == text.Length || text[i] != '{') return new FenceHead(language, null);
        var open = i++;
        var attributes = ImmutableArray.CreateBuilder<FenceAttribute>();
        while (true)
        {
            i = SkipBlank(text, i);
            if (i == text.Length)
            {
                diagnostics.Report(source.At(line, open), "lint.braceOpen");
                break;
            }

            if (text[i] == '}')
            {
                if (text[(i + 1)..].Trim().Length > 0) diagnostics.Report(source.At(line, SkipBlank(text, i + 1)), "lint.braceBehind", text[(i + 1)..].Trim());
                break;
            }

            attributes.Add(ReadAttribute(source, line, text, ref i, diagnostics));
        }

        return new FenceHead(language, attributes.DrainToImmutable());
    }

    private static FenceAttribute ReadAttribute(SourceText source, int line, string text, ref int i, DiagnosticBag diagnostics)
    {
        var start = i;
        while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('=' or '}')) i++;
        var key = text[start..i];
        if (i == text.Length || text[i] != '=') return new FenceAttribute(key, null, source.At(line, start), source.At(line, start));
        i++;
        var value = i;
        if (i == text.Length || text[i] is not ('"' or '\''))
        {
            while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] != '}')
                i = text.AsSpan(i).StartsWith("${") && text.IndexOf('}', i) is var close and > 0 ? close + 1 : i + 1;
            return new FenceAttribute(key, text[value..i], source.At(line, start), source.At(line, value));
        }

        var end = text.IndexOf(text[i], i + 1);
        if (end < 0)
        {
            diagnostics.Report(source.At(line, i), "lint.quoteOpen", text[i]);
            end = text.Length;
        }

        i = Math.Min(end + 1, text.Length);
        return new FenceAttribute(key, text[(value + 1)..end], source.At(line, start), source.At(line, value + 1));
    }

    private static int SkipBlank(string text, int i)
    {
        while (i < text.Length && char.IsWhiteSpace(text[i])) i++;
        return i;
    }
}

/// <summary>A word in a fence's braces.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value, or null for a flag.</param>
/// <param name="Position">Where the key stands.</param>
/// <param name="ValuePosition">Where the value stands.</param>
internal sealed record FenceAttribute(string Key, string? Value, SourcePosition Position, SourcePosition ValuePosition);
