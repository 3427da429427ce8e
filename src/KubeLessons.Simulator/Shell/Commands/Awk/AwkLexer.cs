using System.Globalization;
using System.Text;

namespace KubeLessons.Simulator.Shell.Commands.Awk;

internal enum AwkToken
{
    End,
    NewLine,
    Number,
    Text,
    Regex,
    Name,

    /// <summary>A name with a parenthesis right behind it: a call of a function.</summary>
    CallName,
    Keyword,
    Symbol,
}

/// <summary>Splits an awk program into tokens; the parser says when a slash begins a regular expression.</summary>
internal sealed class AwkLexer(string text)
{
    private static readonly string[] Symbols =
    [
        "**=", "&&", "||", "==", "!=", "<=", ">=", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "**", "!~", ">>",
        "{", "}", "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":", "~", "$", "=",
    ];

    private int _at;

    public AwkToken Kind { get; private set; }

    /// <summary>The token's text; of a text or regular expression, what is between the quotes or slashes.</summary>
    public string Text { get; private set; } = "";

    public double Number { get; private set; }

    public int Line { get; private set; } = 1;

    public string? Fault { get; private set; }

    public bool Is(string symbol) => Kind is AwkToken.Symbol or AwkToken.Keyword && Text == symbol;

    public void Fail(string message)
    {
        Fault ??= $"cmd. line:{Line}: {message}";
        (Kind, Text, _at) = (AwkToken.End, "", text.Length);
    }

    public void Next()
    {
        SkipBlanks();
        if (_at >= text.Length)
        {
            (Kind, Text) = (AwkToken.End, "");
            return;
        }

        var c = text[_at];
        if (c == '\n')
        {
            _at++;
            Line++;
            (Kind, Text) = (AwkToken.NewLine, "newline");
        }
        else if (c == '"')
        {
            ReadText();
        }
        else if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])))
        {
            ReadNumber();
        }
        else if (char.IsAsciiLetter(c) || c == '_')
        {
            ReadName();
        }
        else if (Symbols.FirstOrDefault(symbol => string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) == 0) is { } found)
        {
            _at += found.Length;
            (Kind, Text) = (AwkToken.Symbol, found is "**" ? "^" : found is "**=" ? "^=" : found);
        }
        else
        {
            Fail($"syntax error at or near {c}");
        }
    }

    /// <summary>The current token is a slash, or slash-equals, where a value must stand: reads the regular expression that it begins.</summary>
    public void ReadRegex()
    {
        var pattern = new StringBuilder(Text == "/=" ? "=" : "");
        var inBracket = false;
        for (; _at < text.Length && text[_at] != '\n'; _at++)
        {
            var c = text[_at];
            if (c == '\\' && _at + 1 < text.Length)
            {
                pattern.Append(text[_at + 1] == '/' ? "/" : "\\" + text[_at + 1]);
                _at++;
                continue;
            }

            if (c == '/' && !inBracket)
            {
                _at++;
                (Kind, Text) = (AwkToken.Regex, pattern.ToString());
                return;
            }

            inBracket = c == '[' ? text.IndexOf(']', _at) > 0 : c != ']' && inBracket;
            pattern.Append(c);
        }

        Fail("unterminated regexp");
    }

    private void SkipBlanks()
    {
        while (_at < text.Length)
        {
            if (text[_at] is ' ' or '\t' or '\r')
            {
                _at++;
            }
            else if (text[_at] == '\\' && _at + 1 < text.Length && text[_at + 1] == '\n')
            {
                _at += 2;
                Line++;
            }
            else if (text[_at] == '#')
            {
                var end = text.IndexOf('\n', _at);
                _at = end < 0 ? text.Length : end;
            }
            else
            {
                return;
            }
        }
    }

    private void ReadText()
    {
        var start = ++_at;
        while (_at < text.Length && text[_at] is not ('"' or '\n'))
        {
            _at += text[_at] == '\\' ? 2 : 1;
        }

        if (_at >= text.Length || text[_at] == '\n')
        {
            Fail("unterminated string");
            return;
        }

        (Kind, Text) = (AwkToken.Text, Unescape(text[start.._at]));
        _at++;
    }

    // "\/" and '\"' lose their backslash; what awk does not know keeps it, as a pattern in a string needs it.
    private static string Unescape(string quoted)
    {
        if (!quoted.Contains('\\'))
        {
            return quoted;
        }

        var result = new StringBuilder();
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] != '\\' || i + 1 >= quoted.Length)
            {
                result.Append(quoted[i]);
                continue;
            }

            var next = quoted[++i];
            if (next is '/' or '"')
            {
                result.Append(next);
            }
            else if (next is >= '0' and <= '7')
            {
                var end = i;
                while (end < quoted.Length && end < i + 3 && quoted[end] is >= '0' and <= '7')
                {
                    end++;
                }

                result.Append((char)Convert.ToInt32(quoted[i..end], 8));
                i = end - 1;
            }
            else
            {
                result.Append(Syntax.Escapes.Decode("\\" + next, Syntax.EscapeStyle.PrintfFormat));
            }
        }

        return result.ToString();
    }

    private void ReadNumber()
    {
        var start = _at;
        if (text[_at] == '0' && _at + 2 < text.Length && text[_at + 1] is 'x' or 'X' && char.IsAsciiHexDigit(text[_at + 2]))
        {
            _at += 2;
            while (_at < text.Length && char.IsAsciiHexDigit(text[_at]) && _at - start < 17)
            {
                _at++;
            }

            (Kind, Text, Number) = (AwkToken.Number, text[start.._at], long.Parse(text.AsSpan(start + 2, _at - start - 2), NumberStyles.HexNumber));
            return;
        }

        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.'))
        {
            _at++;
        }

        if (_at + 1 < text.Length && text[_at] is 'e' or 'E')
        {
            var exponent = _at + (text[_at + 1] is '+' or '-' ? 2 : 1);
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                for (_at = exponent; _at < text.Length && char.IsAsciiDigit(text[_at]); _at++)
                {
                }
            }
        }

        (Kind, Text) = (AwkToken.Number, text[start.._at]);
        Number = AwkValue.Parse(Text);
    }

    private void ReadName()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
        {
            _at++;
        }

        Text = text[start.._at];
        Kind = Text is "BEGIN" or "END" or "function" or "func" or "if" or "else" or "while" or "for" or "do" or "break" or "continue"
            or "next" or "nextfile" or "exit" or "return" or "delete" or "in" or "getline" or "print" or "printf" ? AwkToken.Keyword
            : _at < text.Length && text[_at] == '(' ? AwkToken.CallName : AwkToken.Name;
    }
}
