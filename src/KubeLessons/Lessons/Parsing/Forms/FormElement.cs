using System.Collections.Immutable;

namespace KubeLessons.Lessons.Parsing.Forms;

/// <summary>One part of a form's usage line, e.g. <c>active|inactive</c>, <c>NODE:PORT</c> or <c>[body contains TEXT…]</c>.</summary>
internal abstract record FormElement(string Usage)
{
    /// <summary>Reads a usage line: words, in brackets where they may be missing.</summary>
    public static ImmutableArray<FormElement> ReadAll(string usage)
    {
        var elements = ImmutableArray.CreateBuilder<FormElement>();
        for (var rest = usage.Trim(); rest.Length > 0; rest = rest.TrimStart())
        {
            var end = rest[0] == '[' ? rest.IndexOf(']', StringComparison.Ordinal) + 1 : rest.IndexOf(' ', StringComparison.Ordinal);
            var part = end <= 0 ? rest : rest[..end];
            rest = rest[part.Length..];
            elements.Add(part[0] == '[' ? new OptionalElement(part, ReadAll(part[1..^1])) : ReadWord(part));
        }

        return elements.DrainToImmutable();
    }

    private static FormElement ReadWord(string word)
    {
        if (word == SelectionElement.Word) return new SelectionElement();
        return word.Any(char.IsAsciiLetterUpper) ? CaptureElement.Of(word) : new LiteralElement(word, [.. word.Split('|')]);
    }
}

/// <summary>Words that stand for themselves; where there are several, the one found is the form's choice.</summary>
internal sealed record LiteralElement(string Usage, ImmutableArray<string> Alternatives) : FormElement(Usage);

/// <summary>Elements that may be missing together.</summary>
internal sealed record OptionalElement(string Usage, ImmutableArray<FormElement> Elements) : FormElement(Usage);

/// <summary>The words that choose objects: <c>TYPE/NAME</c> or <c>TYPE [-l SELECTOR]</c>, then <c>[-n NAMESPACE] [on NODE]</c>.</summary>
internal sealed record SelectionElement() : FormElement(Word)
{
    public const string Word = "SELECTION";
}

/// <summary>
/// A word with captures (capitals) between literal pieces: <c>NODE/UNIT</c>, <c>exit=CODE</c>. One that ends in <c>…</c> takes the rest of the
/// line. A capture ends at the first place outside of braces where the next literal stands.
/// </summary>
internal sealed record CaptureElement(string Usage, ImmutableArray<CapturePiece> Pieces, bool TakesRest) : FormElement(Usage)
{
    public static CaptureElement Of(string word)
    {
        var takesRest = word.EndsWith('…');
        var pieces = ImmutableArray.CreateBuilder<CapturePiece>();
        var text = word.TrimEnd('…');
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            var isCapture = char.IsAsciiLetterUpper(text[i]);
            while (i < text.Length && char.IsAsciiLetterUpper(text[i]) == isCapture) i++;
            pieces.Add(new CapturePiece(text[start..i], isCapture));
        }

        return new CaptureElement(word, pieces.DrainToImmutable(), takesRest);
    }

    /// <summary>Cuts a text into the pieces: the captures with their places, or null when it does not fit.</summary>
    public ImmutableArray<Capture>? Match(string text, int offset)
    {
        var captures = ImmutableArray.CreateBuilder<Capture>();
        var at = 0;
        for (var i = 0; i < Pieces.Length; i++)
        {
            if (!Pieces[i].IsCapture)
            {
                if (string.CompareOrdinal(text, at, Pieces[i].Text, 0, Pieces[i].Text.Length) != 0) return null;
                at += Pieces[i].Text.Length;
                continue;
            }

            var end = i + 1 == Pieces.Length ? text.Length : EndOfCapture(text, at, Pieces[i + 1].Text, isLast: i + 2 == Pieces.Length);
            if (end < at || !Fits(Pieces[i].Text, text[at..end])) return null;
            captures.Add(new Capture(Pieces[i].Text, text[at..end], offset + at));
            at = end;
        }

        return at == text.Length ? captures.DrainToImmutable() : null;
    }

    private static int EndOfCapture(string text, int start, string literal, bool isLast)
    {
        if (isLast) return text.Length - start >= literal.Length && text.EndsWith(literal, StringComparison.Ordinal) ? text.Length - literal.Length : -1;
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] == '{' && Words.ClosingBrace(text, i) is var close and > 0) i = close;
            else if (string.CompareOrdinal(text, i, literal, 0, literal.Length) == 0) return i;
        }

        return -1;
    }

    // A path has braces and a value may be empty; what else a capture may be, the form that uses it says.
    private static bool Fits(string name, string text) => name switch
    {
        "PATH" => Words.Unquote(text) is ['{', .., '}'],
        "VALUE" => true,
        _ => text.Length > 0,
    };
}

/// <summary>A piece of a <see cref="CaptureElement"/>: a capture's name, or a literal.</summary>
internal sealed record CapturePiece(string Text, bool IsCapture);

/// <summary>What a capture caught, and where in the line.</summary>
internal sealed record Capture(string Name, string Text, int Offset);
