using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Syntax;

/// <summary>
/// The grammar of the shell: POSIX' (Shell Command Language, 2.10) with bash's additions. It reads one line's commands at a
/// time, as bash does, so that what stands before a syntax error has run already and an alias counts from the next line on.
/// </summary>
internal sealed partial class ScriptParser(ShellLexer lexer, Func<string, string?>? aliases = null)
{
    /// <summary>An alias may stand for another one; so many in a row mean a loop.</summary>
    public const int MaxAliases = 32;

    // Aliases that have been put in for the word being read: one never expands within itself.
    private readonly HashSet<string> _aliasesInUse = [];

    public SyntaxFault? Fault => lexer.Fault;

    /// <summary>Parses a whole script. On a fault the result is worth nothing.</summary>
    public CommandList ParseAll()
    {
        var at = lexer.Peek().At;
        var items = ImmutableArray.CreateBuilder<ListItem>();
        while (ParseLine() is { } line)
        {
            items.AddRange(line.Items);
        }

        return new CommandList(items.ToImmutable(), at);
    }

    /// <summary>The commands up to the end of the line, or of the construct that spans lines; null at the end of the script.</summary>
    public CommandList? ParseLine()
    {
        SkipNewlines();
        var first = lexer.Peek();
        if (first.Kind == TokenKind.End || Fault is not null)
        {
            return null;
        }

        var items = ImmutableArray.CreateBuilder<ListItem>();
        while (Fault is null && lexer.Peek().Kind is not (TokenKind.Newline or TokenKind.End))
        {
            items.Add(ParseItem());
            if (!TakeSeparator())
            {
                break;
            }
        }

        if (Fault is null && lexer.Peek().Kind == TokenKind.Newline)
        {
            lexer.Next();
        }
        else if (Fault is null && lexer.Peek().Kind != TokenKind.End)
        {
            lexer.FailAt(lexer.Peek());
        }

        return Fault is null ? new CommandList(items.ToImmutable(), first.At) : null;
    }

    /// <summary>The commands up to the parenthesis that closes a substitution.</summary>
    public CommandList ParseToParenthesis()
    {
        var list = ParseList(mayBeEmpty: true);
        var close = lexer.Peek();
        if (close.IsOperator(")"))
        {
            lexer.Next();
        }
        else if (close.Kind == TokenKind.End)
        {
            lexer.Fail("unexpected EOF while looking for matching `)'", close.At, isIncomplete: true);
        }
        else
        {
            lexer.FailAt(close);
        }

        return list;
    }

    private static bool EndsList(Token token) =>
        token.Kind == TokenKind.End
        || (token.Kind == TokenKind.Operator && token.Text is ")" or ";;" or ";&" or ";;&")
        || token.Literal is "then" or "do" or "done" or "fi" or "elif" or "else" or "esac" or "}";

    private CommandList ParseList(bool mayBeEmpty = false)
    {
        SkipNewlines();
        var at = lexer.Peek().At;
        var items = ImmutableArray.CreateBuilder<ListItem>();
        while (Fault is null && !EndsList(lexer.Peek()))
        {
            items.Add(ParseItem());
            var next = lexer.Peek();
            if (!TakeSeparator() && next.Kind != TokenKind.Newline)
            {
                break;
            }

            SkipNewlines();
        }

        if (items.Count == 0 && !mayBeEmpty)
        {
            lexer.FailAt(lexer.Peek());
        }

        return new CommandList(items.ToImmutable(), at);
    }

    // A list item's own "&" or ";" has been seen by ParseItem; this one takes it.
    private bool TakeSeparator()
    {
        if (!lexer.Peek().IsOperator(";") && !lexer.Peek().IsOperator("&"))
        {
            return false;
        }

        lexer.Next();
        return true;
    }

    private ListItem ParseItem()
    {
        var start = lexer.Peek().At.Offset;
        var first = ParsePipeline();
        var rest = ImmutableArray.CreateBuilder<AndOrNext>();
        while (lexer.Peek() is { Kind: TokenKind.Operator, Text: "&&" or "||" } token)
        {
            lexer.Next();
            SkipNewlines();
            rest.Add(new AndOrNext(token.Text == "&&", ParsePipeline()));
        }

        var end = lexer.Peek();
        var source = lexer.Source(start, end.At.Offset).TrimEnd();
        return new ListItem(first, rest.ToImmutable(), end.IsOperator("&"), source);
    }

    private Pipeline ParsePipeline()
    {
        var (isNegated, isTimed, posix) = (false, false, false);
        while (lexer.Peek().Literal is "!" or "time")
        {
            isTimed |= lexer.Peek().Literal == "time";
            isNegated ^= lexer.Next().Literal == "!";
            if (isTimed && lexer.Peek().Literal == "-p")
            {
                posix = true;
                lexer.Next();
            }
        }

        var commands = ImmutableArray.CreateBuilder<CommandNode>();
        if (!(isTimed || isNegated) || !EndsPipeline(lexer.Peek()))
        {
            commands.Add(ParseCommand());
        }

        while (lexer.Peek() is { Kind: TokenKind.Operator, Text: "|" or "|&" } bar)
        {
            lexer.Next();
            SkipNewlines();
            if (bar.Text == "|&" && commands.Count > 0)
            {
                commands[^1] = WithErrorsToOutput(commands[^1], bar.At);
            }

            commands.Add(ParseCommand());
        }

        return new Pipeline(commands.ToImmutable(), isNegated, isTimed) { TimesPosix = posix };
    }

    private static bool EndsPipeline(Token token) =>
        token.Kind is TokenKind.End or TokenKind.Newline || token.Text is ";" or "&" or ")" or "&&" or "||";

    private static CommandNode WithErrorsToOutput(CommandNode command, ScriptPosition at) =>
        command with { Redirects = command.Redirects.Add(new Redirect(RedirectKind.DuplicateOutput, 2, Word.Of("1", at), at)) };

    private CommandNode ParseCommand()
    {
        if (!lexer.Enter())
        {
            return Nothing();
        }

        ExpandAlias();
        var token = lexer.Peek();
        var command = token.Kind == TokenKind.Operator && token.Text == "("
            ? ParseParenthesis()
            : ParseReserved(token);
        if (command is not null)
        {
            command = command is FunctionDefinition ? command : WithRedirects(command);
        }
        else
        {
            command = ParseSimpleOrFunction();
        }

        lexer.Leave();
        return command;
    }

    private CommandNode? ParseReserved(Token token) => token.Literal switch
    {
        "{" => ParseGroup(),
        "if" => ParseIf(),
        "while" => ParseLoop(isUntil: false),
        "until" => ParseLoop(isUntil: true),
        "for" => ParseFor(),
        "case" => ParseCase(),
        "function" => ParseFunction(),
        "[[" => ParseConditional(),
        "then" or "do" or "done" or "fi" or "elif" or "else" or "esac" or "}" => Unexpected(token),
        _ => null,
    };

    private CommandNode ParseSimpleOrFunction()
    {
        var first = lexer.Peek();
        var simple = ParseSimple();
        if (!lexer.Peek().IsOperator("(") || simple.Assignments.Length + simple.Redirects.Length > 0
            || simple.Words is not [{ Literal: { } name }])
        {
            return simple;
        }

        lexer.Next();
        Expect(")");
        return Fault is null ? ParseFunctionBody(name, first.At) : simple;
    }

    private SimpleCommand ParseSimple()
    {
        var at = lexer.Peek().At;
        var assignments = ImmutableArray.CreateBuilder<Assignment>();
        var words = ImmutableArray.CreateBuilder<Word>();
        var redirects = ImmutableArray.CreateBuilder<Redirect>();
        while (Fault is null)
        {
            var token = lexer.Peek();
            if (ParseRedirect() is { } redirect)
            {
                redirects.Add(redirect);
            }
            else if (token.Word is not { } word)
            {
                break;
            }
            else if (words.Count == 0 && word.Assignment is { } assignment)
            {
                lexer.Next();
                assignments.Add(assignment);
            }
            else if (words.Count > 0 && word.Assignment is { Elements.IsDefault: false } && !Declares(words[0]))
            {
                lexer.Fail("syntax error near unexpected token `('", token.At, isIncomplete: false, showsLine: true);
            }
            else
            {
                lexer.Next();
                words.Add(word);
            }
        }

        if (words.Count + assignments.Count + redirects.Count == 0)
        {
            lexer.FailAt(lexer.Peek());
        }

        return new SimpleCommand(assignments.ToImmutable(), words.ToImmutable(), at) { Redirects = redirects.ToImmutable() };
    }

    /// <summary>Commands whose arguments may be assignments, array literals too.</summary>
    internal static bool Declares(Word name) => name.Literal is "declare" or "local" or "export" or "readonly" or "typeset" or "alias";

    private CommandNode Unexpected(Token token)
    {
        lexer.FailAt(token);
        return Nothing();
    }

    private static SimpleCommand Nothing() => new([], [], default);

    private void SkipNewlines()
    {
        while (lexer.Peek().Kind == TokenKind.Newline)
        {
            lexer.Next();
        }
    }

    private void Expect(string literal)
    {
        var token = lexer.Peek();
        if (token.Literal == literal || token.IsOperator(literal))
        {
            lexer.Next();
        }
        else
        {
            lexer.FailAt(token);
        }
    }

    // The first word of a command may be an alias; a value that begins with another alias is looked up again.
    private void ExpandAlias()
    {
        if (aliases is null)
        {
            return;
        }

        _aliasesInUse.Clear();
        for (var i = 0; i < MaxAliases; i++)
        {
            var token = lexer.Peek();
            if (token.Literal is not { } name || !_aliasesInUse.Add(name) || aliases(name) is not { } value)
            {
                return;
            }

            lexer.Replace(token, value);
        }
    }
}
