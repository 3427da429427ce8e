using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Syntax;

internal sealed partial class ShellLexer
{
    /// <summary>Whether a text is a name: a letter or underscore, then letters, digits and underscores.</summary>
    public static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!IsNameLetter(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNameLetter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    /// <summary>Reads a word of the form of an assignment; null, and nothing read, when the next word is none.</summary>
    private Assignment? ReadAssignment(ScriptPosition position, out int headerEnd)
    {
        headerEnd = _at;
        var nameEnd = _at;
        while (nameEnd < _text.Length && IsNameLetter(_text[nameEnd]))
        {
            nameEnd++;
        }

        var name = _text[_at..nameEnd];
        if (!IsName(name))
        {
            return null;
        }

        var subscriptEnd = nameEnd;
        if (nameEnd < _text.Length && _text[nameEnd] == '[')
        {
            subscriptEnd = EndOfSubscript(nameEnd);
            if (subscriptEnd < 0)
            {
                return null;
            }
        }

        var appends = subscriptEnd < _text.Length && _text[subscriptEnd] == '+';
        var equals = subscriptEnd + (appends ? 1 : 0);
        if (equals >= _text.Length || _text[equals] != '=')
        {
            return null;
        }

        var subscript = subscriptEnd > nameEnd ? Subscript(nameEnd + 1, subscriptEnd - 1) : null;
        _at = headerEnd = equals + 1;
        if (Current == '(' && subscript is null)
        {
            return new Assignment(name, null, appends, new Word([], position, "")) { Elements = ReadElements(position) };
        }

        var valueAt = PositionAt(_at);
        var value = IsProcessSubstitution ? [] : ReadParts(PartsEnd.Word);
        return new Assignment(name, subscript, appends, new Word(value, valueAt, Source(valueAt.Offset, _at)));
    }

    private Word Subscript(int from, int to) =>
        Inner(_text[from..to], PositionAt(from).Line, lexer => lexer.ReadWholeText(PartsEnd.Arithmetic));

    // The offset behind the bracket that closes the one at the given offset; -1 when it is not closed within the word.
    private int EndOfSubscript(int open)
    {
        var depth = 0;
        for (var i = open; i < _text.Length && _text[i] != '\n'; i++)
        {
            depth += _text[i] == '[' ? 1 : _text[i] == ']' ? -1 : 0;
            if (depth == 0)
            {
                return i + 1;
            }
        }

        return -1;
    }

    private ImmutableArray<ArrayElement> ReadElements(ScriptPosition start)
    {
        _at++;
        var elements = ImmutableArray.CreateBuilder<ArrayElement>();
        while (true)
        {
            SkipBlanks();
            if (Current == '\n')
            {
                _at++;
            }
            else if (IsAtEnd)
            {
                FailUnended(')', start);
                break;
            }
            else if (Current == ')')
            {
                _at++;
                break;
            }
            else if (ReadElement() is { } element)
            {
                elements.Add(element);
            }
        }

        return elements.ToImmutable();
    }

    private ArrayElement? ReadElement()
    {
        Word? key = null;
        if (Current == '[' && EndOfSubscript(_at) is > 0 and var end && end < _text.Length && _text[end] == '=')
        {
            key = Subscript(_at + 1, end - 1);
            _at = end + 1;
        }

        var at = PositionAt(_at);
        var parts = ReadParts(PartsEnd.Word);
        if (_at > at.Offset || key is not null)
        {
            return new ArrayElement(key, new Word(parts, at, Source(at.Offset, _at)));
        }

        FailAt(ReadToken());
        return null;
    }
}
