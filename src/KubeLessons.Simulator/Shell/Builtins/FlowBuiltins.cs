using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Builtins;

/// <summary>The builtins that decide what runs next.</summary>
internal static class FlowBuiltins
{
    public static void Exit(BuiltinCall call)
    {
        if (Number(call, out var status))
        {
            call.Status = status;
            call.Shell.Flow = Flow.Exit;
        }
        else if (call.Arguments.Length > 1)
        {
            call.Fail("too many arguments");
        }
        else
        {
            call.Fail($"{call.Arguments[0]}: numeric argument required", 2);
            call.Shell.Flow = Flow.Exit;
        }
    }

    public static void Return(BuiltinCall call)
    {
        if (call.State.CallDepth == 0)
        {
            call.Fail("can only `return' from a function or sourced script", 2);
        }
        else if (Number(call, out var status))
        {
            call.Status = status;
            call.Shell.Flow = Flow.Return;
        }
        else
        {
            call.Fail(call.Arguments.Length > 1 ? "too many arguments" : $"{call.Arguments[0]}: numeric argument required", 2);
            call.Shell.Flow = Flow.Return;
        }
    }

    public static void Break(BuiltinCall call) => Leave(call, Flow.Break);

    public static void Continue(BuiltinCall call) => Leave(call, Flow.Continue);

    public static IEnumerable<Wait> Eval(BuiltinCall call)
    {
        var arguments = call.Arguments is ["--", .. var rest] ? rest : call.Arguments;
        var text = string.Join(' ', arguments);
        if (Enter(call))
        {
            call.State.Status = 0;
            yield return Simulator.Wait.Call(call.Shell.RunText(text, "eval", call.Shell.Line, isMain: false));
            call.State.CallDepth--;
            call.Status = call.State.Status;
        }
    }

    public static IEnumerable<Wait> Source(BuiltinCall call)
    {
        if (call.Arguments is not [var path, .. var arguments])
        {
            call.Fail("filename argument required", 2);
            call.FailUsage();
            yield break;
        }

        var shell = call.Shell;
        var text = PathAccess.Read(shell.Self, path, out var reason);
        if (text is null)
        {
            shell.Complain(reason == PathAccess.IsADirectory ? $"{call.Name}: {path}: is a directory" : $"{path}: {reason}");
            call.Status = 1;
            yield break;
        }

        if (!Enter(call))
        {
            yield break;
        }

        var state = call.State;
        var (positional, source) = (state.Positional, state.SourceFile);
        state.Positional = arguments.IsEmpty ? positional : arguments;
        state.SourceFile = path;
        state.Status = 0;
        yield return Simulator.Wait.Call(shell.RunText(text, null, isMain: false));
        shell.Flow = shell.Flow == Flow.Return ? Flow.None : shell.Flow;
        state.CallDepth--;
        state.SourceFile = source;
        state.Positional = arguments.IsEmpty ? state.Positional : positional;
        call.Status = state.Status;
    }

    public static IEnumerable<Wait> Exec(BuiltinCall call)
    {
        var arguments = call.Arguments is ["--", .. var rest] ? rest : call.Arguments;
        if (arguments.IsEmpty)
        {
            // Its redirections stay: the interpreter sees to that.
            yield break;
        }

        var found = CommandLookup.Find(call.Shell.Self, call.State, arguments);
        if (found.Program is { } program)
        {
            yield return Simulator.Wait.Call(call.Shell.Become(program, found.Arguments));
            yield break;
        }

        var reason = found.Status == 127 && !arguments[0].Contains('/') ? $"{arguments[0]}: not found" : found.Reason![(found.Reason!.IndexOf(arguments[0], StringComparison.Ordinal))..];
        call.Shell.Complain(arguments[0].Contains('/') ? reason : $"exec: {reason}");
        call.Status = found.Status;
        call.Shell.Flow = call.Shell.IsInteractive && !call.Shell.IsFork ? Flow.None : Flow.Exit;
    }

    private static bool Enter(BuiltinCall call)
    {
        if (call.State.CallDepth >= Interpreter.MaxCallDepth)
        {
            call.Shell.Abort($"{call.Name}: maximum {call.Name} nesting level exceeded ({Interpreter.MaxCallDepth})", 1);
            return false;
        }

        call.State.CallDepth++;
        return true;
    }

    private static void Leave(BuiltinCall call, Flow flow)
    {
        var count = 1;
        if (call.Arguments is [var text, ..] && (!int.TryParse(text, out count) || count < 1))
        {
            call.Fail(count < 1 && int.TryParse(text, out _) ? $"{text}: loop count out of range" : $"{text}: numeric argument required", count < 1 && int.TryParse(text, out _) ? 1 : 128);
            return;
        }

        if (call.State.LoopDepth == 0)
        {
            call.Shell.Complain($"{call.Name}: only meaningful in a `for', `while', or `until' loop");
            return;
        }

        call.Shell.Flow = flow;
        call.Shell.FlowCount = Math.Min(count, call.State.LoopDepth);
    }

    private static bool Number(BuiltinCall call, out int status)
    {
        status = call.State.Status;
        if (call.Arguments.IsEmpty)
        {
            return true;
        }

        var isNumber = long.TryParse(call.Arguments[0], out var number);
        status = (int)(number & 0xFF);
        return isNumber && call.Arguments.Length == 1;
    }
}
