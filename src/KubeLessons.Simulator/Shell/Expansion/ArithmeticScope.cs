using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Expansion;

/// <summary>The variables of a shell as its arithmetic sees them.</summary>
internal sealed class ArithmeticScope(Interpreter shell) : IArithmeticVariables
{
    private int _depth;

    public string? Read(string name, string? subscript)
    {
        if (subscript is null)
        {
            return shell.Parameter(name);
        }

        if (name == "PIPESTATUS")
        {
            return int.TryParse(subscript, out var at) && at >= 0 && at < shell.State.PipeStatus.Length ? shell.State.PipeStatus[at].ToString() : null;
        }

        var variable = shell.State.Variables.Find(name);
        return variable?.Keyed is { } keyed ? keyed.GetValueOrDefault(subscript)
            : Index(variable, subscript) is not { } index ? null
            : variable?.Indexed is { } indexed ? indexed.GetValueOrDefault(index)
            : index == 0 ? variable?.Value : null;
    }

    public string? Write(string name, string? subscript, long value) =>
        shell.Assign(name, subscript, value.ToString(), appends: false) ? null : $"{name}: cannot assign";

    /// <summary>The element that a subscript names; from the end when it is negative; null when it is no number.</summary>
    public long? Index(ShellVariable? variable, string subscript)
    {
        if (++_depth > 20)
        {
            return null;
        }

        var evaluated = Arithmetic.TryEvaluate(subscript, this, out var index, out _);
        _depth--;
        if (!evaluated)
        {
            return null;
        }

        var last = variable?.Indexed is { Count: > 0 } indexed ? indexed.Keys.Last() : 0;
        return index < 0 ? last + 1 + index : index;
    }
}
