using System.Collections.Immutable;

namespace KubeLessons.Simulator.Shell.Commands.Awk;

/// <summary>Reads an awk program (POSIX awk, and gawk's everyday additions). The first fault sticks.</summary>
internal sealed partial class AwkParser
{
    private const int MaxNesting = 150;

    private readonly AwkLexer _lexer;
    private int _nesting;

    public AwkParser(string text)
    {
        _lexer = new AwkLexer(text);
        _lexer.Next();
    }

    public string? Fault => _lexer.Fault;

    public AwkScript Parse()
    {
        var rules = ImmutableArray.CreateBuilder<AwkRule>();
        var functions = ImmutableDictionary.CreateBuilder<string, AwkFunction>();
        SkipTerminators();
        while (Fault is null && _lexer.Kind != AwkToken.End)
        {
            if (_lexer.Is("function") || _lexer.Is("func"))
            {
                var function = ParseFunction();
                functions[function.Name] = function;
            }
            else
            {
                rules.Add(ParseRule());
            }

            SkipTerminators();
        }

        return new AwkScript(rules.ToImmutable(), functions.ToImmutable());
    }

    private void FailHere() => _lexer.Fail(_lexer.Kind switch
    {
        AwkToken.End => "syntax error: unexpected end of program",
        AwkToken.NewLine => "syntax error: unexpected newline",
        _ => $"syntax error at or near {_lexer.Text}",
    });

    private bool Take(string symbol)
    {
        if (!_lexer.Is(symbol))
        {
            return false;
        }

        _lexer.Next();
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Take(symbol))
        {
            FailHere();
        }
    }

    private void SkipNewLines()
    {
        while (_lexer.Kind == AwkToken.NewLine)
        {
            _lexer.Next();
        }
    }

    private void SkipTerminators()
    {
        while (_lexer.Kind == AwkToken.NewLine || _lexer.Is(";"))
        {
            _lexer.Next();
        }
    }

    private AwkRule ParseRule()
    {
        if (_lexer.Is("BEGIN") || _lexer.Is("END"))
        {
            var kind = _lexer.Is("BEGIN") ? AwkPatternKind.Begin : AwkPatternKind.End;
            _lexer.Next();
            return new AwkRule(kind, null, null, ParseBlock());
        }

        if (_lexer.Is("{"))
        {
            return new AwkRule(AwkPatternKind.Always, null, null, ParseBlock());
        }

        var pattern = ParseExpression();
        AwkExpression? end = null;
        if (Take(","))
        {
            SkipNewLines();
            end = ParseExpression();
        }

        var action = _lexer.Is("{") ? ParseBlock() : null;
        return new AwkRule(end is null ? AwkPatternKind.Expression : AwkPatternKind.Range, pattern, end, action);
    }

    private AwkFunction ParseFunction()
    {
        _lexer.Next();
        var name = _lexer.Text;
        if (_lexer.Kind is not (AwkToken.Name or AwkToken.CallName))
        {
            FailHere();
        }

        _lexer.Next();
        Expect("(");
        var parameters = ImmutableArray.CreateBuilder<string>();
        while (Fault is null && !_lexer.Is(")"))
        {
            parameters.Add(_lexer.Text);
            if (_lexer.Kind != AwkToken.Name)
            {
                FailHere();
            }

            _lexer.Next();
            if (!Take(","))
            {
                break;
            }

            SkipNewLines();
        }

        Expect(")");
        SkipNewLines();
        return new AwkFunction(name, parameters.ToImmutable(), ParseBlock());
    }

    private AwkBlock ParseBlock()
    {
        Expect("{");
        var statements = ImmutableArray.CreateBuilder<AwkStatement>();
        SkipTerminators();
        while (Fault is null && !_lexer.Is("}"))
        {
            statements.Add(ParseStatement());
            SkipTerminators();
        }

        Expect("}");
        return new AwkBlock(statements.ToImmutable());
    }

    private AwkStatement ParseStatement()
    {
        if (++_nesting > MaxNesting)
        {
            _lexer.Fail($"statements are nested more than {MaxNesting} deep");
        }

        var statement = ParseNested();
        _nesting--;
        return statement;
    }

    private AwkStatement ParseNested()
    {
        switch (_lexer.Kind == AwkToken.Keyword || _lexer.Kind == AwkToken.Symbol ? _lexer.Text : "")
        {
            case "{":
                return ParseBlock();
            case "if":
                return ParseIf();
            case "while":
                _lexer.Next();
                Expect("(");
                var condition = ParseExpression();
                Expect(")");
                return new AwkLoop(null, condition, null, Take(";") ? Nothing : ParseBody(), TestsLast: false);
            case "do":
                return ParseDo();
            case "for":
                return ParseFor();
            case ";":
                _lexer.Next();
                return Nothing;
            default:
                var simple = ParseSimple();
                if (!_lexer.Is("}") && !_lexer.Is(";") && _lexer.Kind is not (AwkToken.NewLine or AwkToken.End))
                {
                    FailHere();
                }

                if (_lexer.Is(";") || _lexer.Kind == AwkToken.NewLine)
                {
                    _lexer.Next();
                }

                return simple;
        }
    }

    private static AwkBlock Nothing => new([]);

    private AwkStatement ParseBody()
    {
        SkipNewLines();
        return ParseStatement();
    }

    private AwkIf ParseIf()
    {
        _lexer.Next();
        Expect("(");
        var condition = ParseExpression();
        Expect(")");
        var then = ParseBody();
        SkipTerminators();
        if (!Take("else"))
        {
            return new AwkIf(condition, then, null);
        }

        return new AwkIf(condition, then, ParseBody());
    }

    private AwkLoop ParseDo()
    {
        _lexer.Next();
        var body = ParseBody();
        SkipTerminators();
        Expect("while");
        Expect("(");
        var condition = ParseExpression();
        Expect(")");
        return new AwkLoop(null, condition, null, body, TestsLast: true);
    }

    private AwkStatement ParseFor()
    {
        _lexer.Next();
        Expect("(");
        var start = _lexer.Is(";") ? null : ParseSimple();
        if (start is AwkEvaluation { Expression: AwkIn { Key: [AwkVariable variable] } membership } && Take(")"))
        {
            return new AwkForIn(variable.Name, membership.Array, ParseBody());
        }

        Expect(";");
        SkipNewLines();
        var condition = _lexer.Is(";") ? null : ParseExpression();
        Expect(";");
        SkipNewLines();
        var step = _lexer.Is(")") ? null : ParseSimple();
        Expect(")");
        return new AwkLoop(start, condition, step, Take(";") ? Nothing : ParseBody(), TestsLast: false);
    }

    private AwkStatement ParseSimple()
    {
        if (_lexer.Kind != AwkToken.Keyword || _lexer.Text is "getline" or "in")
        {
            return new AwkEvaluation(ParseExpression());
        }

        var keyword = _lexer.Text;
        _lexer.Next();
        switch (keyword)
        {
            case "print" or "printf":
                return ParsePrint(keyword == "printf");
            case "next":
                return new AwkJump(AwkFlow.Next, null);
            case "nextfile":
                return new AwkJump(AwkFlow.NextFile, null);
            case "break":
                return new AwkJump(AwkFlow.Break, null);
            case "continue":
                return new AwkJump(AwkFlow.Continue, null);
            case "exit" or "return":
                var ends = _lexer.Is(";") || _lexer.Is("}") || _lexer.Kind is AwkToken.NewLine or AwkToken.End;
                return new AwkJump(keyword == "exit" ? AwkFlow.Exit : AwkFlow.Return, ends ? null : ParseExpression());
            case "delete":
                var array = _lexer.Text;
                _lexer.Next();
                return new AwkDelete(array, Take("[") ? ParseKey() : []);
            default:
                _lexer.Fail($"syntax error at or near {keyword}");
                return Nothing;
        }
    }

    private AwkPrint ParsePrint(bool isFormatted)
    {
        var arguments = ImmutableArray.CreateBuilder<AwkExpression>();
        _noRedirect++;
        if (!EndsPrint())
        {
            arguments.AddRange(ParseGrouped());
        }

        _noRedirect--;
        if (_lexer.Is(">") || _lexer.Is(">>") || _lexer.Is("|"))
        {
            var redirect = _lexer.Text;
            _lexer.Next();
            return new AwkPrint(arguments.ToImmutable(), isFormatted, redirect, ParseConcatenation());
        }

        return new AwkPrint(arguments.ToImmutable(), isFormatted, "", null);
    }

    private bool EndsPrint() => _lexer.Is(";") || _lexer.Is("}") || _lexer.Is(">") || _lexer.Is(">>") || _lexer.Is("|")
        || _lexer.Kind is AwkToken.NewLine or AwkToken.End;

    // "print (a, b)" and "print a, b", and "print (a)(b) > file" too.
    private ImmutableArray<AwkExpression> ParseGrouped()
    {
        var list = ParseList();
        return list is [AwkList inner] ? inner.Items : list;
    }

    private ImmutableArray<AwkExpression> ParseList()
    {
        var items = ImmutableArray.CreateBuilder<AwkExpression>();
        do
        {
            SkipNewLines();
            items.Add(ParseExpression());
        }
        while (Fault is null && Take(","));

        return items.ToImmutable();
    }

    private ImmutableArray<AwkExpression> ParseKey()
    {
        var saved = _noRedirect;
        _noRedirect = 0;
        var key = ParseList();
        _noRedirect = saved;
        Expect("]");
        return key;
    }
}

/// <summary>Several expressions in parentheses: the arguments of print, or the key before <c>in</c>.</summary>
internal sealed record AwkList(ImmutableArray<AwkExpression> Items) : AwkExpression;
