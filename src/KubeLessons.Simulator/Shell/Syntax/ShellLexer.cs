using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Syntax;

/// <summary>
/// Splits a script into tokens, on demand, and reads words down to their expansions. The first fault sticks: after it the
/// text seems to be at its end, so every reader above runs out quickly and only the fault counts.
/// </summary>
internal sealed partial class ShellLexer
{
    /// <summary>Commands, substitutions and quotes may be nested this deep.</summary>
    public const int MaxNesting = 150;

    // Longest first: the first that fits is the token.
    private static readonly ImmutableArray<string> Operators =
    [
        "&>>", "<<-", "<<<", ";;&", "&&", "||", ";;", ";&", "<<", ">>", "<&", ">&", "<>", ">|", "&>", "|&",
        "(", ")", ";", "&", "|", "<", ">",
    ];

    private readonly int _firstLine;
    private readonly List<HereDocumentBody> _announced = [];
    private string _text;
    private int _at;
    private int _depth;
    private ImmutableArray<int> _lineStarts;
    private Token? _peeked;

    /// <summary>A lexer of a whole script: its last line ends even without a line feed.</summary>
    public static ShellLexer OfScript(string text, int firstLine = 1) => new(text.EndsWith('\n') ? text : text + "\n", firstLine);

    public ShellLexer(string text, int firstLine = 1, int depth = 0)
    {
        (_text, _firstLine, _depth) = (text, firstLine, depth);
        _lineStarts = LineStarts(text);
    }

    public SyntaxFault? Fault { get; private set; }

    /// <summary>Where the next token is looked for.</summary>
    public int Offset => _peeked?.At.Offset ?? _at;

    /// <summary>The number of the last line that is not empty behind its line feed.</summary>
    public int LastLine => Math.Max(_firstLine, PositionAt(_text.Length).Line - 1);

    private bool IsAtEnd => _at >= _text.Length;

    private char Current => _at < _text.Length ? _text[_at] : '\0';

    public Token Peek() => _peeked ??= ReadToken();

    public Token Next()
    {
        var token = Peek();
        _peeked = null;
        return token;
    }

    public string Source(int from, int to) => from < to && to <= _text.Length ? _text[from..to] : "";

    /// <summary>Whether another parenthesis follows the one just peeked directly, as in <c>((</c>.</summary>
    public bool IsDoubled(Token parenthesis) =>
        parenthesis.EndOffset < _text.Length && _text[parenthesis.EndOffset] == '(';

    /// <summary>Puts other text in place of a token that was peeked: an alias' value.</summary>
    public void Replace(Token token, string text)
    {
        _text = string.Concat(_text.AsSpan(0, token.At.Offset), text, _text.AsSpan(token.EndOffset));
        _lineStarts = LineStarts(_text);
        _at = token.At.Offset;
        _peeked = null;
    }

    /// <summary>Goes one level deeper; false, with a fault, when that is too deep.</summary>
    public bool Enter()
    {
        if (++_depth > MaxNesting)
        {
            Fail($"syntax error: commands are nested more than {MaxNesting} deep", PositionAt(_at), isIncomplete: false);
            return false;
        }

        return true;
    }

    public void Leave() => _depth--;

    /// <summary>The fault of a token that the grammar does not allow here.</summary>
    public void FailAt(Token token)
    {
        if (token.Kind == TokenKind.End)
        {
            Fail("syntax error: unexpected end of file", token.At, isIncomplete: true);
        }
        else
        {
            Fail($"syntax error near unexpected token `{token.Shown}'", token.At, isIncomplete: false, showsLine: true);
        }
    }

    public void Fail(string message, ScriptPosition at, bool isIncomplete, bool showsLine = false)
    {
        Fault ??= new SyntaxFault(message, at, isIncomplete, showsLine ? LineOf(at.Offset) : null);
        _at = _text.Length;
        _peeked = null;
    }

    public ScriptPosition PositionAt(int offset)
    {
        var index = _lineStarts.BinarySearch(offset);
        var line = index >= 0 ? index : ~index - 1;
        return new ScriptPosition(offset, _firstLine + line, offset - _lineStarts[line] + 1);
    }

    private static ImmutableArray<int> LineStarts(string text)
    {
        var starts = ImmutableArray.CreateBuilder<int>();
        starts.Add(0);
        for (var i = text.IndexOf('\n'); i >= 0; i = text.IndexOf('\n', i + 1))
        {
            starts.Add(i + 1);
        }

        return starts.ToImmutable();
    }

    private string LineOf(int offset)
    {
        offset = Math.Min(offset, _text.Length);
        var start = offset == 0 ? 0 : _text.LastIndexOf('\n', offset - 1) + 1;
        var end = _text.IndexOf('\n', start);
        return end < 0 ? _text[start..] : _text[start..end];
    }

    private char Ahead(int count) => _at + count < _text.Length ? _text[_at + count] : '\0';

    private Token ReadToken()
    {
        SkipBlanks();
        var start = _at;
        var position = PositionAt(start);
        if (IsAtEnd)
        {
            ReadAnnounced();
            return new Token(TokenKind.End, "", position, _at);
        }

        if (Current == '\n')
        {
            _at++;
            ReadAnnounced();
            return new Token(TokenKind.Newline, "\n", position, _at);
        }

        if (IsProcessSubstitution)
        {
            return ReadWordToken(position);
        }

        var descriptor = ReadDescriptor();
        foreach (var text in Operators)
        {
            if (string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0)
            {
                _at += text.Length;
                return new Token(TokenKind.Operator, text, position, _at) { Descriptor = descriptor };
            }
        }

        return ReadWordToken(position);
    }

    private bool IsProcessSubstitution => Current is '<' or '>' && Ahead(1) == '(';

    private void SkipBlanks()
    {
        while (!IsAtEnd)
        {
            if (Current is ' ' or '\t' or '\r')
            {
                _at++;
            }
            else if (Current == '\\' && Ahead(1) == '\n')
            {
                _at += 2;
                FailIfNothingFollows();
            }
            else if (Current == '#')
            {
                var end = _text.IndexOf('\n', _at);
                _at = end < 0 ? _text.Length : end;
            }
            else
            {
                return;
            }
        }
    }

    // A line that ends in a backslash goes on in the next one; there is none yet.
    private void FailIfNothingFollows() => EndsInContinuation |= IsAtEnd;

    /// <summary>The text ends right after a backslash and a line feed: an interactive shell asks for the rest.</summary>
    public bool EndsInContinuation { get; private set; }

    // Digits are a descriptor only when a redirection follows them directly.
    private int? ReadDescriptor()
    {
        var end = _at;
        while (end < _text.Length && end - _at < 4 && char.IsAsciiDigit(_text[end]))
        {
            end++;
        }

        if (end == _at || end >= _text.Length || _text[end] is not ('<' or '>'))
        {
            return null;
        }

        var number = int.Parse(_text.AsSpan(_at, end - _at));
        _at = end;
        return number;
    }

    // The documents that the line just ended has announced stand below it, in that order.
    private void ReadAnnounced()
    {
        foreach (var document in _announced)
        {
            ReadHereDocument(document);
        }

        _announced.Clear();
    }

    public void Announce(HereDocumentBody document) => _announced.Add(document);
}
