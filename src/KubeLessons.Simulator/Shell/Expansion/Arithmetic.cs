using System.Globalization;

namespace KubeLessons.Simulator.Shell.Expansion;

/// <summary>Where an arithmetic expression finds its variables.</summary>
internal interface IArithmeticVariables
{
    /// <summary>A variable's text, or an array element's; null: unset.</summary>
    string? Read(string name, string? subscript);

    /// <summary>Null when it was set, else why it was not.</summary>
    string? Write(string name, string? subscript, long value);
}

/// <summary>
/// Evaluates <c>$((…))</c>: C's operators on 64-bit integers, and <c>**</c>. A fault has bash's words
/// (<c>division by 0 (error token is "0")</c>).
/// </summary>
internal sealed partial class Arithmetic
{
    // Parentheses, operators and variables that stand for expressions, all together.
    private const int MaxDepth = 200;

    private readonly IArithmeticVariables _variables;
    private readonly string _text;
    private int _at;
    private int _nesting;
    private int _skipping;

    private Arithmetic(string text, IArithmeticVariables variables, int nesting) => (_text, _variables, _nesting) = (text, variables, nesting);

    private string? Fault { get; set; }

    /// <summary>Evaluates an expression; an empty one is 0. False, with the reason, when it cannot be.</summary>
    public static bool TryEvaluate(string text, IArithmeticVariables variables, out long value, out string? fault) =>
        TryEvaluate(text, variables, 0, out value, out fault);

    private static bool TryEvaluate(string text, IArithmeticVariables variables, int nesting, out long value, out string? fault)
    {
        value = 0;
        if (nesting > MaxDepth)
        {
            fault = $"{text}: expression recursion level exceeded (error token is \"{text}\")";
            return false;
        }

        var arithmetic = new Arithmetic(text, variables, nesting);
        arithmetic.SkipSpace();
        if (arithmetic._at < text.Length)
        {
            value = arithmetic.Comma();
            arithmetic.SkipSpace();
            if (arithmetic._at < text.Length)
            {
                arithmetic.Fail("syntax error in expression");
            }
        }

        fault = arithmetic.Fault;
        return fault is null;
    }

    private void Fail(string reason, string? token = null)
    {
        Fault ??= $"{_text.Trim()}: {reason} (error token is \"{token ?? _text[Math.Min(_at, _text.Length)..]}\")";
        _at = _text.Length;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private char Ahead(int count = 0) => _at + count < _text.Length ? _text[_at + count] : '\0';

    // Takes an operator unless it is the beginning of a longer one.
    private bool Take(string symbol, string notBefore = "")
    {
        SkipSpace();
        if (string.CompareOrdinal(_text, _at, symbol, 0, symbol.Length) != 0
            || (Ahead(symbol.Length) is not '\0' and var next && notBefore.Contains(next)))
        {
            return false;
        }

        _at += symbol.Length;
        return true;
    }

    private long Comma()
    {
        var value = Assign();
        while (Take(","))
        {
            value = Assign();
        }

        return value;
    }

    private long Assign()
    {
        if (++_nesting > MaxDepth)
        {
            Fail("expression recursion level exceeded");
        }

        var value = Fault is null ? AssignOrTernary() : 0;
        _nesting--;
        return value;
    }

    private long AssignOrTernary()
    {
        SkipSpace();
        var start = _at;
        if (ReadVariable() is { } variable)
        {
            SkipSpace();
            foreach (var symbol in (ReadOnlySpan<string>)["<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="])
            {
                if (Take(symbol))
                {
                    var before = Read(variable);
                    return Write(variable, Binary(symbol[..^1], before, Assign()));
                }
            }

            if (Take("=", "="))
            {
                return Write(variable, Assign());
            }
        }

        _at = Fault is null ? start : _text.Length;
        return Ternary();
    }

    private long Ternary()
    {
        var condition = Logical(0);
        if (!Take("?"))
        {
            return condition;
        }

        _skipping += condition != 0 ? 0 : 1;
        var first = Assign();
        _skipping -= condition != 0 ? 0 : 1;
        if (!Take(":"))
        {
            Fail("`:' expected for conditional expression");
            return 0;
        }

        _skipping += condition != 0 ? 1 : 0;
        var second = Assign();
        _skipping -= condition != 0 ? 1 : 0;
        return condition != 0 ? first : second;
    }

    // Level 0 is ||, level 1 &&: the right side is only looked at, not evaluated, when the left one decides.
    private long Logical(int level)
    {
        var isOr = level == 0;
        var value = isOr ? Logical(1) : Level(0);
        while (Take(isOr ? "||" : "&&"))
        {
            var decided = value != 0 == isOr;
            _skipping += decided ? 1 : 0;
            var right = isOr ? Logical(1) : Level(0);
            _skipping -= decided ? 1 : 0;
            value = decided ? (isOr ? 1 : 0) : right != 0 ? 1 : 0;
        }

        return value;
    }

    // The binary operators from the loosest to the tightest, each with what must not follow it.
    private static readonly (string Symbol, string NotBefore)[][] Levels =
    [
        [("|", "|=")],
        [("^", "=")],
        [("&", "&=")],
        [("==", ""), ("!=", "")],
        [("<=", ""), (">=", ""), ("<", "<"), (">", ">")],
        [("<<", "="), (">>", "=")],
        [("+", "="), ("-", "=")],
        [("*", "*="), ("/", "="), ("%", "=")],
    ];

    private long Level(int level)
    {
        if (level == Levels.Length)
        {
            return Power();
        }

        var value = Level(level + 1);
        while (Fault is null && TakeOne(Levels[level]) is { } symbol)
        {
            value = Binary(symbol, value, Level(level + 1));
        }

        return value;
    }

    private string? TakeOne((string Symbol, string NotBefore)[] symbols)
    {
        foreach (var (symbol, notBefore) in symbols)
        {
            if (Take(symbol, notBefore))
            {
                return symbol;
            }
        }

        return null;
    }

    private long Power()
    {
        var value = Unary();
        if (!Take("**"))
        {
            return value;
        }

        if (++_nesting > MaxDepth)
        {
            Fail("expression recursion level exceeded");
        }

        var exponent = Fault is null ? Power() : 0;
        _nesting--;
        if (exponent < 0)
        {
            Fail("exponent less than 0", exponent.ToString(CultureInfo.InvariantCulture));
            return 0;
        }

        var result = 1L;
        for (; exponent > 0; exponent >>= 1)
        {
            result = unchecked((exponent & 1) != 0 ? result * value : result);
            value = unchecked(value * value);
        }

        return result;
    }
}
