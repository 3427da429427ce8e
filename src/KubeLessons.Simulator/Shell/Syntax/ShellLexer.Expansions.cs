namespace KubeLessons.Simulator.Shell.Syntax;

internal sealed partial class ShellLexer
{
    /// <summary>The expression between <c>((</c>, which has just been read, and <c>))</c>; null when it does not end so.</summary>
    public Word? ReadArithmetic()
    {
        _peeked = null;
        var end = EndOfArithmetic(_at);
        if (end < 0)
        {
            return null;
        }

        var expression = Arithmetic(_at, end);
        _at = end + 2;
        return expression;
    }

    /// <summary>Goes back to a token that was read.</summary>
    public void Rewind(Token token)
    {
        _at = token.EndOffset;
        _peeked = null;
    }

    /// <summary>The three expressions of <c>for ((a; b; c))</c> as they stand; null when they do not end in two parentheses.</summary>
    public string[]? ReadArithmeticParts()
    {
        _peeked = null;
        var end = EndOfArithmetic(_at);
        if (end < 0)
        {
            return null;
        }

        var parts = _text[_at..end].Split(';');
        _at = end + 2;
        return parts;
    }

    public Word ArithmeticText(string text, int line) => Inner(text, line, lexer => lexer.ReadWholeText(PartsEnd.Arithmetic));

    private Word Arithmetic(int from, int to) => ArithmeticText(_text[from..to], PositionAt(from).Line);

    // The offset of the two parentheses that close an expression which starts here; -1: there are none.
    private int EndOfArithmetic(int from)
    {
        var depth = 0;
        for (var i = from; i < _text.Length; i++)
        {
            switch (_text[i])
            {
                case '\\':
                    i++;
                    break;
                case '\'' or '"':
                    var quote = _text.IndexOf(_text[i], i + 1);
                    i = quote < 0 ? _text.Length : quote;
                    break;
                case '(':
                    depth++;
                    break;
                case ')' when depth > 0:
                    depth--;
                    break;
                case ')':
                    return i + 1 < _text.Length && _text[i + 1] == ')' ? i : -1;
            }
        }

        return -1;
    }

    private void ReadDollar(PartsBuilder parts, PartsEnd end)
    {
        var start = _at;
        var next = Ahead(1);
        if (next == '(')
        {
            _at += 2;
            parts.Add(ReadSubstitution(start));
        }
        else if (next == '{')
        {
            _at += 2;
            parts.Add(ReadBraced(start, IsInQuotes(end)));
        }
        else if (next == '\'' && !IsInQuotes(end))
        {
            _at += 2;
            parts.Add(new QuotedText(ReadAnsiQuoted(start)));
        }
        else if (next == '"' && !IsInQuotes(end))
        {
            _at++;
        }
        else if (next is '@' or '*' or '#' or '?' or '-' or '$' or '!' || char.IsAsciiDigit(next))
        {
            _at += 2;
            parts.Add(new ParameterExpansion(next.ToString()) { Source = Source(start, _at) });
        }
        else if (IsNameLetter(next))
        {
            _at++;
            parts.Add(new ParameterExpansion(ReadName()) { Source = Source(start, _at) });
        }
        else
        {
            parts.Append('$');
            _at++;
        }
    }

    private WordPart ReadSubstitution(int start)
    {
        if (Current == '(' && EndOfArithmetic(_at + 1) is >= 0 and var end)
        {
            var expression = Arithmetic(_at + 1, end);
            _at = Fault is null ? end + 2 : _text.Length;
            return new ArithmeticSubstitution(expression);
        }

        var commands = ReadCommandsToParenthesis();
        return new CommandSubstitution(commands with { At = PositionAt(Math.Min(start, _text.Length)) });
    }

    private string ReadAnsiQuoted(int start)
    {
        var from = _at;
        while (!IsAtEnd && Current != '\'')
        {
            _at += Current == '\\' ? 2 : 1;
        }

        if (IsAtEnd)
        {
            FailUnended('\'', PositionAt(start));
            return "";
        }

        var text = Escapes.Decode(_text[from.._at], EscapeStyle.DollarQuote);
        _at++;
        return text;
    }

    private string ReadName()
    {
        var start = _at;
        while (!IsAtEnd && IsNameLetter(Current))
        {
            _at++;
        }

        return _text[start.._at];
    }
}
