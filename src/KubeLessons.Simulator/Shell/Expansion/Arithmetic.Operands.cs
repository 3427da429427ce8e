using System.Globalization;

namespace KubeLessons.Simulator.Shell.Expansion;

internal sealed partial class Arithmetic
{
    private readonly record struct Variable(string Name, string? Subscript);

    private static bool IsNameLetter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private long Unary()
    {
        if (++_nesting > MaxDepth)
        {
            Fail("expression recursion level exceeded");
        }

        var value = Fault is null ? UnaryOrOperand() : 0;
        _nesting--;
        return value;
    }

    private long UnaryOrOperand()
    {
        if (Take("++") || Take("--"))
        {
            var step = _text[_at - 1] == '+' ? 1 : -1;
            SkipSpace();
            return ReadVariable() is { } variable ? Write(variable, unchecked(Read(variable) + step)) : unchecked(Unary());
        }

        if (Take("!", "="))
        {
            return Unary() == 0 ? 1 : 0;
        }

        if (Take("~"))
        {
            return ~Unary();
        }

        if (Take("-"))
        {
            return unchecked(-Unary());
        }

        return Take("+") ? Unary() : Operand();
    }

    private long Operand()
    {
        SkipSpace();
        if (Take("("))
        {
            var value = Comma();
            if (!Take(")"))
            {
                Fail("missing `)'");
            }

            return value;
        }

        if (char.IsAsciiDigit(Ahead()))
        {
            return Number();
        }

        if (ReadVariable() is not { } variable)
        {
            Fail("syntax error: operand expected");
            return 0;
        }

        var before = Read(variable);
        SkipSpace();
        if ((Ahead() == '+' && Ahead(1) == '+') || (Ahead() == '-' && Ahead(1) == '-'))
        {
            Write(variable, unchecked(before + (Ahead() == '+' ? 1 : -1)));
            _at += 2;
        }

        return before;
    }

    private long Number()
    {
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Ahead()) || Ahead() is '#' or '@' or '_')
        {
            _at++;
        }

        var text = _text[start.._at];
        var (radix, digits) = text switch
        {
            ['0', 'x' or 'X', .. var hex] => (16, hex),
            ['0', _, ..] when !text.Contains('#') => (8, text[1..]),
            _ when text.IndexOf('#') is > 0 and var hash => (int.TryParse(text.AsSpan(0, hash), out var given) ? given : 0, text[(hash + 1)..]),
            _ => (10, text),
        };
        if (radix is < 2 or > 64)
        {
            Fail("invalid arithmetic base", text);
            return 0;
        }

        var value = 0L;
        foreach (var c in digits)
        {
            var digit = Digit(c, radix);
            if (digit < 0 || digit >= radix)
            {
                Fail(digit < 0 ? "syntax error in expression" : $"value too great for base", text);
                return 0;
            }

            value = unchecked((value * radix) + digit);
        }

        return value;
    }

    private static int Digit(char c, int radix) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'z' => c - 'a' + 10,
        >= 'A' and <= 'Z' => c - 'A' + (radix <= 36 ? 10 : 36),
        '@' => 62,
        '_' => 63,
        _ => -1,
    };

    // A name with its subscript, if one stands here.
    private Variable? ReadVariable()
    {
        var start = _at;
        if (char.IsAsciiDigit(Ahead()) || !IsNameLetter(Ahead()))
        {
            return null;
        }

        while (IsNameLetter(Ahead()))
        {
            _at++;
        }

        var name = _text[start.._at];
        if (Ahead() != '[')
        {
            return new Variable(name, null);
        }

        var open = _at;
        var depth = 0;
        for (; _at < _text.Length; _at++)
        {
            depth += Ahead() == '[' ? 1 : Ahead() == ']' ? -1 : 0;
            if (depth == 0)
            {
                _at++;
                return new Variable(name, _text[(open + 1)..(_at - 1)]);
            }
        }

        Fail("bad array subscript", _text[open..]);
        return new Variable(name, null);
    }

    // A variable's text is an expression of its own.
    private long Read(Variable variable)
    {
        if (_skipping > 0 || Fault is not null || _variables.Read(variable.Name, variable.Subscript) is not { } text)
        {
            return 0;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && text is not ['0', _, ..])
        {
            return number;
        }

        if (!TryEvaluate(text, _variables, _nesting + 1, out var value, out var fault))
        {
            Fault ??= fault;
            _at = _text.Length;
        }

        return value;
    }

    private long Write(Variable variable, long value)
    {
        if (_skipping == 0 && Fault is null && _variables.Write(variable.Name, variable.Subscript, value) is { } reason)
        {
            Fault ??= reason;
            _at = _text.Length;
        }

        return value;
    }

    private long Binary(string symbol, long left, long right)
    {
        if (symbol is "/" or "%")
        {
            if (right == 0)
            {
                if (_skipping == 0)
                {
                    Fail("division by 0", LastToken());
                }

                return 0;
            }

            return symbol == "/" ? (right == -1 ? unchecked(-left) : left / right) : right == -1 ? 0 : left % right;
        }

        return unchecked(symbol switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "<<" => left << (int)(right & 63),
            ">>" => left >> (int)(right & 63),
            "&" => left & right,
            "|" => left | right,
            "^" => left ^ right,
            "==" => left == right ? 1 : 0,
            "!=" => left != right ? 1 : 0,
            "<" => left < right ? 1 : 0,
            ">" => left > right ? 1 : 0,
            "<=" => left <= right ? 1 : 0,
            _ => left >= right ? 1 : 0,
        });
    }

    private string LastToken()
    {
        var end = Math.Min(_at, _text.Length);
        var start = _text.AsSpan(0, end).TrimEnd().LastIndexOfAny("/% ") + 1;
        return _text[start..];
    }
}
