using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Syntax;

internal sealed partial class ScriptParser
{
    private CommandNode ParseParenthesis()
    {
        var open = lexer.Next();
        if (lexer.Peek().IsOperator("(") && lexer.Peek().At.Offset == open.EndOffset)
        {
            lexer.Next();
            if (lexer.ReadArithmetic() is { } expression)
            {
                return new ArithmeticCommand(expression, open.At);
            }

            lexer.Rewind(open);
        }

        var body = ParseList();
        Expect(")");
        return new Subshell(body, open.At);
    }

    private Group ParseGroup()
    {
        var at = lexer.Next().At;
        var body = ParseList();
        Expect("}");
        return new Group(body, at);
    }

    private IfCommand ParseIf()
    {
        var at = lexer.Peek().At;
        var branches = ImmutableArray.CreateBuilder<IfBranch>();
        do
        {
            lexer.Next();
            var condition = ParseList();
            Expect("then");
            branches.Add(new IfBranch(condition, ParseList()));
        }
        while (lexer.Peek().Literal == "elif");

        CommandList? otherwise = null;
        if (lexer.Peek().Literal == "else")
        {
            lexer.Next();
            otherwise = ParseList();
        }

        Expect("fi");
        return new IfCommand(branches.ToImmutable(), otherwise, at);
    }

    private LoopCommand ParseLoop(bool isUntil)
    {
        var at = lexer.Next().At;
        var condition = ParseList();
        return new LoopCommand(isUntil, condition, ParseDoGroup(), at);
    }

    private CommandList ParseDoGroup()
    {
        Expect("do");
        var body = ParseList();
        Expect("done");
        return body;
    }

    private CommandNode ParseFor()
    {
        var at = lexer.Next().At;
        var token = lexer.Peek();
        if (token.IsOperator("(") && lexer.IsDoubled(token))
        {
            return ParseArithmeticFor(at);
        }

        if (token.Literal is not { } name)
        {
            lexer.FailAt(token);
            return Nothing();
        }

        lexer.Next();
        var words = ParseForWords();
        SkipNewlines();
        return new ForCommand(name, words, ParseForBody(), at);
    }

    private ImmutableArray<Word> ParseForWords()
    {
        if (lexer.Peek().IsOperator(";"))
        {
            lexer.Next();
            return default;
        }

        SkipNewlines();
        if (lexer.Peek().Literal != "in")
        {
            return default;
        }

        lexer.Next();
        var words = ImmutableArray.CreateBuilder<Word>();
        while (lexer.Peek().Word is { } word)
        {
            lexer.Next();
            words.Add(word);
        }

        if (lexer.Peek().IsOperator(";") || lexer.Peek().Kind == TokenKind.Newline)
        {
            lexer.Next();
        }
        else
        {
            lexer.FailAt(lexer.Peek());
        }

        return words.ToImmutable();
    }

    private CommandList ParseForBody()
    {
        if (lexer.Peek().Literal != "{")
        {
            return ParseDoGroup();
        }

        lexer.Next();
        var body = ParseList();
        Expect("}");
        return body;
    }

    private CommandNode ParseArithmeticFor(ScriptPosition at)
    {
        lexer.Next();
        lexer.Next();
        if (lexer.ReadArithmeticParts() is not { } parts)
        {
            lexer.Fail("unexpected EOF while looking for matching `)'", at, isIncomplete: true);
            return Nothing();
        }

        if (parts is not [var start, var condition, var step])
        {
            lexer.Fail("syntax error: arithmetic expression required", at, isIncomplete: false, showsLine: true);
            return Nothing();
        }

        if (lexer.Peek().IsOperator(";"))
        {
            lexer.Next();
        }

        SkipNewlines();
        return new ArithmeticForCommand(Text(start), Text(condition), Text(step), ParseForBody(), at);

        Word? Text(string text) => string.IsNullOrWhiteSpace(text) ? null : lexer.ArithmeticText(text, at.Line);
    }

    private CaseCommand ParseCase()
    {
        var at = lexer.Next().At;
        var subject = lexer.Peek().Word;
        if (subject is null)
        {
            lexer.FailAt(lexer.Peek());
            subject = Word.Of("", at);
        }
        else
        {
            lexer.Next();
        }

        SkipNewlines();
        Expect("in");
        SkipNewlines();
        var items = ImmutableArray.CreateBuilder<CaseItem>();
        while (Fault is null && lexer.Peek().Literal != "esac")
        {
            items.Add(ParseCaseItem());
            SkipNewlines();
        }

        Expect("esac");
        return new CaseCommand(subject, items.ToImmutable(), at);
    }

    private CaseItem ParseCaseItem()
    {
        if (lexer.Peek().IsOperator("("))
        {
            lexer.Next();
        }

        var patterns = ImmutableArray.CreateBuilder<Word>();
        do
        {
            if (patterns.Count > 0)
            {
                lexer.Next();
            }

            if (lexer.Peek().Word is { } pattern)
            {
                lexer.Next();
                patterns.Add(pattern);
            }
            else
            {
                lexer.FailAt(lexer.Peek());
            }
        }
        while (lexer.Peek().IsOperator("|"));

        Expect(")");
        var body = ParseList(mayBeEmpty: true);
        var end = lexer.Peek();
        if (end.Kind == TokenKind.Operator && end.Text is ";;" or ";&" or ";;&")
        {
            lexer.Next();
        }
        else if (end.Literal != "esac")
        {
            lexer.FailAt(end);
        }

        var how = end.Text switch { ";&" => CaseEnd.FallThrough, ";;&" => CaseEnd.Continue, _ => CaseEnd.Break };
        return new CaseItem(patterns.ToImmutable(), body, how);
    }

    private CommandNode ParseFunction()
    {
        var at = lexer.Next().At;
        var token = lexer.Peek();
        if (token.Literal is not { } name)
        {
            lexer.FailAt(token);
            return Nothing();
        }

        lexer.Next();
        if (lexer.Peek().IsOperator("("))
        {
            lexer.Next();
            Expect(")");
        }

        return ParseFunctionBody(name, at);
    }

    private CommandNode ParseFunctionBody(string name, ScriptPosition at)
    {
        SkipNewlines();
        var body = lexer.Peek();
        if (!body.IsOperator("(") && body.Literal is not ("{" or "if" or "while" or "until" or "for" or "case" or "[["))
        {
            lexer.FailAt(body);
            return Nothing();
        }

        var command = ParseCommand();
        var source = lexer.Source(body.At.Offset, lexer.Peek().At.Offset).TrimEnd();
        return new FunctionDefinition(name, command, source, at);
    }

    private CommandNode WithRedirects(CommandNode command)
    {
        var redirects = ImmutableArray.CreateBuilder<Redirect>();
        while (Fault is null && ParseRedirect() is { } redirect)
        {
            redirects.Add(redirect);
        }

        return redirects.Count == 0 ? command : command with { Redirects = redirects.ToImmutable() };
    }
}
