using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Kubectl.Paths;

/// <summary>Reads a template: <c>text{.path}text</c>. Faults are worded as k8s.io/client-go/util/jsonpath words them.</summary>
internal sealed class PathParser
{
    private const int MaxDepth = 32;
    private readonly string _text;
    private int _at;
    private string? _error;

    private PathParser(string text) => _text = text;

    private char Current => _at < _text.Length ? _text[_at] : '\0';

    public static (ImmutableArray<PathNode> Nodes, string? Error) Parse(string template)
    {
        var parser = new PathParser(template);
        var nodes = parser.ReadTemplate();
        return parser._error is null ? (nodes, null) : ([], parser._error);
    }

    private ImmutableArray<PathNode> ReadTemplate()
    {
        var nodes = ImmutableArray.CreateBuilder<PathNode>();
        var text = new StringBuilder();
        while (_at < _text.Length && _error is null)
        {
            if (Current != '{')
            {
                text.Append(_text[_at++]);
                continue;
            }

            if (text.Length > 0)
            {
                nodes.Add(new PathNode.Text(text.ToString()));
                text.Clear();
            }

            _at++;
            nodes.Add(new PathNode.Sequence(ReadAction(closedBy: '}', 0)));
        }

        if (text.Length > 0)
        {
            nodes.Add(new PathNode.Text(text.ToString()));
        }

        return nodes.DrainToImmutable();
    }

    private ImmutableArray<PathNode> ReadAction(char closedBy, int depth)
    {
        var parts = ImmutableArray.CreateBuilder<PathNode>();
        if (depth > MaxDepth)
        {
            _error = "nested too deeply";
        }

        while (_error is null)
        {
            var c = Current;
            if (_at >= _text.Length)
            {
                if (closedBy != '\0')
                {
                    _error = "unclosed action";
                }

                break;
            }

            if (c == closedBy)
            {
                _at++;
                break;
            }

            ReadPart(parts, c, depth);
        }

        return parts.DrainToImmutable();
    }

    private void ReadPart(ImmutableArray<PathNode>.Builder parts, char c, int depth)
    {
        switch (c)
        {
            case ' ' or '@' or '$' or '\n' or '\t' or '\r':
                _at++;
                break;
            case '[':
                parts.Add(ReadBracket(depth));
                break;
            case '"' or '\'':
                parts.Add(new PathNode.Text(ReadQuoted()));
                break;
            case '.':
                ReadField(parts);
                break;
            case '+' or '-' or (>= '0' and <= '9'):
                parts.Add(ReadNumber());
                break;
            default:
                if (char.IsLetterOrDigit(c) || c == '_')
                {
                    parts.Add(ReadWord());
                }
                else
                {
                    _error = $"unrecognized character in action: U+{(int)c:X4} '{c}'";
                }

                break;
        }
    }

    private void ReadField(ImmutableArray<PathNode>.Builder parts)
    {
        _at++;
        if (Current == '.')
        {
            // The dot stays: it begins the field that is looked for.
            parts.Add(new PathNode.Descent());
            return;
        }

        var name = ReadName();
        parts.Add(name == "*" ? new PathNode.Wildcard() : new PathNode.Field(name));
    }

    private string ReadName()
    {
        var name = new StringBuilder();
        while (_at < _text.Length && !IsTerminator(Current))
        {
            if (Current == '\\' && _at + 1 < _text.Length)
            {
                _at++;
            }

            name.Append(_text[_at++]);
        }

        return name.ToString();
    }

    private static bool IsTerminator(char c) => c is ' ' or '.' or ',' or '[' or ']' or '$' or '@' or '{' or '}' or '\t' or '\n' or '\r';

    private PathNode ReadWord()
    {
        var word = ReadName();
        switch (word)
        {
            case "range" or "end":
                return new PathNode.Keyword(word);
            case "true" or "false":
                return new PathNode.Literal(word == "true");
            default:
                _error = "unrecognized identifier " + word;
                return new PathNode.Keyword(word);
        }
    }

    private PathNode.Literal ReadNumber()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(Current) || Current is '+' or '-' or '.'))
        {
            _at++;
        }

        var number = _text[start.._at];
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            _error = "cannot parse number " + number;
            return new PathNode.Literal(0);
        }

        return new PathNode.Literal(Doc.Number(number.TrimStart('+')));
    }

    // In quotes, \n, \t and their kin are characters; the quote itself is written \".
    private string ReadQuoted()
    {
        var quote = _text[_at++];
        var text = new StringBuilder();
        while (true)
        {
            if (_at >= _text.Length)
            {
                _error = "unterminated quoted string";
                return "";
            }

            var c = _text[_at++];
            if (c == quote)
            {
                return text.ToString();
            }

            if (c == '\\' && _at < _text.Length)
            {
                var escaped = _text[_at++];
                text.Append(escaped switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'a' => '\a', 'b' => '\b', 'f' => '\f', 'v' => '\v', _ => escaped });
                continue;
            }

            text.Append(c);
        }
    }

    private PathNode ReadBracket(int depth)
    {
        var start = ++_at;
        var nesting = 1;
        var quote = '\0';
        for (; _at < _text.Length; _at++)
        {
            var c = Current;
            if (quote != '\0')
            {
                if (c == '\\')
                {
                    _at++;
                }
                else if (c == quote)
                {
                    quote = '\0';
                }
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '[')
            {
                nesting++;
            }
            else if (c == ']' && --nesting == 0)
            {
                break;
            }
        }

        if (_at >= _text.Length)
        {
            _error = quote != '\0' ? "unterminated array" : "unterminated array";
            return new PathNode.Wildcard();
        }

        var inside = _text[start.._at++];
        return inside.StartsWith("?(", StringComparison.Ordinal) ? ReadFilter(inside, depth) : ReadSubscript(inside, depth);
    }

    private PathNode ReadSubscript(string inside, int depth)
    {
        var members = SplitOutsideQuotes(inside, ',');
        if (members.Count > 1)
        {
            return new PathNode.Union([.. members.Select(member => new PathNode.Sequence([ReadSubscript(member.Trim(), depth)]))]);
        }

        var text = inside.Trim();
        if (text == "*")
        {
            return new PathNode.Wildcard();
        }

        if (text.Length >= 2 && text[0] is '\'' or '"' && text[^1] == text[0])
        {
            return new PathNode.Field(Unescape(text[1..^1]));
        }

        return ReadSlice(text);
    }

    private PathNode ReadSlice(string text)
    {
        var bounds = text.Split(':');
        var numbers = new int?[3];
        for (var i = 0; i < bounds.Length && i < 3; i++)
        {
            if (bounds[i].Length == 0 && bounds.Length > 1)
            {
                continue;
            }

            if (!int.TryParse(bounds[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                _error = $"invalid array index {text}";
                return new PathNode.Wildcard();
            }

            numbers[i] = number;
        }

        return new PathNode.Slice(numbers[0], numbers[1], numbers[2], bounds.Length == 1);
    }

    private PathNode ReadFilter(string inside, int depth)
    {
        if (!inside.EndsWith(')'))
        {
            _error = "unterminated filter";
            return new PathNode.Wildcard();
        }

        var condition = inside[2..^1];
        foreach (var op in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "<", ">"])
        {
            var at = IndexOutsideQuotes(condition, op);
            if (at >= 0)
            {
                return new PathNode.Filter(SubPath(condition[..at].Trim(), depth), op, SubPath(condition[(at + op.Length)..].Trim(), depth));
            }
        }

        return new PathNode.Filter(SubPath(condition.Trim(), depth), "exists", null);
    }

    private PathNode.Sequence SubPath(string text, int depth)
    {
        var parser = new PathParser(text);
        var parts = parser.ReadAction('\0', depth + 1);
        _error ??= parser._error;
        return new PathNode.Sequence(parts);
    }

    private static string Unescape(string text) => text.Replace("\\'", "'", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\.", ".", StringComparison.Ordinal);

    private static List<string> SplitOutsideQuotes(string text, char separator)
    {
        var parts = new List<string>();
        while (true)
        {
            var at = IndexOutsideQuotes(text, separator.ToString());
            if (at < 0)
            {
                parts.Add(text);
                return parts;
            }

            parts.Add(text[..at]);
            text = text[(at + 1)..];
        }
    }

    private static int IndexOutsideQuotes(string text, string what)
    {
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            if (quote != '\0')
            {
                quote = text[i] == quote ? '\0' : quote;
            }
            else if (text[i] is '"' or '\'')
            {
                quote = text[i];
            }
            else if (string.CompareOrdinal(text, i, what, 0, what.Length) == 0)
            {
                return i;
            }
        }

        return -1;
    }
}
