using System.Collections.Immutable;
using KubeLessons.Simulator.Shell.Execution;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Expansion;

internal sealed partial class Expander
{
    // What a parameter stands for: one text, or a list ($@, a[@]); not set: no items and not a list.
    private sealed record Subject(string Name, string? Key, ImmutableArray<string> Items, bool IsList)
    {
        public bool IsSet => Items.Length > 0;

        public bool JoinsByIfs => Name == "*" || Key == "*";

        public string Text => string.Join(' ', Items);
    }

    private sealed class SubjectResult
    {
        public Subject? Value { get; set; }
    }

    /// <summary>Evaluates an arithmetic expression whose text is expanded first.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="result">Its value.</param>
    /// <param name="context">What a fault names first, such as <c>((: </c>.</param>
    public IEnumerable<Wait> Number(Word expression, NumberResult result, string context = "")
    {
        var text = new TextResult();
        yield return Wait.Call(Text(expression, text));
        if (shell.Flow == Flow.None)
        {
            Evaluate(text.Text, result, context);
        }
    }

    private void Evaluate(string text, NumberResult result, string context)
    {
        if (Arithmetic.TryEvaluate(text, new ArithmeticScope(shell), out var value, out var fault))
        {
            result.Value = value;
        }
        else
        {
            shell.Abort(context + fault, 1);
        }
    }

    private IEnumerable<Wait> AddParameter(ParameterExpansion parameter, FieldBuilder into, bool isQuoted)
    {
        var found = new SubjectResult();
        yield return Wait.Call(Find(parameter, found));
        if (shell.Flow != Flow.None || found.Value is not { } subject)
        {
            yield break;
        }

        switch (parameter.Form)
        {
            case ParameterForm.Bad:
                shell.Abort($"{parameter.Source}: bad substitution", 1);
                break;
            case ParameterForm.Default or ParameterForm.AssignDefault or ParameterForm.Fault or ParameterForm.Alternate:
                yield return Wait.Call(AddDefault(parameter, subject, into, isQuoted));
                break;
            case ParameterForm.Names:
                var names = shell.State.Variables.All.Select(entry => entry.Key).Where(name => name.StartsWith(parameter.Name, StringComparison.Ordinal));
                AddSubject(subject with { Items = [.. names], IsList = true, Key = "@" }, into, isQuoted);
                break;
            case ParameterForm.Keys:
                AddSubject(subject with { Items = [.. shell.State.Variables.Find(parameter.Name)?.Keys ?? []] }, into, isQuoted);
                break;
            case ParameterForm.Length when subject.IsList:
                AddText(subject.Items.Length.ToString(), into, isQuoted);
                break;
            default:
                if (!subject.IsSet && !subject.IsList && shell.State.Options.FaultsOnUnset)
                {
                    var shown = parameter.Subscript is { } subscript ? $"{parameter.Name}[{subscript.Source}]" : Shown(parameter.Name);
                    shell.Abort($"{shown}: unbound variable", shell.FatalStatus);
                    break;
                }

                yield return Wait.Call(AddTransformed(parameter, subject, into, isQuoted));
                break;
        }
    }

    private IEnumerable<Wait> Find(ParameterExpansion parameter, SubjectResult result)
    {
        string? key = null;
        if (parameter.Subscript is { } subscript)
        {
            var text = new TextResult();
            yield return Wait.Call(Text(subscript, text));
            key = text.Text;
        }

        if (shell.Flow != Flow.None)
        {
            yield break;
        }

        var name = parameter.Name;
        if (parameter.IsIndirect && parameter.Form is not (ParameterForm.Keys or ParameterForm.Names))
        {
            var target = shell.Parameter(name);
            if (target is null || !(ShellLexer.IsName(target) || target is "@" or "*" || int.TryParse(target, out _)))
            {
                shell.Abort(target is null ? $"{name}: invalid indirect expansion" : $"{target}: invalid variable name", 1);
                yield break;
            }

            name = target;
        }

        result.Value = Look(name, key);
    }

    private Subject Look(string name, string? key)
    {
        if (name is "@" or "*")
        {
            return new Subject(name, key, shell.State.Positional, IsList: true);
        }

        if (key is null)
        {
            return shell.Parameter(name) is { } value ? new Subject(name, null, [value], false) : new Subject(name, null, [], false);
        }

        var variable = shell.State.Variables.Find(name);
        if (key is "@" or "*")
        {
            return new Subject(name, key, [.. name == "PIPESTATUS" ? shell.State.PipeStatus.Select(s => s.ToString()) : variable?.Elements ?? []], true);
        }

        var element = new ArithmeticScope(shell).Read(name, key);
        return new Subject(name, key, element is null ? [] : [element], false);
    }

    private void AddSubject(Subject subject, FieldBuilder into, bool isQuoted)
    {
        if (!subject.IsList)
        {
            AddText(subject.Text, into, isQuoted);
            return;
        }

        if (isQuoted && subject.JoinsByIfs)
        {
            into.AddQuoted(string.Join(Ifs is [var first, ..] ? first.ToString() : "", subject.Items));
            return;
        }

        for (var i = 0; i < subject.Items.Length; i++)
        {
            if (i > 0)
            {
                into.NextField(keepsEmpty: isQuoted);
            }

            AddText(subject.Items[i], into, isQuoted);
        }
    }

    private IEnumerable<Wait> AddDefault(ParameterExpansion parameter, Subject subject, FieldBuilder into, bool isQuoted)
    {
        var isMissing = !subject.IsSet || (parameter.EmptyCounts && subject.Text.Length == 0);
        if (isMissing == (parameter.Form == ParameterForm.Alternate))
        {
            if (!isMissing || parameter.Form != ParameterForm.Alternate)
            {
                AddSubject(subject, into, isQuoted);
            }

            yield break;
        }

        var operand = parameter.Operand!;
        if (parameter.Form is ParameterForm.Default or ParameterForm.Alternate)
        {
            yield return Wait.Call(AddAll(Tilded(operand, isQuoted).Parts, into, isQuoted, splitsLiterals: !isQuoted));
            yield break;
        }

        var text = new TextResult();
        yield return Wait.Call(Text(operand, text));
        if (shell.Flow != Flow.None)
        {
            yield break;
        }

        if (parameter.Form == ParameterForm.Fault)
        {
            var reason = text.Text.Length > 0 ? text.Text : parameter.EmptyCounts ? "parameter null or not set" : "parameter not set";
            shell.Abort($"{parameter.Name}: {reason}", shell.FatalStatus);
        }
        else if (!ShellLexer.IsName(subject.Name))
        {
            shell.Abort($"${subject.Name}: cannot assign in this way", 1);
        }
        else if (shell.Assign(subject.Name, subject.Key, text.Text, appends: false))
        {
            AddText(text.Text, into, isQuoted);
        }
    }

    private Word Tilded(Word word, bool isQuoted) =>
        !isQuoted && word.Parts is [LiteralText { Text: ['~', ..] } first, ..] && Home(first.Text[1..].Split('/')[0]) is { } home
            ? word with { Parts = [new QuotedText(home), new LiteralText(first.Text[(1 + first.Text[1..].Split('/')[0].Length)..]), .. word.Parts[1..]] }
            : word;

    private IEnumerable<Wait> AddTransformed(ParameterExpansion parameter, Subject subject, FieldBuilder into, bool isQuoted)
    {
        if (parameter.Form == ParameterForm.Substring)
        {
            var (offset, length) = (new NumberResult(), new NumberResult());
            yield return Wait.Call(Number(parameter.Operand!, offset));
            if (parameter.SecondOperand is not null && shell.Flow == Flow.None)
            {
                yield return Wait.Call(Number(parameter.SecondOperand, length));
            }

            if (shell.Flow == Flow.None && Slice(subject, offset.Value, parameter.SecondOperand is null ? null : length.Value) is { } slice)
            {
                AddSubject(slice, into, isQuoted);
            }

            yield break;
        }

        var (pattern, replacement) = (new TextResult(), new TextResult());
        if (parameter.Operand is { } operand)
        {
            yield return Wait.Call(Pattern(operand, pattern));
        }

        if (parameter.SecondOperand is { } second && shell.Flow == Flow.None)
        {
            yield return Wait.Call(Text(second, replacement));
        }

        if (shell.Flow == Flow.None)
        {
            var items = subject.Items.Select(item => TextForms.Apply(parameter.Form, item, pattern.Text, replacement.Text));
            var isUnset = !subject.IsSet && !subject.IsList;
            AddSubject(isUnset && parameter.Form == ParameterForm.Length ? subject with { Items = ["0"] } : subject with { Items = [.. items] }, into, isQuoted);
        }
    }

    private Subject? Slice(Subject subject, long offset, long? length)
    {
        if (subject.IsList)
        {
            ImmutableArray<string> all = subject.Name is "@" or "*" ? [shell.State.Name, .. subject.Items] : subject.Items;
            if (length < 0)
            {
                shell.Abort($"{length}: substring expression < 0", 1);
                return null;
            }

            var (from, to) = TextForms.Range(all.Length, offset, length);
            return subject with { Items = all[from..to] };
        }

        var text = subject.Text;
        var (start, end) = TextForms.Range(text.Length, offset, length);
        if (end < start)
        {
            shell.Abort($"{length}: substring expression < 0", 1);
            return null;
        }

        return subject with { Items = [text[start..end]] };
    }
}
