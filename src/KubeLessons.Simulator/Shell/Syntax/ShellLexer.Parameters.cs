namespace KubeLessons.Simulator.Shell.Syntax;

internal sealed partial class ShellLexer
{
    /// <summary>What stands between <c>${</c>, which has just been read, and its closing brace.</summary>
    private ParameterExpansion ReadBraced(int start, bool inQuotes)
    {
        if (!Enter())
        {
            return new ParameterExpansion("") { Form = ParameterForm.Bad };
        }

        var expansion = ReadBracedForm(inQuotes);
        if (Current != '}' && !IsAtEnd)
        {
            // Not a form that bash knows: it says so only when the expansion is reached.
            ReadParts(inQuotes ? PartsEnd.BraceInQuotes : PartsEnd.Brace);
            expansion = expansion with { Form = ParameterForm.Bad };
        }

        if (IsAtEnd)
        {
            Fail("unexpected EOF while looking for matching `}'", PositionAt(Math.Min(start, _text.Length)), isIncomplete: true);
        }
        else
        {
            _at++;
        }

        Leave();
        return expansion with { Source = Source(start, _at) };
    }

    private ParameterExpansion ReadBracedForm(bool inQuotes)
    {
        if (Current == '#' && (IsNameLetter(Ahead(1)) || (IsSpecial(Ahead(1)) && Ahead(2) == '}')))
        {
            _at++;
            var measured = ReadSubject();
            return measured with { Form = ParameterForm.Length };
        }

        var isIndirect = Current == '!' && IsNameLetter(Ahead(1));
        _at += isIndirect ? 1 : 0;
        var subject = ReadSubject();
        if (subject.Name.Length == 0)
        {
            return subject with { Form = ParameterForm.Bad };
        }

        if (!isIndirect)
        {
            return ReadOperator(subject, inQuotes);
        }

        if (Current is '*' or '@' && Ahead(1) == '}')
        {
            _at++;
            return subject with { Form = ParameterForm.Names };
        }

        return subject.Subscript?.Source is "@" or "*"
            ? subject with { Form = ParameterForm.Keys }
            : ReadOperator(subject with { IsIndirect = true }, inQuotes);
    }

    private static bool IsSpecial(char c) => c is '@' or '*' or '#' or '?' or '-' or '$' or '!';

    private ParameterExpansion ReadSubject()
    {
        string name;
        if (char.IsAsciiDigit(Current))
        {
            var from = _at;
            while (char.IsAsciiDigit(Current))
            {
                _at++;
            }

            name = _text[from.._at];
        }
        else if (IsSpecial(Current))
        {
            name = Current.ToString();
            _at++;
        }
        else
        {
            name = ReadName();
        }

        if (Current != '[' || !IsName(name))
        {
            return new ParameterExpansion(name);
        }

        var end = EndOfSubscript(_at);
        if (end < 0)
        {
            return new ParameterExpansion(name) { Form = ParameterForm.Bad };
        }

        var subscript = Subscript(_at + 1, end - 1);
        _at = Fault is null ? end : _text.Length;
        return new ParameterExpansion(name) { Subscript = subscript };
    }

    private ParameterExpansion ReadOperator(ParameterExpansion subject, bool inQuotes)
    {
        switch (Current)
        {
            case ':' when Ahead(1) is '-' or '=' or '?' or '+':
                _at++;
                return ReadDefault(subject with { EmptyCounts = true }, inQuotes);
            case '-' or '=' or '?' or '+':
                return ReadDefault(subject, inQuotes);
            case ':':
                return ReadSubstring(subject);
            case '#':
                return ReadPattern(subject, ParameterForm.RemoveShortestPrefix, ParameterForm.RemoveLongestPrefix);
            case '%':
                return ReadPattern(subject, ParameterForm.RemoveShortestSuffix, ParameterForm.RemoveLongestSuffix);
            case '^':
                return ReadPattern(subject, ParameterForm.UpperFirst, ParameterForm.UpperAll);
            case ',':
                return ReadPattern(subject, ParameterForm.LowerFirst, ParameterForm.LowerAll);
            case '/':
                return ReadReplacement(subject);
            case '@' when Ahead(1) == 'Q' && Ahead(2) == '}':
                _at += 2;
                return subject with { Form = ParameterForm.Quoted };
            default:
                return subject;
        }
    }

    private ParameterExpansion ReadDefault(ParameterExpansion subject, bool inQuotes)
    {
        var form = Current switch
        {
            '-' => ParameterForm.Default,
            '=' => ParameterForm.AssignDefault,
            '?' => ParameterForm.Fault,
            _ => ParameterForm.Alternate,
        };
        _at++;
        var operand = ReadOperand(inQuotes ? PartsEnd.BraceInQuotes : PartsEnd.Brace);
        return subject with { Form = form, Operand = operand };
    }

    private ParameterExpansion ReadPattern(ParameterExpansion subject, ParameterForm once, ParameterForm twice)
    {
        var isDoubled = Ahead(1) == Current;
        _at += isDoubled ? 2 : 1;
        return subject with { Form = isDoubled ? twice : once, Operand = ReadOperand(PartsEnd.Brace) };
    }

    private ParameterExpansion ReadReplacement(ParameterExpansion subject)
    {
        _at++;
        var form = Current switch
        {
            '/' => ParameterForm.ReplaceAll,
            '#' => ParameterForm.ReplacePrefix,
            '%' => ParameterForm.ReplaceSuffix,
            _ => ParameterForm.ReplaceFirst,
        };
        _at += form == ParameterForm.ReplaceFirst ? 0 : 1;
        var pattern = ReadOperand(PartsEnd.BraceOrSlash);
        Word? replacement = null;
        if (Current == '/')
        {
            _at++;
            replacement = ReadOperand(PartsEnd.Brace);
        }

        return subject with { Form = form, Operand = pattern, SecondOperand = replacement };
    }

    private ParameterExpansion ReadSubstring(ParameterExpansion subject)
    {
        _at++;
        var offset = ReadOperand(PartsEnd.BraceOrColon);
        Word? length = null;
        if (Current == ':')
        {
            _at++;
            length = ReadOperand(PartsEnd.Brace);
        }

        return subject with { Form = ParameterForm.Substring, Operand = offset, SecondOperand = length };
    }

    private Word ReadOperand(PartsEnd end)
    {
        var at = PositionAt(_at);
        var parts = ReadParts(end);
        return new Word(parts, at, Source(at.Offset, _at));
    }
}
