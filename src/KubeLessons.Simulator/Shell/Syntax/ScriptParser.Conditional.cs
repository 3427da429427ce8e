namespace KubeLessons.Simulator.Shell.Syntax;

internal sealed partial class ScriptParser
{
    private ConditionalCommand ParseConditional()
    {
        var at = lexer.Next().At;
        var condition = ParseOr();
        SkipNewlines();
        var close = lexer.Peek();
        if (close.Literal == "]]")
        {
            lexer.Next();
        }
        else if (close.Kind == TokenKind.End)
        {
            lexer.FailAt(close);
        }
        else
        {
            FailConditional(close, "syntax error in conditional expression");
        }

        return new ConditionalCommand(condition, at);
    }

    private Condition ParseOr()
    {
        var left = ParseAnd();
        while (Fault is null && PeekPastNewlines().IsOperator("||"))
        {
            lexer.Next();
            left = new OrCondition(left, ParseAnd());
        }

        return left;
    }

    private Condition ParseAnd()
    {
        var left = ParsePrimary();
        while (Fault is null && PeekPastNewlines().IsOperator("&&"))
        {
            lexer.Next();
            left = new AndCondition(left, ParsePrimary());
        }

        return left;
    }

    private Condition ParsePrimary()
    {
        var condition = lexer.Enter() ? ParseTest() : EmptyTest();
        lexer.Leave();
        return condition;
    }

    private Condition ParseTest()
    {
        var token = PeekPastNewlines();
        if (token.IsOperator("("))
        {
            lexer.Next();
            var inner = ParseOr();
            SkipNewlines();
            Expect(")");
            return inner;
        }

        if (token.Literal == "!")
        {
            lexer.Next();
            return new NotCondition(ParsePrimary());
        }

        if (token.Word is not { } first || token.Literal == "]]")
        {
            FailConditional(token, "syntax error in conditional expression");
            return EmptyTest();
        }

        lexer.Next();
        if (!IsUnaryOperator(first.Literal) || lexer.Peek() is not { } next)
        {
            return ParseBinary(first);
        }

        if (next is { Word: { } operand, Literal: not "]]" })
        {
            return ParseUnary(first, operand);
        }

        FailConditional(next, $"unexpected argument `{next.Shown}' to conditional unary operator");
        return EmptyTest();
    }

    private Condition ParseUnary(Word first, Word operand)
    {
        lexer.Next();
        return IsBinaryOperator(operand.Literal) && lexer.Peek() is { Word: { } right, Literal: not "]]" }
            ? Binary(first, operand.Literal!, right)
            : new UnaryCondition(first.Literal!, operand);
    }

    private BinaryCondition Binary(Word left, string @operator, Word right)
    {
        lexer.Next();
        return new BinaryCondition(left, @operator, right);
    }

    private Condition ParseBinary(Word left)
    {
        var token = lexer.Peek();
        if (token.Literal == "=~")
        {
            lexer.Next();
            return new BinaryCondition(left, "=~", lexer.ReadRegexWord());
        }

        var isOperator = IsBinaryOperator(token.Literal) || token.IsOperator("<") || token.IsOperator(">");
        if (!isOperator)
        {
            if (token.Word is not null && token.Literal != "]]")
            {
                FailConditional(token, "conditional binary operator expected");
            }

            return new UnaryCondition("-n", left);
        }

        lexer.Next();
        if (lexer.Peek().Word is { } right)
        {
            return Binary(left, token.Text, right);
        }

        FailConditional(lexer.Peek(), $"unexpected argument `{lexer.Peek().Shown}' to conditional binary operator");
        return EmptyTest();
    }

    private void FailConditional(Token token, string message)
    {
        if (token.Kind == TokenKind.End)
        {
            lexer.FailAt(token);
        }
        else
        {
            lexer.Fail(message, token.At, isIncomplete: false);
        }
    }

    private static UnaryCondition EmptyTest() => new("-n", Word.Of("", default));

    private Token PeekPastNewlines()
    {
        SkipNewlines();
        return lexer.Peek();
    }

    private static bool IsUnaryOperator(string? text) => text is ['-', _] && "abcdefghknoprstuvwxzGLNORS".Contains(text[1]);

    private static bool IsBinaryOperator(string? text) =>
        text is "=" or "==" or "!=" or "=~" or "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge" or "-nt" or "-ot" or "-ef";
}
