using System.Collections.Immutable;
using System.Text;

namespace KubeLessons.Simulator.Shell.Commands.Awk;

internal sealed partial class AwkMachine
{
    private IEnumerable<Wait> Execute(AwkStatement statement)
    {
        switch (statement)
        {
            case AwkBlock block:
                return ExecuteBlock(block);
            case AwkEvaluation evaluation:
                return Evaluate(evaluation.Expression, new AwkResult());
            case AwkPrint print:
                return Print(print);
            case AwkIf conditional:
                return ExecuteIf(conditional);
            case AwkLoop loop:
                return ExecuteLoop(loop);
            case AwkForIn loop:
                return ExecuteForIn(loop);
            case AwkDelete delete:
                return Delete(delete);
            case AwkJump jump:
                return Jump(jump);
            default:
                return [];
        }
    }

    private IEnumerable<Wait> ExecuteBlock(AwkBlock block)
    {
        foreach (var statement in block.Statements)
        {
            if (_flow != AwkFlow.None)
            {
                yield break;
            }

            if (++_steps % StepsPerTurn == 0)
            {
                yield return Wait.For(CommandContext.PieceCost);
            }

            yield return Wait.Call(Execute(statement));
        }
    }

    private IEnumerable<Wait> ExecuteIf(AwkIf conditional)
    {
        var condition = new AwkResult();
        yield return Wait.Call(Evaluate(conditional.Condition, condition));
        if (_flow != AwkFlow.None)
        {
            yield break;
        }

        if (condition.Value.IsTrue)
        {
            yield return Wait.Call(Execute(conditional.Then));
        }
        else if (conditional.Else is { } otherwise)
        {
            yield return Wait.Call(Execute(otherwise));
        }
    }

    private IEnumerable<Wait> ExecuteLoop(AwkLoop loop)
    {
        if (loop.Start is { } start)
        {
            yield return Wait.Call(Execute(start));
        }

        var condition = new AwkResult();
        for (var isFirst = true; _flow == AwkFlow.None; isFirst = false)
        {
            if (++_steps % StepsPerTurn == 0)
            {
                yield return Wait.For(CommandContext.PieceCost);
            }

            if (loop.Condition is { } test && !(isFirst && loop.TestsLast))
            {
                yield return Wait.Call(Evaluate(test, condition));
                if (!condition.Value.IsTrue || _flow != AwkFlow.None)
                {
                    yield break;
                }
            }

            yield return Wait.Call(Execute(loop.Body));
            if (EndsLoop())
            {
                yield break;
            }

            if (loop.Step is { } step)
            {
                yield return Wait.Call(Execute(step));
            }
        }
    }

    private bool EndsLoop()
    {
        var isOver = _flow is not (AwkFlow.None or AwkFlow.Continue);
        _flow = _flow is AwkFlow.Continue or AwkFlow.Break ? AwkFlow.None : _flow;
        return isOver;
    }

    private IEnumerable<Wait> ExecuteForIn(AwkForIn loop)
    {
        // Numbers in their order, then texts: what gawk happens to do with small arrays.
        var keys = Array(loop.Array).Keys.OrderBy(key => long.TryParse(key, out var number) ? number : long.MaxValue)
            .ThenBy(key => key, StringComparer.Ordinal).ToList();
        foreach (var key in keys)
        {
            if (!Array(loop.Array).ContainsKey(key))
            {
                continue;
            }

            Set(loop.Variable, AwkValue.FromInput(key));
            yield return Wait.Call(Execute(loop.Body));
            if (EndsLoop())
            {
                yield break;
            }
        }
    }

    private IEnumerable<Wait> Delete(AwkDelete delete)
    {
        if (delete.Key.IsEmpty)
        {
            Array(delete.Array).Clear();
            yield break;
        }

        var key = new StringBuilder();
        yield return Wait.Call(Key(delete.Key, key));
        Array(delete.Array).Remove(key.ToString());
    }

    private IEnumerable<Wait> Jump(AwkJump jump)
    {
        var value = new AwkResult();
        if (jump.Value is { } expression)
        {
            yield return Wait.Call(Evaluate(expression, value));
            if (_flow != AwkFlow.None)
            {
                yield break;
            }
        }

        if (jump.Flow == AwkFlow.Exit && jump.Value is not null)
        {
            ExitCode = (int)((long)value.Value.Number & 0xFF);
        }

        (_returned, _flow) = (value.Value, jump.Flow);
    }

    private IEnumerable<Wait> Print(AwkPrint print)
    {
        var values = new List<AwkValue>();
        yield return Wait.Call(EvaluateAll(print.Arguments, values));
        var target = new AwkResult();
        if (print.Target is { } expression)
        {
            yield return Wait.Call(Evaluate(expression, target));
        }

        if (_flow != AwkFlow.None)
        {
            yield break;
        }

        string text;
        if (print.IsFormatted)
        {
            if (values.Count == 0)
            {
                Fault("cmd. line:1: fatal: printf: no arguments");
                yield break;
            }

            text = AwkFormat.Format(values[0].ToText(), values[1..]);
        }
        else
        {
            var format = Get("OFMT").ToText();
            text = (values.Count == 0 ? _record.Text : string.Join(Get("OFS").ToText(), values.Select(value => value.ToText(format)))) + Get("ORS").ToText();
        }

        if (print.Redirect.Length == 0)
        {
            _command.Write(text);
            if (!_command.CanWrite)
            {
                yield return Wait.Call(_command.Room());
            }
        }
        else if (_streams.Write(print.Redirect, Text(target.Value), text) is { } fault)
        {
            Fault("cmd. line:1: fatal: " + fault);
        }
    }

    private IEnumerable<Wait> EvaluateAll(ImmutableArray<AwkExpression> expressions, List<AwkValue> values)
    {
        foreach (var expression in expressions)
        {
            var result = new AwkResult();
            if (!TryEvaluate(expression, result))
            {
                yield return Wait.Call(Evaluate(expression, result));
            }

            values.Add(result.Value);
            if (_flow != AwkFlow.None)
            {
                yield break;
            }
        }
    }

    private IEnumerable<Wait> Key(ImmutableArray<AwkExpression> expressions, StringBuilder key)
    {
        var values = new List<AwkValue>();
        yield return Wait.Call(EvaluateAll(expressions, values));
        key.Append(string.Join(Get("SUBSEP").ToText(), values.Select(Text)));
    }
}
