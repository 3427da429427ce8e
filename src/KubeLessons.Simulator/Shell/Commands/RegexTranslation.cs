using System.Text;

namespace KubeLessons.Simulator.Shell.Commands;

/// <summary>Translates one POSIX pattern into .NET's syntax.</summary>
internal sealed class RegexTranslation(string pattern, bool extended)
{
    private readonly StringBuilder _result = new();
    private int _at;
    private int _open;
    private int _groups;

    // Whether something stands before the current place that a repetition can apply to.
    private bool _hasAtom;

    // Whether something is repeated in this alternative.
    private bool _hasRepetition;

    public string? Fault { get; private set; }

    public bool HasBackReference { get; private set; }

    /// <summary>
    /// Whether nothing is repeated but the last of each alternative, and nothing is grouped: such as <c>title</c>, <c>a\|b</c> and
    /// <c>KUBE-SVC-[A-Z0-9]*</c>. A match then costs at most the text's length times the pattern's, whichever engine looks for it.
    /// </summary>
    public bool IsPlain { get; private set; } = true;

    public string Run()
    {
        while (_at < pattern.Length && Fault is null)
        {
            Translate(pattern[_at]);
        }

        if (_open > 0)
        {
            Fault ??= "Unmatched ( or \\(";
        }

        return _result.ToString();
    }

    private void Translate(char c)
    {
        switch (c)
        {
            case '\\':
                TranslateEscape();
                break;
            case '[':
                TranslateBracket();
                break;
            case '.':
                Atom("[^\\n]");
                break;
            case '*':
                Repeat("*");
                break;
            case '+' or '?' when extended:
                Repeat(c.ToString());
                break;
            case '{' when extended:
                Interval("}");
                break;
            case '(' when extended:
                Open();
                break;
            case ')' when extended && _open > 0:
                Close();
                break;
            case '|' when extended:
                Bar();
                break;
            case '^':
                Anchor(extended || IsAtStart, "^");
                break;
            case '$':
                Anchor(extended || IsAtEnd, "\\z");
                break;
            default:
                Literal(c);
                break;
        }
    }

    private bool IsAtStart => _at == 0 || pattern[.._at].EndsWith("\\(", StringComparison.Ordinal) || pattern[.._at].EndsWith("\\|", StringComparison.Ordinal);

    private bool IsAtEnd => _at + 1 == pattern.Length
        || string.CompareOrdinal(pattern, _at + 1, "\\)", 0, 2) == 0 || string.CompareOrdinal(pattern, _at + 1, "\\|", 0, 2) == 0;

    private void Anchor(bool isAnchor, string translated)
    {
        if (!isAnchor)
        {
            Literal(pattern[_at]);
            return;
        }

        IsPlain &= !_hasRepetition;
        _result.Append(translated);
        _at++;
        _hasAtom = false;
    }

    private void Atom(string translated)
    {
        _result.Append(translated);
        _at++;
        _hasAtom = true;
        IsPlain &= !_hasRepetition;
    }

    private void Literal(char c)
    {
        IsPlain &= !_hasRepetition;
        _result.Append(System.Text.RegularExpressions.Regex.Escape(c.ToString()));
        _at++;
        _hasAtom = true;
    }

    // A star at the beginning stands for itself; one repetition of another is the same as one.
    private void Repeat(string symbol)
    {
        if (!_hasAtom)
        {
            if (extended && _at > 0)
            {
                _at++;
            }
            else
            {
                Literal(pattern[_at]);
            }

            return;
        }

        _at++;
        _hasRepetition = true;
        if (_result.Length > 0 && _result[^1] is '*' or '+' or '?' && !EndsEscaped())
        {
            _result[^1] = '*';
            return;
        }

        _result.Append(symbol);
    }

    private bool EndsEscaped()
    {
        var slashes = 0;
        for (var i = _result.Length - 2; i >= 0 && _result[i] == '\\'; i--)
        {
            slashes++;
        }

        return slashes % 2 == 1;
    }

    private void Interval(string close)
    {
        var start = _at + (extended ? 1 : 2);
        var end = pattern.IndexOf(close, start, StringComparison.Ordinal);
        var bounds = end < 0 ? [] : pattern[start..end].Split(',');
        if (end < 0 || bounds.Length > 2 || !bounds.All(bound => bound.Length < 6 && bound.All(char.IsAsciiDigit)) || bounds.All(bound => bound.Length == 0) || !_hasAtom)
        {
            if (extended)
            {
                Literal('{');
            }
            else
            {
                Fault = end < 0 ? "Unmatched \\{" : !_hasAtom ? "Invalid preceding regular expression" : "Invalid content of \\{\\}";
            }

            return;
        }

        var from = bounds[0].Length == 0 ? 0 : int.Parse(bounds[0]);
        var to = bounds.Length == 1 ? from : bounds[1].Length == 0 ? int.MaxValue : int.Parse(bounds[1]);
        if (to < from || from > 1000 || to is > 1000 and < int.MaxValue)
        {
            Fault = to < from ? "Invalid content of \\{\\}" : "Regular expression too big";
            return;
        }

        _at = end + close.Length;
        IsPlain = false;
        if (_result.Length > 0 && _result[^1] is '*' or '+' or '?' or '}' && !EndsEscaped())
        {
            return;
        }

        _result.Append('{').Append(from).Append(to == from ? "" : to == int.MaxValue ? "," : "," + to).Append('}');
    }

    private void Open()
    {
        if (++_open > 100)
        {
            Fault = "Regular expression too big";
            return;
        }

        _groups++;
        IsPlain = false;
        _result.Append('(');
        _at += extended ? 1 : 2;
        _hasAtom = false;
    }

    private void Close()
    {
        _open--;
        _result.Append(')');
        _at += extended ? 1 : 2;
        _hasAtom = true;
    }

    private void Bar()
    {
        _result.Append('|');
        _at += extended ? 1 : 2;
        _hasAtom = false;
        _hasRepetition = false;
    }

    private void TranslateEscape()
    {
        if (_at + 1 >= pattern.Length)
        {
            Fault = "Trailing backslash";
            return;
        }

        var c = pattern[_at + 1];
        switch (c)
        {
            case '(' when !extended:
                Open();
                return;
            case ')' when !extended:
                if (_open == 0)
                {
                    Fault = "Unmatched ) or \\)";
                    return;
                }

                Close();
                return;
            case '{' when !extended:
                Interval("\\}");
                return;
            case '|' when !extended:
                Bar();
                return;
            case '+' or '?' when !extended:
                _at++;
                Repeat(c.ToString());
                return;
            case >= '1' and <= '9':
                TranslateBackReference(c - '0');
                return;
        }

        _at++;
        var translated = c switch
        {
            'w' => "[A-Za-z0-9_]",
            'W' => "[^A-Za-z0-9_]",
            's' => "\\s",
            'S' => "\\S",
            'b' => "\\b",
            'B' => "\\B",

            // The engine without backtracking has no look-around: a word's border is close enough.
            '<' or '>' => "\\b",
            'n' => "\\n",
            't' => "\\t",
            _ => null,
        };
        if (translated is null)
        {
            Literal(c);
        }
        else
        {
            Atom(translated);
        }
    }

    private void TranslateBackReference(int number)
    {
        if (number > _groups)
        {
            Fault = "Invalid back reference";
            return;
        }

        HasBackReference = true;
        IsPlain = false;
        _result.Append("(?:\\").Append(number).Append(')');
        _at += 2;
        _hasAtom = true;
    }

    private void TranslateBracket()
    {
        var i = _at + 1;
        var set = new StringBuilder("[");
        if (i < pattern.Length && pattern[i] == '^')
        {
            set.Append('^');
            i++;
        }

        for (var first = true; ; first = false)
        {
            if (i >= pattern.Length)
            {
                Fault = "Unmatched [, [^, [:, [., or [=";
                return;
            }

            if (pattern[i] == ']' && !first)
            {
                break;
            }

            i = AppendItem(set, i);
            if (Fault is not null)
            {
                return;
            }
        }

        _at = i;
        Atom(set.Append(']').ToString());
    }

    private int AppendItem(StringBuilder set, int i)
    {
        if (pattern[i] == '[' && i + 1 < pattern.Length && pattern[i + 1] is ':' or '.' or '=')
        {
            var end = pattern.IndexOf(pattern[i + 1] + "]", i + 2, StringComparison.Ordinal);
            if (end < 0)
            {
                Fault = "Unmatched [, [^, [:, [., or [=";
                return i;
            }

            var name = pattern[(i + 2)..end];
            if (pattern[i + 1] == ':')
            {
                set.Append(Class(name));
            }
            else
            {
                AppendChar(set, name is [var only] ? only : '\0');
            }

            return end + 2;
        }

        var from = pattern[i];
        if (i + 2 < pattern.Length && pattern[i + 1] == '-' && pattern[i + 2] != ']')
        {
            var to = pattern[i + 2];
            if (to < from)
            {
                Fault = "Invalid range end";
                return i;
            }

            AppendChar(set, from);
            set.Append('-');
            AppendChar(set, to);
            return i + 3;
        }

        AppendChar(set, from);
        return i + 1;
    }

    private static void AppendChar(StringBuilder set, char c)
    {
        if (c is '\\' or '[' or ']' or '^' or '-')
        {
            set.Append('\\');
        }

        set.Append(c);
    }

    private string Class(string name)
    {
        var translated = name switch
        {
            "alpha" => "a-zA-Z",
            "digit" => "0-9",
            "alnum" => "a-zA-Z0-9",
            "upper" => "A-Z",
            "lower" => "a-z",
            "space" => "\\s",
            "blank" => " \\t",
            "punct" => "!-/:-@\\[-`{-~",
            "print" => "\\x20-\\x7e",
            "graph" => "\\x21-\\x7e",
            "cntrl" => "\\x00-\\x1f\\x7f",
            "xdigit" => "0-9A-Fa-f",
            _ => null,
        };
        Fault ??= translated is null ? "Invalid character class name" : null;
        return translated ?? "";
    }
}
