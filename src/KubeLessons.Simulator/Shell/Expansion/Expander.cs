using System.Collections.Immutable;
using KubeLessons.Simulator.Shell.Commands;
using KubeLessons.Simulator.Shell.Execution;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Expansion;

/// <summary>Where a routine leaves one text.</summary>
internal sealed class TextResult
{
    public string Text { get; set; } = "";
}

/// <summary>
/// The shell's expansions, in their order: braces, tilde, parameters, commands and arithmetic, splitting, globs. They are
/// routines because a substitution runs commands. A fault has been reported and set the shell's flow when a routine ends.
/// </summary>
internal sealed partial class Expander(Interpreter shell)
{
    /// <summary>Expands words into the fields that they give: a command's arguments.</summary>
    public IEnumerable<Wait> Fields(IEnumerable<Word> words, List<string> into)
    {
        foreach (var written in words)
        {
            foreach (var word in BraceExpansion.Expand(written))
            {
                var builder = new FieldBuilder(Ifs, splits: true);
                yield return Wait.Call(Parts(word, builder));
                if (IsStopped(builder))
                {
                    yield break;
                }

                AddFields(builder, into);
            }
        }
    }

    /// <summary>Expands a word to one text, neither split nor globbed: what is assigned or redirected to.</summary>
    public IEnumerable<Wait> Text(Word word, TextResult result)
    {
        var builder = new FieldBuilder(Ifs, splits: false);
        yield return Wait.Call(Parts(word, builder));
        result.Text = IsStopped(builder) ? "" : builder.ToText();
    }

    /// <summary>Expands an assignment's value: a tilde may follow each colon, too.</summary>
    public IEnumerable<Wait> Value(Word word, TextResult result)
    {
        var parts = word.Parts.Select((part, i) => part is LiteralText literal ? TildesAfterColons(literal, i == word.Parts.Length - 1) : part);
        return Text(word with { Parts = [.. parts] }, result);
    }

    /// <summary>Expands a word to a pattern: what was quoted in it stands for itself.</summary>
    public IEnumerable<Wait> Pattern(Word word, TextResult result)
    {
        var builder = new FieldBuilder(Ifs, splits: false);
        yield return Wait.Call(Parts(word, builder));
        result.Text = IsStopped(builder) ? "" : builder.ToPattern();
    }

    /// <summary>Expands a word to an extended regular expression: what was quoted in it stands for itself.</summary>
    public IEnumerable<Wait> Regex(Word word, TextResult result)
    {
        var builder = new FieldBuilder(Ifs, splits: false, PosixRegex.EscapeExtended);
        yield return Wait.Call(Parts(word, builder));
        result.Text = IsStopped(builder) ? "" : builder.ToPattern();
    }

    private string Ifs => shell.State.Variables.Value("IFS") ?? " \t\n";

    // A redirection takes one field; more, or none, are "ambiguous".
    public IEnumerable<Wait> RedirectTarget(Word word, TextResult result)
    {
        var fields = new List<string>();
        yield return Wait.Call(Fields([word], fields));
        if (shell.Flow != Flow.None)
        {
            yield break;
        }

        if (fields.Count != 1)
        {
            shell.Abort($"{word.Source}: ambiguous redirect", 1);
            yield break;
        }

        result.Text = fields[0];
    }

    private IEnumerable<Wait> Parts(Word word, FieldBuilder into)
    {
        for (var i = 0; i < word.Parts.Length && shell.Flow == Flow.None; i++)
        {
            var part = word.Parts[i];
            if (i == 0 && part is LiteralText { Text: ['~', ..] } tilde)
            {
                AddTilde(tilde.Text, isWhole: word.Parts.Length == 1, into);
            }
            else if (i == 0 && word.Assignment is not null && part is LiteralText { Text: var text } && text.Contains("=~"))
            {
                // What looks like an assignment has its tilde expanded even as an argument.
                var equals = text.IndexOf("=~", StringComparison.Ordinal) + 1;
                into.AddLiteral(text[..equals]);
                AddTilde(text[equals..], isWhole: word.Parts.Length == 1, into);
            }
            else if (!TryAdd(part, into, isQuoted: false))
            {
                yield return Wait.Call(Add(part, into, isQuoted: false, splitsLiterals: false));
            }
        }
    }

    // What needs no routine, which is most.
    private bool TryAdd(WordPart part, FieldBuilder into, bool isQuoted)
    {
        switch (part)
        {
            case LiteralText literal:
                into.AddLiteral(literal.Text);
                return true;
            case QuotedText quoted:
                into.AddQuoted(quoted.Text);
                return true;
            case ParameterExpansion { Form: ParameterForm.Value, Subscript: null, IsIndirect: false, Name: not ("@" or "*") } parameter:
                AddScalar(shell.Parameter(parameter.Name), parameter.Name, into, isQuoted);
                return true;
            default:
                return false;
        }
    }

    private IEnumerable<Wait> Add(WordPart part, FieldBuilder into, bool isQuoted, bool splitsLiterals)
    {
        switch (part)
        {
            case LiteralText literal when splitsLiterals:
                into.AddExpansion(literal.Text);
                break;
            case DoubleQuoted quoted:
                return AddQuoted(quoted, into);
            case ParameterExpansion parameter:
                return AddParameter(parameter, into, isQuoted);
            case CommandSubstitution command:
                return AddOutput(command, into, isQuoted);
            case ArithmeticSubstitution arithmetic:
                return AddNumber(arithmetic, into, isQuoted);
            case ProcessSubstitution process:
                return AddProcess(process, into);
            default:
                TryAdd(part, into, isQuoted);
                break;
        }

        return [];
    }

    private IEnumerable<Wait> AddAll(ImmutableArray<WordPart> parts, FieldBuilder into, bool isQuoted, bool splitsLiterals)
    {
        foreach (var part in parts)
        {
            if (shell.Flow != Flow.None)
            {
                yield break;
            }

            yield return Wait.Call(Add(part, into, isQuoted, splitsLiterals));
        }
    }

    private IEnumerable<Wait> AddQuoted(DoubleQuoted quoted, FieldBuilder into)
    {
        // "$@" with no parameters is no field at all; "" and "$x" always are one.
        var isList = quoted.Parts is [ParameterExpansion parameter] && (parameter.Name == "@" || parameter.Subscript?.Source == "@");
        if (!isList)
        {
            into.Exist();
        }

        foreach (var part in quoted.Parts)
        {
            if (shell.Flow != Flow.None)
            {
                yield break;
            }

            if (!TryAdd(part, into, isQuoted: true))
            {
                yield return Wait.Call(Add(part, into, isQuoted: true, splitsLiterals: false));
            }
        }
    }

    private IEnumerable<Wait> AddOutput(CommandSubstitution command, FieldBuilder into, bool isQuoted)
    {
        var output = new TextResult();
        yield return Wait.Call(shell.Capture(command.Commands, output));
        if (shell.Flow == Flow.None)
        {
            AddText(output.Text.TrimEnd('\n').Replace("\0", ""), into, isQuoted);
        }
    }

    private IEnumerable<Wait> AddNumber(ArithmeticSubstitution arithmetic, FieldBuilder into, bool isQuoted)
    {
        var number = new NumberResult();
        yield return Wait.Call(Number(arithmetic.Expression, number));
        if (shell.Flow == Flow.None)
        {
            AddText(number.Value.ToString(), into, isQuoted);
        }
    }

    private IEnumerable<Wait> AddProcess(ProcessSubstitution process, FieldBuilder into)
    {
        var path = new TextResult();
        yield return Wait.Call(shell.Substitute(process, path));
        into.AddQuoted(path.Text);
    }

    private static void AddText(string text, FieldBuilder into, bool isQuoted)
    {
        if (isQuoted)
        {
            into.AddQuoted(text);
        }
        else
        {
            into.AddExpansion(text);
        }
    }

    private void AddScalar(string? value, string name, FieldBuilder into, bool isQuoted)
    {
        if (value is null && shell.State.Options.FaultsOnUnset)
        {
            shell.Abort($"{Shown(name)}: unbound variable", shell.FatalStatus);
        }

        AddText(value ?? "", into, isQuoted);
    }

    // A positional parameter is named with its dollar sign.
    private static string Shown(string name) => name.Length > 0 && char.IsAsciiDigit(name[0]) ? "$" + name : name;

    private void AddFields(FieldBuilder builder, List<string> into)
    {
        foreach (var field in builder.ToFields())
        {
            var options = shell.State.Options;
            if (!field.IsPattern || options.NoGlob || !GlobPattern.HasSpecial(field.Pattern))
            {
                into.Add(field.Text);
                continue;
            }

            var matches = PathExpansion.Expand(shell.Self.Files, shell.Self.WorkingDirectory, field.Pattern, options.DotGlob);
            if (matches.Count > 0)
            {
                into.AddRange(matches);
            }
            else if (!options.NullGlob)
            {
                into.Add(field.Text);
            }
        }
    }

    private bool IsStopped(FieldBuilder builder)
    {
        if (shell.Flow == Flow.None && builder.IsTooLong)
        {
            shell.Abort($"expansion: cannot allocate more than {FieldBuilder.MaxLength} characters", 2);
        }

        return shell.Flow != Flow.None;
    }

    private void AddTilde(string text, bool isWhole, FieldBuilder into)
    {
        var slash = text.IndexOf('/');
        if ((slash < 0 && !isWhole) || Home(slash < 0 ? text[1..] : text[1..slash]) is not { } home)
        {
            into.AddLiteral(text);
            return;
        }

        into.AddQuoted(home);
        if (slash >= 0)
        {
            into.AddLiteral(text[slash..]);
        }
    }

    private WordPart TildesAfterColons(LiteralText literal, bool isLast)
    {
        if (!literal.Text.Contains(":~"))
        {
            return literal;
        }

        var pieces = literal.Text.Split(':');
        for (var i = 1; i < pieces.Length; i++)
        {
            var slash = pieces[i].IndexOf('/');
            var ends = slash >= 0 || i < pieces.Length - 1 || isLast;
            if (pieces[i].StartsWith('~') && ends && Home(slash < 0 ? pieces[i][1..] : pieces[i][1..slash]) is { } home)
            {
                pieces[i] = home + (slash < 0 ? "" : pieces[i][slash..]);
            }
        }

        return new LiteralText(string.Join(':', pieces));
    }

    private string? Home(string user) => user switch
    {
        "" => shell.State.Variables.Value("HOME") ?? "/root",
        "+" => shell.Self.WorkingDirectory,
        "-" => shell.State.Variables.Value("OLDPWD"),
        "root" => "/root",
        _ => shell.Self.Files.IsDirectory("/home/" + user) ? "/home/" + user : null,
    };
}

/// <summary>Where a routine leaves a number.</summary>
internal sealed class NumberResult
{
    public long Value { get; set; }
}
