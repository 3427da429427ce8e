using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Commands.Awk;

internal sealed partial class AwkParser
{
    // Within the arguments of print, outside parentheses, ">" is a redirection.
    private int _noRedirect;

    private AwkExpression ParseExpression()
    {
        if (++_nesting > MaxNesting)
        {
            _lexer.Fail($"expressions are nested more than {MaxNesting} deep");
        }

        var expression = ParseAssignment();
        _nesting--;
        return expression;
    }

    private AwkExpression ParseAssignment()
    {
        var left = ParseTernary();
        if (_lexer.Kind != AwkToken.Symbol || _lexer.Text is not ("=" or "+=" or "-=" or "*=" or "/=" or "%=" or "^="))
        {
            return left;
        }

        if (left is not (AwkVariable or AwkField or AwkElement))
        {
            FailHere();
            return left;
        }

        var symbol = _lexer.Text[..^1];
        _lexer.Next();
        SkipNewLines();
        return new AwkAssignment(left, symbol, ParseExpression());
    }

    private AwkExpression ParseTernary()
    {
        var condition = ParseOr();
        if (!Take("?"))
        {
            return condition;
        }

        SkipNewLines();
        var then = ParseExpression();
        SkipNewLines();
        Expect(":");
        SkipNewLines();
        return new AwkConditional(condition, then, ParseExpression());
    }

    private AwkExpression ParseOr()
    {
        var left = ParseAnd();
        while (Take("||"))
        {
            SkipNewLines();
            left = new AwkLogical(false, left, ParseAnd());
        }

        return left;
    }

    private AwkExpression ParseAnd()
    {
        var left = ParseIn();
        while (Take("&&"))
        {
            SkipNewLines();
            left = new AwkLogical(true, left, ParseIn());
        }

        return left;
    }

    private AwkExpression ParseIn()
    {
        var left = ParseMatch();
        while (Take("in"))
        {
            left = new AwkIn(left is AwkList list ? list.Items : [left], _lexer.Text);
            if (_lexer.Kind != AwkToken.Name)
            {
                FailHere();
            }

            _lexer.Next();
        }

        return left;
    }

    private AwkExpression ParseMatch()
    {
        var left = ParseComparison();
        while (_lexer.Is("~") || _lexer.Is("!~"))
        {
            var symbol = _lexer.Text;
            _lexer.Next();
            left = new AwkBinary(symbol, left, ParseComparison());
        }

        return left;
    }

    private AwkExpression ParseComparison()
    {
        var left = ParseConcatenation();
        while (_noRedirect == 0 && Take("|"))
        {
            if (!Take("getline"))
            {
                FailHere();
            }

            left = new AwkGetline(ParseGetlineTarget(), null, left);
        }

        if (_lexer.Kind != AwkToken.Symbol
            || !(_lexer.Text is "<" or "<=" or "==" or "!=" or ">=" || (_lexer.Text == ">" && _noRedirect == 0)))
        {
            return left;
        }

        var symbol = _lexer.Text;
        _lexer.Next();
        return new AwkBinary(symbol, left, ParseConcatenation());
    }

    private AwkExpression ParseConcatenation()
    {
        var left = ParseSum();
        while (Fault is null && StartsValue())
        {
            left = new AwkBinary(" ", left, ParseSum());
        }

        return left;
    }

    private bool StartsValue() => _lexer.Kind is AwkToken.Number or AwkToken.Text or AwkToken.Name or AwkToken.CallName
        || _lexer.Is("$") || _lexer.Is("(") || _lexer.Is("!") || _lexer.Is("++") || _lexer.Is("--");

    private AwkExpression ParseSum()
    {
        var left = ParseProduct();
        while (Fault is null && (_lexer.Is("+") || _lexer.Is("-")))
        {
            var symbol = _lexer.Text;
            _lexer.Next();
            left = new AwkBinary(symbol, left, ParseProduct());
        }

        return left;
    }

    private AwkExpression ParseProduct()
    {
        var left = ParseUnary();
        while (Fault is null && (_lexer.Is("*") || _lexer.Is("/") || _lexer.Is("%")))
        {
            var symbol = _lexer.Text;
            _lexer.Next();
            left = new AwkBinary(symbol, left, ParseUnary());
        }

        return left;
    }

    private AwkExpression ParseUnary()
    {
        if (++_nesting > MaxNesting)
        {
            _lexer.Fail($"expressions are nested more than {MaxNesting} deep");
        }

        AwkExpression expression;
        if (_lexer.Is("!") || _lexer.Is("-") || _lexer.Is("+"))
        {
            var symbol = _lexer.Text[0];
            _lexer.Next();
            expression = new AwkUnary(symbol, ParseUnary());
        }
        else
        {
            expression = ParsePower();
        }

        _nesting--;
        return expression;
    }

    private AwkExpression ParsePower()
    {
        var left = ParsePostfix();
        return Take("^") ? new AwkBinary("^", left, ParseUnary()) : left;
    }

    private AwkExpression ParsePostfix()
    {
        var value = ParsePrimary();
        if (value is AwkVariable or AwkField or AwkElement && (_lexer.Is("++") || _lexer.Is("--")))
        {
            var by = _lexer.Is("++") ? 1 : -1;
            _lexer.Next();
            return new AwkStep(value, by, IsPrefix: false);
        }

        return value;
    }

    private AwkExpression ParsePrimary()
    {
        switch (_lexer.Kind)
        {
            case AwkToken.Number:
                var number = _lexer.Number;
                _lexer.Next();
                return new AwkConstant(AwkValue.Of(number));
            case AwkToken.Text:
                var text = _lexer.Text;
                _lexer.Next();
                return new AwkConstant(AwkValue.Of(text));
            case AwkToken.Name:
                return ParseName();
            case AwkToken.CallName:
                return ParseCall();
            case AwkToken.Keyword when _lexer.Text == "getline":
                _lexer.Next();
                var target = ParseGetlineTarget();
                return new AwkGetline(target, Take("<") ? ParsePostfix() : null, null);
            case AwkToken.Symbol when _lexer.Text is "/" or "/=":
                _lexer.ReadRegex();
                var pattern = _lexer.Text;
                _lexer.Next();
                return new AwkRegex(pattern);
            case AwkToken.Symbol when _lexer.Text == "$":
                _lexer.Next();
                return new AwkField(ParseFieldNumber());
            case AwkToken.Symbol when _lexer.Text == "(":
                return ParseParenthesis();
            case AwkToken.Symbol when _lexer.Text is "++" or "--":
                var by = _lexer.Is("++") ? 1 : -1;
                _lexer.Next();
                return new AwkStep(ParsePrimary(), by, IsPrefix: true);
            default:
                FailHere();
                return new AwkConstant(AwkValue.Unset);
        }
    }

    // $NF-1 is ($NF)-1, $i++ is ($i)++, but $-1 and $++i take what follows.
    private AwkExpression ParseFieldNumber()
    {
        if (++_nesting > MaxNesting)
        {
            _lexer.Fail($"expressions are nested more than {MaxNesting} deep");
        }

        var number = _lexer.Is("-") || _lexer.Is("+") || _lexer.Is("!") ? ParseUnary() : ParsePrimary();
        _nesting--;
        return number;
    }

    private AwkExpression ParseName()
    {
        var name = _lexer.Text;
        _lexer.Next();
        if (Take("["))
        {
            return new AwkElement(name, ParseKey());
        }

        return name == "length" ? new AwkCall("length", []) : new AwkVariable(name);
    }

    private AwkCall ParseCall()
    {
        var name = _lexer.Text;
        _lexer.Next();
        Expect("(");
        var saved = _noRedirect;
        _noRedirect = 0;
        SkipNewLines();
        var arguments = _lexer.Is(")") ? ImmutableArray<AwkExpression>.Empty : ParseList();
        _noRedirect = saved;
        SkipNewLines();
        Expect(")");
        return new AwkCall(name, arguments);
    }

    private AwkExpression ParseParenthesis()
    {
        _lexer.Next();
        var saved = _noRedirect;
        _noRedirect = 0;
        var items = ParseList();
        _noRedirect = saved;
        SkipNewLines();
        Expect(")");
        return items is [var only] ? new AwkGroup(only) : new AwkList(items);
    }

    private AwkExpression? ParseGetlineTarget() => _lexer.Kind == AwkToken.Name || _lexer.Is("$") ? ParsePrimary() : null;
}
