using System.Collections.Immutable;
using System.Text;

namespace KubeLessons.Simulator.Shell.Syntax;

internal sealed partial class ShellLexer
{
    /// <summary>What ends the parts that are being read.</summary>
    private enum PartsEnd
    {
        Word,
        Regex,
        DoubleQuote,
        HereDocument,
        Arithmetic,
        Brace,
        BraceInQuotes,
        BraceOrSlash,
        BraceOrColon,
        Bracket,
    }

    /// <summary>The right side of <c>=~</c>: parentheses and bars belong to it.</summary>
    public Word ReadRegexWord()
    {
        if (_peeked is { } peeked)
        {
            _at = peeked.At.Offset;
            _peeked = null;
        }

        SkipBlanks();
        var at = PositionAt(_at);
        var parts = ReadParts(PartsEnd.Regex);
        return new Word(parts, at, Source(at.Offset, _at));
    }

    private static bool IsInQuotes(PartsEnd end) =>
        end is PartsEnd.DoubleQuote or PartsEnd.HereDocument or PartsEnd.Arithmetic or PartsEnd.BraceInQuotes;

    private static bool IsMeta(char c) => c is ' ' or '\t' or '\n' or '\r' or '|' or '&' or ';' or '(' or ')' or '<' or '>';

    private Token ReadWordToken(ScriptPosition position)
    {
        var assignment = ReadAssignment(position, out var headerEnd);
        ImmutableArray<WordPart> parts;
        if (assignment is not null)
        {
            parts = Joined(Source(position.Offset, headerEnd), assignment.Value.Parts);
        }
        else if (IsProcessSubstitution)
        {
            var isInput = Current == '<';
            _at += 2;
            parts = [new ProcessSubstitution(ReadCommandsToParenthesis(), isInput)];
        }
        else
        {
            parts = ReadParts(PartsEnd.Word);
        }

        var source = Source(position.Offset, _at);
        var word = new Word(parts, position, source) { Assignment = assignment };
        return new Token(TokenKind.Word, source, position, _at) { Word = word };
    }

    private static ImmutableArray<WordPart> Joined(string header, ImmutableArray<WordPart> value) => value switch
    {
        [] => [new LiteralText(header)],
        [LiteralText first, .. var rest] => [new LiteralText(header + first.Text), .. rest],
        _ => [new LiteralText(header), .. value],
    };

    private ImmutableArray<WordPart> ReadParts(PartsEnd end)
    {
        if (!Enter())
        {
            return [];
        }

        var parts = new PartsBuilder(IsInQuotes(end));
        var parentheses = 0;
        while (!IsAtEnd && !(parentheses == 0 && Ends(end)))
        {
            switch (Current)
            {
                case '\\':
                    ReadBackslash(parts, end);
                    break;
                case '\'' when !IsInQuotes(end):
                    parts.Add(new QuotedText(ReadSingleQuoted()));
                    break;
                case '"' when end != PartsEnd.HereDocument:
                    ReadDoubleQuoted(parts, end);
                    break;
                case '`':
                    parts.Add(ReadBackquoted(IsInQuotes(end)));
                    break;
                case '$':
                    ReadDollar(parts, end);
                    break;
                default:
                    parentheses += end != PartsEnd.Regex ? 0 : Current == '(' ? 1 : Current == ')' ? -1 : 0;
                    parts.Append(Current);
                    _at++;
                    break;
            }
        }

        Leave();
        return parts.ToImmutable();
    }

    private bool Ends(PartsEnd end) => end switch
    {
        PartsEnd.Word => IsMeta(Current),
        PartsEnd.Regex => Current is ' ' or '\t' or '\n' or ')',
        PartsEnd.DoubleQuote => Current == '"',
        PartsEnd.Brace or PartsEnd.BraceInQuotes => Current == '}',
        PartsEnd.BraceOrSlash => Current is '}' or '/',
        PartsEnd.BraceOrColon => Current is '}' or ':',
        PartsEnd.Bracket => Current == ']',
        _ => false,
    };

    private Word ReadWholeText(PartsEnd end)
    {
        var at = PositionAt(0);
        return new Word([new DoubleQuoted(ReadParts(end))], at, _text);
    }

    private void ReadBackslash(PartsBuilder parts, PartsEnd end)
    {
        var next = Ahead(1);
        if (next == '\0')
        {
            parts.Append('\\');
            _at++;
        }
        else if (next == '\n')
        {
            _at += 2;
            FailIfNothingFollows();
        }
        else if (IsInQuotes(end) && next is not ('$' or '`' or '\\') && !(next == '"' && end != PartsEnd.HereDocument)
            && !(next == '}' && end == PartsEnd.BraceInQuotes))
        {
            parts.Append('\\');
            _at++;
        }
        else
        {
            parts.Add(new QuotedText(next.ToString()));
            _at += 2;
        }
    }

    private string ReadSingleQuoted()
    {
        var start = PositionAt(_at);
        var end = _text.IndexOf('\'', _at + 1);
        if (end < 0)
        {
            FailUnended('\'', start);
            return "";
        }

        var text = _text[(_at + 1)..end];
        _at = end + 1;
        return text;
    }

    private void ReadDoubleQuoted(PartsBuilder parts, PartsEnd outer)
    {
        var start = PositionAt(_at);
        _at++;
        var inner = ReadParts(PartsEnd.DoubleQuote);
        if (Current != '"')
        {
            FailUnended('"', start);
            return;
        }

        _at++;
        if (outer == PartsEnd.Arithmetic)
        {
            parts.AddRange(inner);
        }
        else
        {
            parts.Add(new DoubleQuoted(inner));
        }
    }

    private CommandSubstitution ReadBackquoted(bool inQuotes)
    {
        var start = PositionAt(_at);
        var text = new StringBuilder();
        _at++;
        while (!IsAtEnd && Current != '`')
        {
            if (Current == '\\' && (Ahead(1) is '`' or '\\' or '$' || (inQuotes && Ahead(1) == '"')))
            {
                _at++;
            }

            text.Append(Current);
            _at++;
        }

        if (IsAtEnd)
        {
            FailUnended('`', start);
            return new CommandSubstitution(new CommandList([], start));
        }

        _at++;
        return new CommandSubstitution(Inner(text.ToString(), start.Line, lexer => new ScriptParser(lexer).ParseAll()));
    }

    /// <summary>Reads text that stands apart, such as a here-document's, with a lexer of its own; its fault becomes this one's.</summary>
    private T Inner<T>(string text, int line, Func<ShellLexer, T> read)
    {
        var inner = new ShellLexer(text, line, _depth + 1);
        var result = read(inner);
        if (inner.Fault is { } fault)
        {
            Fault ??= fault;
            _at = _text.Length;
        }

        return result;
    }

    private CommandList ReadCommandsToParenthesis()
    {
        var outer = _announced.ToList();
        _announced.Clear();
        var commands = new ScriptParser(this).ParseToParenthesis();
        _announced.InsertRange(0, outer);
        return commands;
    }

    private void FailUnended(char quote, ScriptPosition start) =>
        Fail($"unexpected EOF while looking for matching `{quote}'", start, isIncomplete: true);

    /// <summary>Collects parts and joins neighbouring characters into one.</summary>
    private sealed class PartsBuilder(bool isQuoted)
    {
        private readonly ImmutableArray<WordPart>.Builder _parts = ImmutableArray.CreateBuilder<WordPart>();
        private readonly StringBuilder _pending = new();

        public void Append(char c) => _pending.Append(c);

        public void Add(WordPart part)
        {
            Flush();
            _parts.Add(part);
        }

        public void AddRange(ImmutableArray<WordPart> parts)
        {
            Flush();
            _parts.AddRange(parts);
        }

        public ImmutableArray<WordPart> ToImmutable()
        {
            Flush();
            return _parts.ToImmutable();
        }

        private void Flush()
        {
            if (_pending.Length > 0)
            {
                var text = _pending.ToString();
                _parts.Add(isQuoted ? new QuotedText(text) : new LiteralText(text));
                _pending.Clear();
            }
        }
    }
}
