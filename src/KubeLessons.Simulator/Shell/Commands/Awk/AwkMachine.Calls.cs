using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace KubeLessons.Simulator.Shell.Commands.Awk;

internal sealed partial class AwkMachine
{
    private IEnumerable<Wait> Call(AwkCall call, AwkResult result)
    {
        if (_script.Functions.TryGetValue(call.Function, out var function))
        {
            return CallFunction(function, call.Arguments, result);
        }

        return call.Function switch
        {
            "sub" or "gsub" => Substitute(call, result),
            "split" => Split(call, result),
            "length" when call.Arguments is [AwkVariable variable] && IsArray(variable.Name) => CountElements(variable.Name, result),
            "system" => RunCommand(call, result),
            "close" => Close(call, result),
            _ => CallBuiltin(call, result),
        };
    }

    private bool IsArray(string name) => (_frame is { } frame && frame.Names.Contains(name) ? frame.Arrays : _arrays).ContainsKey(name);

    private IEnumerable<Wait> CountElements(string array, AwkResult result)
    {
        result.Value = AwkValue.Of(Array(array).Count);
        return [];
    }

    private IEnumerable<Wait> CallFunction(AwkFunction function, ImmutableArray<AwkExpression> arguments, AwkResult result)
    {
        if (++_depth > MaxDepth || arguments.Length > function.Parameters.Length)
        {
            Fault(_depth > MaxDepth ? $"cmd. line:1: fatal: function {function.Name} calls itself more than {MaxDepth} deep"
                : $"cmd. line:1: fatal: function `{function.Name}' called with more arguments than declared");
            _depth--;
            yield break;
        }

        var frame = new Frame { Names = [.. function.Parameters] };
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = new AwkResult();
            if (arguments[i] is AwkVariable variable && (IsArray(variable.Name) || Get(variable.Name) is { IsNumber: false, IsText: false }))
            {
                // An array, or what may become one: both names stand for the same.
                frame.Arrays[function.Parameters[i]] = Array(variable.Name);
            }
            else
            {
                yield return Wait.Call(Evaluate(arguments[i], value));
                frame.Values[function.Parameters[i]] = value.Value;
            }
        }

        var caller = _frame;
        _frame = frame;
        _returned = AwkValue.Unset;
        yield return Wait.Call(Execute(function.Body));
        _frame = caller;
        _depth--;
        _flow = _flow == AwkFlow.Return ? AwkFlow.None : _flow;
        result.Value = _returned;
        _returned = AwkValue.Unset;
    }

    private IEnumerable<Wait> CallBuiltin(AwkCall call, AwkResult result)
    {
        var values = new List<AwkValue>();
        yield return Wait.Call(EvaluateAll(call.Function == "match" && call.Arguments.Length > 1 ? [call.Arguments[0]] : call.Arguments, values));
        if (_flow != AwkFlow.None)
        {
            yield break;
        }

        if (call.Function == "match" && call.Arguments.Length > 1)
        {
            var pattern = new AwkResult();
            yield return Wait.Call(Pattern(call.Arguments[1], pattern));
            Match(Text(values[0]), Text(pattern.Value), call.Arguments.Length > 2 && call.Arguments[2] is AwkVariable groups ? groups.Name : null, result);
            yield break;
        }

        if (AwkBuiltins.Call(call.Function, values, Text, _command.World) is { } value)
        {
            result.Value = value;
            yield break;
        }

        switch (call.Function)
        {
            case "length":
                result.Value = AwkValue.Of(_record.Text.Length);
                break;
            case "rand":
                result.Value = AwkValue.Of(_random.NextDouble());
                break;
            case "srand":
                result.Value = AwkValue.Of(_seed);
                _seed = values.Count > 0 ? values[0].Number : _command.World.UtcNow.ToUnixTimeSeconds();
                _random = new SeededRandom((ulong)BitConverter.DoubleToInt64Bits(_seed));
                break;
            case "fflush":
                result.Value = AwkValue.Of(0);
                break;
            default:
                Fault($"cmd. line:1: fatal: function `{call.Function}' not defined");
                break;
        }
    }

    // A regular expression stands for itself where a pattern is wanted; anything else is evaluated.
    private IEnumerable<Wait> Pattern(AwkExpression expression, AwkResult result)
    {
        if (expression is AwkRegex regex)
        {
            result.Value = AwkValue.Of(regex.Pattern);
            return [];
        }

        return Evaluate(expression, result);
    }

    private void Match(string text, string pattern, string? groups, AwkResult result)
    {
        var match = Regex(pattern) is { } regex ? PosixRegex.MatchAt(regex, text, 0) : System.Text.RegularExpressions.Match.Empty;
        Set("RSTART", AwkValue.Of(match.Success ? match.Index + 1 : 0));
        Set("RLENGTH", AwkValue.Of(match.Success ? match.Length : -1));
        result.Value = Get("RSTART");
        if (groups is null)
        {
            return;
        }

        Array(groups).Clear();
        for (var i = 0; match.Success && i < match.Groups.Count; i++)
        {
            Array(groups)[i.ToString()] = AwkValue.FromInput(match.Groups[i].Value);
        }
    }

    private IEnumerable<Wait> Substitute(AwkCall call, AwkResult result)
    {
        if (call.Arguments.Length is not (2 or 3))
        {
            Fault($"cmd. line:1: fatal: {call.Function}: wrong number of arguments");
            yield break;
        }

        var (pattern, replacement) = (new AwkResult(), new AwkResult());
        yield return Wait.Call(Pattern(call.Arguments[0], pattern));
        yield return Wait.Call(Evaluate(call.Arguments[1], replacement));
        var place = new Place();
        yield return Wait.Call(Locate(call.Arguments.Length == 3 ? call.Arguments[2] : new AwkField(new AwkConstant(AwkValue.Of(0))), place));
        if (_flow != AwkFlow.None || Regex(Text(pattern.Value)) is not { } regex)
        {
            yield break;
        }

        var text = Text(Read(place));
        var replaced = Replace(regex, text, Text(replacement.Value), call.Function == "gsub", out var count);
        if (replaced.Length > MaxLength)
        {
            Fault($"cmd. line:1: fatal: a text of more than {MaxLength} characters");
        }
        else if (count > 0)
        {
            Write(place, AwkValue.Of(replaced));
        }

        result.Value = AwkValue.Of(count);
    }

    private static string Replace(Regex regex, string text, string replacement, bool all, out int count)
    {
        var result = new StringBuilder();
        var (at, copied) = (0, 0);
        count = 0;
        while (at <= text.Length && result.Length <= MaxLength && (all || count == 0) && PosixRegex.MatchAt(regex, text, at) is { Success: true } match)
        {
            var end = match.Index + match.Length;
            at = match.Length == 0 ? end + 1 : end;
            if (match.Length == 0 && count > 0 && match.Index == copied)
            {
                continue;
            }

            count++;
            result.Append(text, copied, match.Index - copied);
            copied = end;
            for (var i = 0; i < replacement.Length; i++)
            {
                if (replacement[i] == '\\' && i + 1 < replacement.Length && replacement[i + 1] is '&' or '\\')
                {
                    result.Append(replacement[++i]);
                }
                else if (replacement[i] == '&')
                {
                    result.Append(match.Value);
                }
                else
                {
                    result.Append(replacement[i]);
                }
            }
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }

    private IEnumerable<Wait> Split(AwkCall call, AwkResult result)
    {
        if (call.Arguments is not [var subject, AwkVariable array, ..])
        {
            Fault("cmd. line:1: fatal: split: second argument is not an array");
            yield break;
        }

        yield return Wait.Call(Evaluate(subject, result));
        var text = Text(result.Value);
        var separator = Get("FS");
        var isRegex = false;
        if (call.Arguments.Length > 2)
        {
            isRegex = call.Arguments[2] is AwkRegex;
            yield return Wait.Call(Pattern(call.Arguments[2], result));
            separator = result.Value;
        }

        // A pattern of one character is still a pattern when it stands between slashes.
        var by = Text(separator);
        by = isRegex && by.Length == 1 ? by == " " ? "[ ]" : "(" + by + ")" : by;
        var parts = AwkRecord.SplitText(text, by, Regex);
        var elements = Array(array.Name);
        elements.Clear();
        for (var i = 0; i < parts.Count && i < MaxElements; i++)
        {
            elements[(i + 1).ToString()] = AwkValue.FromInput(parts[i]);
        }

        result.Value = AwkValue.Of(parts.Count);
    }

    private IEnumerable<Wait> RunCommand(AwkCall call, AwkResult result)
    {
        var values = new List<AwkValue>();
        yield return Wait.Call(EvaluateAll(call.Arguments, values));
        if (values.Count == 1 && _flow == AwkFlow.None)
        {
            var status = new AwkResult();
            yield return Wait.Call(_streams.Run(Text(values[0]), status));
            result.Value = status.Value;
        }
    }

    private IEnumerable<Wait> Close(AwkCall call, AwkResult result)
    {
        var values = new List<AwkValue>();
        yield return Wait.Call(EvaluateAll(call.Arguments, values));
        if (values.Count > 0)
        {
            yield return Wait.Call(_streams.Close(Text(values[0])));
        }

        result.Value = AwkValue.Of(0);
    }
}
