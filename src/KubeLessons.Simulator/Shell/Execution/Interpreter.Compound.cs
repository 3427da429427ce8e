using KubeLessons.Simulator.Shell.Expansion;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Execution;

internal sealed partial class Interpreter
{
    private IEnumerable<Wait> RunCommand(CommandNode node)
    {
        if (node is SimpleCommand simple)
        {
            return RunSimple(simple, becomesIt: false);
        }

        return node.Redirects.IsEmpty ? RunCompound(node) : RunRedirected(node);
    }

    private IEnumerable<Wait> RunRedirected(CommandNode node)
    {
        var before = Io;
        var opened = new OpenedFiles();
        yield return Wait.Call(Redirect(node.Redirects, opened));
        if (opened.Failed || Flow != Flow.None)
        {
            Io = before;
            State.Status = opened.Failed ? 1 : State.Status;
            yield break;
        }

        yield return Wait.Call(RunCompound(node));
        opened.Flush();
        Io = before;
    }

    private IEnumerable<Wait> RunCompound(CommandNode node)
    {
        switch (node)
        {
            case Group group:
                return RunList(group.Body);
            case Subshell subshell:
                return RunSubshell(subshell);
            case IfCommand conditional:
                return RunIf(conditional);
            case LoopCommand loop:
                return RunLoop(loop);
            case ForCommand loop:
                return RunFor(loop);
            case ArithmeticForCommand loop:
                return RunArithmeticFor(loop);
            case CaseCommand choice:
                return RunCase(choice);
            case ArithmeticCommand arithmetic:
                return RunArithmetic(arithmetic);
            case ConditionalCommand test:
                return RunConditional(test);
            default:
                return Define((FunctionDefinition)node);
        }
    }

    private IEnumerable<Wait> Define(FunctionDefinition function)
    {
        yield return Wait.For(CommandCost);
        State.Functions = State.Functions.SetItem(function.Name, function);
        State.Status = 0;
    }

    private IEnumerable<Wait> RunSubshell(Subshell subshell)
    {
        yield return Wait.For(CommandCost);
        if (Fork(subshell with { Redirects = [] }, Io) is { } process)
        {
            yield return Wait.Call(WaitFor([process]));
            State.Status = Flow == Flow.None ? process.ExitCode : State.Status;
        }
    }

    private IEnumerable<Wait> RunIf(IfCommand conditional)
    {
        foreach (var branch in conditional.Branches)
        {
            yield return Wait.Call(RunCondition(branch.Condition));
            if (Flow != Flow.None)
            {
                yield break;
            }

            if (State.Status == 0)
            {
                yield return Wait.Call(RunList(branch.Body));
                yield break;
            }
        }

        State.Status = 0;
        if (conditional.Else is { } otherwise)
        {
            yield return Wait.Call(RunList(otherwise));
        }
    }

    private IEnumerable<Wait> RunLoop(LoopCommand loop)
    {
        var status = 0;
        State.LoopDepth++;
        while (true)
        {
            yield return Wait.Call(RunCondition(loop.Condition));
            if (EndsLoop() || (State.Status == 0) == loop.IsUntil)
            {
                break;
            }

            yield return Wait.Call(RunList(loop.Body));
            status = State.Status;
            if (EndsLoop())
            {
                break;
            }
        }

        State.LoopDepth--;
        State.Status = Flow is Flow.None or Flow.Break or Flow.Continue ? status : State.Status;
    }

    private IEnumerable<Wait> RunFor(ForCommand loop)
    {
        if (!ShellLexer.IsName(loop.Variable))
        {
            Complain($"`{loop.Variable}': not a valid identifier");
            State.Status = 1;
            yield return Wait.For(CommandCost);
            yield break;
        }

        var values = new List<string>();
        if (loop.Words.IsDefault)
        {
            values.AddRange(State.Positional);
        }
        else
        {
            yield return Wait.Call(Expander.Fields(loop.Words, values));
        }

        if (Flow != Flow.None)
        {
            yield break;
        }

        State.Status = 0;
        State.LoopDepth++;
        foreach (var value in values)
        {
            Line = loop.At.Line;
            if (!Assign(loop.Variable, null, value, appends: false))
            {
                break;
            }

            Trace(() => $"for {loop.Variable} in {string.Join(' ', values)}");
            yield return Wait.Call(RunList(loop.Body));
            if (EndsLoop())
            {
                break;
            }
        }

        State.LoopDepth--;
    }

    private IEnumerable<Wait> RunArithmeticFor(ArithmeticForCommand loop)
    {
        var number = new NumberResult();
        var status = 0;
        if (loop.Start is { } start)
        {
            yield return Wait.Call(Expander.Number(start, number, "((: "));
        }

        State.LoopDepth++;
        while (Flow == Flow.None)
        {
            number.Value = 1;
            if (loop.Condition is { } condition)
            {
                yield return Wait.Call(Expander.Number(condition, number, "((: "));
            }

            if (number.Value == 0 || Flow != Flow.None)
            {
                break;
            }

            yield return Wait.Call(RunList(loop.Body));
            status = State.Status;
            if (EndsLoop())
            {
                break;
            }

            if (loop.Step is { } step)
            {
                yield return Wait.Call(Expander.Number(step, number, "((: "));
            }
        }

        State.LoopDepth--;
        State.Status = Flow == Flow.None ? status : State.Status;
    }

    // Takes a break or continue that concerns this loop. True: the loop is over.
    private bool EndsLoop()
    {
        if (Flow is not (Flow.Break or Flow.Continue))
        {
            return Flow != Flow.None;
        }

        if (--FlowCount > 0)
        {
            return true;
        }

        var isOver = Flow == Flow.Break;
        Flow = Flow.None;
        return isOver;
    }

    private IEnumerable<Wait> RunCase(CaseCommand choice)
    {
        Line = choice.At.Line;
        yield return Wait.For(CommandCost);
        var subject = new TextResult();
        yield return Wait.Call(Expander.Text(choice.Subject, subject));
        Trace(() => $"case {Quoting.Single(subject.Text)} in");
        State.Status = Flow == Flow.None ? 0 : State.Status;
        var fallsThrough = false;
        foreach (var item in choice.Items)
        {
            var matched = new MatchResult { IsMatch = fallsThrough };
            if (!fallsThrough)
            {
                yield return Wait.Call(MatchCase(item, subject.Text, matched));
            }

            if (Flow != Flow.None)
            {
                yield break;
            }

            if (!matched.IsMatch)
            {
                continue;
            }

            if (item.Body is { } body)
            {
                yield return Wait.Call(RunList(body));
            }

            fallsThrough = item.End == CaseEnd.FallThrough;
            if (item.End == CaseEnd.Break || Flow != Flow.None)
            {
                yield break;
            }
        }
    }

    private IEnumerable<Wait> MatchCase(CaseItem item, string subject, MatchResult result)
    {
        foreach (var word in item.Patterns)
        {
            var pattern = new TextResult();
            yield return Wait.Call(Expander.Pattern(word, pattern));
            if (Flow != Flow.None)
            {
                yield break;
            }

            if (GlobPattern.Parse(pattern.Text, State.Options.NoCaseMatch).IsMatch(subject))
            {
                result.IsMatch = true;
                yield break;
            }
        }
    }

    private IEnumerable<Wait> RunArithmetic(ArithmeticCommand command)
    {
        Line = command.At.Line;
        yield return Wait.For(CommandCost);
        Trace(() => $"(( {command.Expression.Source} ))");
        var number = new NumberResult();
        yield return Wait.Call(Expander.Number(command.Expression, number, "((: "));
        if (Flow == Flow.None)
        {
            State.Status = number.Value != 0 ? 0 : 1;
        }
        else if (Flow == Flow.Abort)
        {
            // A faulty (( )) is a command that failed; it does not end the script.
            Flow = Flow.None;
        }
    }

    private sealed class MatchResult
    {
        public bool IsMatch { get; set; }
    }
}
