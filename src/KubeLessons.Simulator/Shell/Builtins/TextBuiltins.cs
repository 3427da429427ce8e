using KubeLessons.Simulator.Shell.Commands;
using KubeLessons.Simulator.Shell.Expansion;

namespace KubeLessons.Simulator.Shell.Builtins;

/// <summary>The builtins that write or judge texts; the programs of the same names share their code.</summary>
internal static class TextBuiltins
{
    public static void Echo(BuiltinCall call)
    {
        call.Write(EchoText.Of(call.Arguments.AsSpan()));
        if (!call.Shell.Io.Descriptors.ContainsKey(1))
        {
            call.Fail("write error: Bad file descriptor");
        }
    }

    public static void Printf(BuiltinCall call)
    {
        var arguments = call.Arguments;
        string? variable = null;
        if (arguments is ["-v", var name, ..])
        {
            (variable, arguments) = (name, arguments[2..]);
        }

        if (arguments is ["--", ..])
        {
            arguments = arguments[1..];
        }

        if (arguments.IsEmpty)
        {
            call.FailUsage();
            return;
        }

        var printed = PrintfText.Of(arguments[0], arguments.AsSpan()[1..], call.Shell.World);
        if (variable is null)
        {
            call.Write(printed.Text);
        }
        else if (!call.Shell.Assign(variable, null, printed.Text, appends: false))
        {
            return;
        }

        foreach (var fault in printed.Faults)
        {
            call.Fail(fault);
        }
    }

    public static void Test(BuiltinCall call)
    {
        var arguments = call.Arguments;
        if (call.Name == "[")
        {
            if (arguments is not [.., "]"])
            {
                call.Fail("missing `]'", 2);
                return;
            }

            arguments = arguments[..^1];
        }

        var test = new TestExpression(call.Shell.Self, name => call.Shell.Parameter(name) is not null);
        var result = test.Evaluate(arguments);
        if (test.Fault is { } fault)
        {
            call.Fail(fault, 2);
        }
        else
        {
            call.Status = result ? 0 : 1;
        }
    }

    public static void Let(BuiltinCall call)
    {
        if (call.Arguments.IsEmpty)
        {
            call.Fail("expression expected");
            return;
        }

        foreach (var expression in call.Arguments)
        {
            if (!Arithmetic.TryEvaluate(expression, new ArithmeticScope(call.Shell), out var value, out var fault))
            {
                call.Fail(fault!);
                return;
            }

            call.Status = value != 0 ? 0 : 1;
        }
    }
}
