using System.Collections.Immutable;
using System.Text.RegularExpressions;
using KubeLessons.Simulator.Shell.Builtins;
using KubeLessons.Simulator.Shell.Commands;
using KubeLessons.Simulator.Shell.Expansion;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Execution;

internal sealed partial class Interpreter
{
    private bool _isConditionFault;

    private IEnumerable<Wait> RunConditional(ConditionalCommand command)
    {
        Line = command.At.Line;
        yield return Wait.For(CommandCost);
        var result = new MatchResult();
        _isConditionFault = false;
        yield return Wait.Call(Evaluate(command.Condition, result));
        if (Flow == Flow.None)
        {
            State.Status = result.IsMatch ? 0 : 1;
        }
        else if (Flow == Flow.Abort && _isConditionFault)
        {
            // A fault of the condition itself is a command that failed; it does not end the script.
            Flow = Flow.None;
        }
    }

    private IEnumerable<Wait> Evaluate(Condition condition, MatchResult result)
    {
        switch (condition)
        {
            case NotCondition not:
                yield return Wait.Call(Evaluate(not.Inner, result));
                result.IsMatch = !result.IsMatch;
                break;
            case AndCondition and:
                yield return Wait.Call(Evaluate(and.Left, result));
                if (result.IsMatch && Flow == Flow.None)
                {
                    yield return Wait.Call(Evaluate(and.Right, result));
                }

                break;
            case OrCondition or:
                yield return Wait.Call(Evaluate(or.Left, result));
                if (!result.IsMatch && Flow == Flow.None)
                {
                    yield return Wait.Call(Evaluate(or.Right, result));
                }

                break;
            case UnaryCondition unary:
                var operand = new TextResult();
                yield return Wait.Call(Expander.Text(unary.Operand, operand));
                Trace(() => $"[[ {unary.Operator} {Quoting.Single(operand.Text)} ]]");
                result.IsMatch = new TestExpression(Self, IsSet).Unary(unary.Operator, operand.Text) ?? false;
                break;
            case BinaryCondition binary:
                yield return Wait.Call(Compare(binary, result));
                break;
        }
    }

    private IEnumerable<Wait> Compare(BinaryCondition binary, MatchResult result)
    {
        var (left, right) = (new TextResult(), new TextResult());
        yield return Wait.Call(Expander.Text(binary.Left, left));
        if (Flow != Flow.None)
        {
            yield break;
        }

        switch (binary.Operator)
        {
            case "=" or "==" or "!=":
                yield return Wait.Call(Expander.Pattern(binary.Right, right));
                var isMatch = GlobPattern.Parse(right.Text, State.Options.NoCaseMatch).IsMatch(left.Text);
                result.IsMatch = isMatch == (binary.Operator != "!=");
                break;
            case "=~":
                yield return Wait.Call(Expander.Regex(binary.Right, right));
                result.IsMatch = Flow == Flow.None && MatchRegex(left.Text, right.Text);
                break;
            case "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge":
                var (a, b) = (new NumberResult(), new NumberResult());
                yield return Wait.Call(Expander.Number(binary.Left, a, "[[: "));
                if (Flow == Flow.None)
                {
                    yield return Wait.Call(Expander.Number(binary.Right, b, "[[: "));
                }

                _isConditionFault = Flow == Flow.Abort;
                result.IsMatch = Flow == Flow.None && TestExpression.Compare(binary.Operator, a.Value, b.Value);
                break;
            default:
                yield return Wait.Call(Expander.Text(binary.Right, right));
                result.IsMatch = new TestExpression(Self, IsSet).Binary(left.Text, binary.Operator, right.Text) ?? false;
                break;
        }

        Trace(() => $"[[ {Quoting.Single(left.Text)} {binary.Operator} {right.Text} ]]");
    }

    // The groups go to BASH_REMATCH; a regex that cannot be read is status 2.
    private bool MatchRegex(string text, string pattern)
    {
        if (PosixRegex.Compile(pattern, extended: true, ignoresCase: State.Options.NoCaseMatch) is not { } regex)
        {
            State.Status = 2;
            Flow = Flow.Abort;
            _isConditionFault = true;
            return false;
        }

        var match = regex.Match(text);
        var groups = ImmutableSortedDictionary<long, string>.Empty;
        if (match.Success)
        {
            groups = groups.AddRange(match.Groups.Values.Select((group, i) => KeyValuePair.Create((long)i, group.Value)));
        }

        State.Variables.Put("BASH_REMATCH", new ShellVariable((string?)null) { Indexed = groups });
        return match.Success;
    }

    private bool IsSet(string name) => Parameter(name) is not null;
}
