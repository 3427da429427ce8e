using System.Text;

namespace KubeLessons.Simulator.Shell.Commands.Awk;

internal sealed partial class AwkMachine
{
    // What needs no routine.
    private bool TryEvaluate(AwkExpression expression, AwkResult result)
    {
        switch (expression)
        {
            case AwkConstant constant:
                result.Value = constant.Value;
                return true;
            case AwkVariable variable:
                result.Value = Get(variable.Name);
                return true;
            case AwkField { Number: AwkConstant number }:
                result.Value = Field(number.Value.Number);
                return true;
            case AwkRegex regex:
                result.Value = AwkValue.Of(Regex(regex.Pattern) is { } compiled && PosixRegex.MatchAt(compiled, _record.Text, 0).Success);
                return true;
            default:
                return false;
        }
    }

    private IEnumerable<Wait> Evaluate(AwkExpression expression, AwkResult result)
    {
        if (TryEvaluate(expression, result) || _flow != AwkFlow.None)
        {
            return [];
        }

        return expression switch
        {
            AwkGroup group => Evaluate(group.Inner, result),
            AwkField field => EvaluateField(field, result),
            AwkElement element => EvaluateElement(element, result),
            AwkAssignment assignment => Assign(assignment, result),
            AwkStep step => Step(step, result),
            AwkConditional conditional => Choose(conditional, result),
            AwkLogical logical => Decide(logical, result),
            AwkUnary unary => EvaluateUnary(unary, result),
            AwkBinary binary => EvaluateBinary(binary, result),
            AwkIn membership => EvaluateIn(membership, result),
            AwkCall call => Call(call, result),
            AwkGetline getline => Getline(getline, result),
            AwkList list => EvaluateList(list, result),
            _ => [],
        };
    }

    private AwkValue Field(double number)
    {
        if (number is < 0 or > AwkRecord.MaxFields)
        {
            Fault($"cmd. line:1: fatal: attempt to access field {number}");
            return AwkValue.Unset;
        }

        return _record.Get((int)number);
    }

    private IEnumerable<Wait> EvaluateField(AwkField field, AwkResult result)
    {
        yield return Wait.Call(Evaluate(field.Number, result));
        result.Value = Field(result.Value.Number);
    }

    private IEnumerable<Wait> EvaluateElement(AwkElement element, AwkResult result)
    {
        var key = new StringBuilder();
        yield return Wait.Call(Key(element.Key, key));
        result.Value = Element(element.Array, key.ToString());
    }

    // Looking at an element makes it.
    private AwkValue Element(string array, string key)
    {
        var elements = Array(array);
        if (!elements.TryGetValue(key, out var value) && elements.Count < MaxElements)
        {
            elements[key] = value;
        }

        return value;
    }

    private IEnumerable<Wait> EvaluateList(AwkList list, AwkResult result)
    {
        var key = new StringBuilder();
        yield return Wait.Call(Key(list.Items, key));
        result.Value = AwkValue.Of(key.ToString());
    }

    private IEnumerable<Wait> Assign(AwkAssignment assignment, AwkResult result)
    {
        yield return Wait.Call(Evaluate(assignment.Value, result));
        var value = result.Value;
        var place = new Place();
        yield return Wait.Call(Locate(assignment.Target, place));
        if (_flow != AwkFlow.None)
        {
            yield break;
        }

        if (assignment.Operator.Length > 0)
        {
            value = AwkValue.Of(Calculate(assignment.Operator, Read(place).Number, value.Number));
        }

        Write(place, value);
        result.Value = value;
    }

    private IEnumerable<Wait> Step(AwkStep step, AwkResult result)
    {
        var place = new Place();
        yield return Wait.Call(Locate(step.Target, place));
        if (_flow == AwkFlow.None)
        {
            var before = Read(place).Number;
            Write(place, AwkValue.Of(before + step.By));
            result.Value = AwkValue.Of(step.IsPrefix ? before + step.By : before);
        }
    }

    // What an assignment goes to.
    private sealed class Place
    {
        public string? Variable { get; set; }

        public string? Array { get; set; }

        public string Key { get; set; } = "";

        public int Field { get; set; }
    }

    private IEnumerable<Wait> Locate(AwkExpression target, Place place)
    {
        switch (target)
        {
            case AwkVariable variable:
                place.Variable = variable.Name;
                break;
            case AwkElement element:
                var key = new StringBuilder();
                yield return Wait.Call(Key(element.Key, key));
                (place.Array, place.Key) = (element.Array, key.ToString());
                break;
            case AwkField field:
                var number = new AwkResult();
                yield return Wait.Call(Evaluate(field.Number, number));
                if (number.Value.Number is < 0 or > AwkRecord.MaxFields)
                {
                    Fault($"cmd. line:1: fatal: attempt to access field {number.Value.ToText()}");
                }
                else
                {
                    place.Field = (int)number.Value.Number;
                }

                break;
            case AwkGroup group:
                yield return Wait.Call(Locate(group.Inner, place));
                break;
            default:
                Fault("cmd. line:1: fatal: assignment to what is no variable");
                break;
        }
    }

    private AwkValue Read(Place place) =>
        place.Variable is { } variable ? Get(variable) : place.Array is { } array ? Element(array, place.Key) : _record.Get(place.Field);

    private void Write(Place place, AwkValue value)
    {
        if (place.Variable is { } variable)
        {
            Set(variable, value);
        }
        else if (place.Array is not { } array)
        {
            _record.Set(place.Field, value);
        }
        else if (Array(array).Count < MaxElements || Array(array).ContainsKey(place.Key))
        {
            Array(array)[place.Key] = value;
        }
        else
        {
            Fault($"cmd. line:1: fatal: {array} has more than {MaxElements} elements");
        }
    }

    private IEnumerable<Wait> Choose(AwkConditional conditional, AwkResult result)
    {
        yield return Wait.Call(Evaluate(conditional.Condition, result));
        yield return Wait.Call(Evaluate(result.Value.IsTrue ? conditional.Then : conditional.Else, result));
    }

    private IEnumerable<Wait> Decide(AwkLogical logical, AwkResult result)
    {
        yield return Wait.Call(Evaluate(logical.Left, result));
        if (result.Value.IsTrue == logical.IsAnd)
        {
            yield return Wait.Call(Evaluate(logical.Right, result));
        }

        result.Value = AwkValue.Of(result.Value.IsTrue);
    }

    private IEnumerable<Wait> EvaluateUnary(AwkUnary unary, AwkResult result)
    {
        yield return Wait.Call(Evaluate(unary.Operand, result));
        result.Value = unary.Operator switch
        {
            '!' => AwkValue.Of(!result.Value.IsTrue),
            '-' => AwkValue.Of(-result.Value.Number),
            _ => AwkValue.Of(result.Value.Number),
        };
    }

    private IEnumerable<Wait> EvaluateBinary(AwkBinary binary, AwkResult result)
    {
        yield return Wait.Call(Evaluate(binary.Left, result));
        var left = result.Value;
        if (binary.Operator is "~" or "!~")
        {
            var pattern = binary.Right is AwkRegex regex ? regex.Pattern : null;
            if (pattern is null)
            {
                yield return Wait.Call(Evaluate(binary.Right, result));
                pattern = Text(result.Value);
            }

            var matches = Regex(pattern) is { } compiled && PosixRegex.MatchAt(compiled, Text(left), 0).Success;
            result.Value = AwkValue.Of(matches == (binary.Operator == "~"));
            yield break;
        }

        if (!TryEvaluate(binary.Right, result))
        {
            yield return Wait.Call(Evaluate(binary.Right, result));
        }

        if (_flow == AwkFlow.None)
        {
            result.Value = Combine(binary.Operator, left, result.Value);
        }
    }

    private AwkValue Combine(string symbol, AwkValue left, AwkValue right)
    {
        switch (symbol)
        {
            case " ":
                var text = Text(left) + Text(right);
                if (text.Length > MaxLength)
                {
                    Fault($"cmd. line:1: fatal: a text of more than {MaxLength} characters");
                }

                return AwkValue.Of(text);
            case "<" or "<=" or "==" or "!=" or ">=" or ">":
                var order = AwkValue.Compare(left, right, Get("CONVFMT").ToText());
                return AwkValue.Of(symbol switch
                {
                    "<" => order < 0,
                    "<=" => order <= 0,
                    "==" => order == 0,
                    "!=" => order != 0,
                    ">=" => order >= 0,
                    _ => order > 0,
                });
            default:
                return AwkValue.Of(Calculate(symbol, left.Number, right.Number));
        }
    }

    private double Calculate(string symbol, double left, double right)
    {
        if (symbol is "/" or "%" && right == 0)
        {
            Fault($"cmd. line:1: fatal: division by zero attempted{(symbol == "%" ? " in `%'" : "")}");
            return 0;
        }

        return symbol switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => left / right,
            "%" => left % right,
            _ => Math.Pow(left, right),
        };
    }

    private IEnumerable<Wait> EvaluateIn(AwkIn membership, AwkResult result)
    {
        var key = new StringBuilder();
        yield return Wait.Call(Key(membership.Key, key));
        result.Value = AwkValue.Of(Array(membership.Array).ContainsKey(key.ToString()));
    }

    // 1: a record was read, 0: the end was reached, -1: it cannot be read.
    private IEnumerable<Wait> Getline(AwkGetline getline, AwkResult result)
    {
        var read = new ReadResult();
        var source = new AwkResult();
        if ((getline.File ?? getline.Command) is { } expression)
        {
            yield return Wait.Call(Evaluate(expression, source));
        }

        if (_flow != AwkFlow.None)
        {
            yield break;
        }

        var separator = Get("RS").ToText();
        yield return Wait.Call(getline.Command is not null ? _streams.ReadCommand(Text(source.Value), read)
            : getline.File is not null ? _streams.ReadFile(Text(source.Value), read)
            : _streams.ReadRecord(separator, read));
        result.Value = AwkValue.Of(read.Text is not null ? 1 : read.Failed ? -1 : 0);
        if (read.Text is not { } text)
        {
            yield break;
        }

        if (getline.File is null && getline.Command is null)
        {
            Count(read);
        }

        if (getline.Target is not { } target)
        {
            _record.SetText(text);
            yield break;
        }

        var place = new Place();
        yield return Wait.Call(Locate(target, place));
        Write(place, AwkValue.FromInput(text));
    }
}
