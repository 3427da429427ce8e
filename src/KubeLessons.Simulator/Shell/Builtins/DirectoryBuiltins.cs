using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Builtins;

/// <summary>Where the shell is.</summary>
internal static class DirectoryBuiltins
{
    public static void Change(BuiltinCall call)
    {
        var arguments = call.Arguments.SkipWhile(argument => argument is "-P" or "-L" or "--").ToList();
        if (arguments.Count > 1)
        {
            call.Fail("too many arguments");
            return;
        }

        var variables = call.State.Variables;
        var target = arguments.Count == 0 ? variables.Value("HOME") : arguments[0] == "-" ? variables.Value("OLDPWD") : arguments[0];
        if (target is null)
        {
            call.Fail(arguments.Count == 0 ? "HOME not set" : "OLDPWD not set");
        }
        else if (Go(call, target) && arguments is ["-"])
        {
            call.WriteLine(call.Shell.Self.WorkingDirectory);
        }
    }

    public static void Print(BuiltinCall call) => call.WriteLine(call.Shell.Self.WorkingDirectory);

    public static void Push(BuiltinCall call)
    {
        var stack = Stack(call.State);
        var before = call.Shell.Self.WorkingDirectory;
        if (call.Arguments.IsEmpty)
        {
            if (stack.IsEmpty)
            {
                call.Fail("no other directory");
            }
            else if (Go(call, stack[0]))
            {
                Save(call, [before, .. stack[1..]]);
            }
        }
        else if (Go(call, call.Arguments[0]))
        {
            Save(call, [before, .. stack]);
        }
    }

    public static void Pop(BuiltinCall call)
    {
        var stack = Stack(call.State);
        if (stack.IsEmpty)
        {
            call.Fail("directory stack empty");
        }
        else if (Go(call, stack[0]))
        {
            Save(call, stack[1..]);
        }
    }

    public static void List(BuiltinCall call) =>
        call.WriteLine(string.Join(' ', Stack(call.State).Insert(0, call.Shell.Self.WorkingDirectory).Select(path => Short(call, path))));

    private static bool Go(BuiltinCall call, string target)
    {
        var self = call.Shell.Self;
        var absolute = PathAccess.Resolve(self, target);
        var node = self.Files.Find(absolute);
        var reason = node is null ? PathAccess.MissingReason(self, absolute)
            : node.Kind != FileKind.Directory ? PathAccess.NotADirectory
            : PathAccess.Allows(self, node, 1) ? null : PathAccess.Denied;
        if (reason is not null)
        {
            call.Fail(call.State.Dialect == ShellDialect.Ash ? $"can't cd to {target}: {reason}" : $"{target}: {reason}");
            return false;
        }

        call.State.Variables.Set("OLDPWD", self.WorkingDirectory);
        self.WorkingDirectory = absolute;
        call.State.Variables.Set("PWD", absolute);
        return true;
    }

    private static ImmutableArray<string> Stack(ShellState state) => [.. state.Variables.Find("DIRSTACK")?.Elements ?? []];

    private static void Save(BuiltinCall call, ImmutableArray<string> stack)
    {
        var elements = stack.Select((path, i) => KeyValuePair.Create((long)i, path)).ToImmutableSortedDictionary();
        call.State.Variables.Put("DIRSTACK", new ShellVariable((string?)null) { Indexed = elements });
        List(call);
    }

    private static string Short(BuiltinCall call, string path) =>
        call.State.Variables.Value("HOME") is { Length: > 1 } home && (path == home || path.StartsWith(home + "/", StringComparison.Ordinal))
            ? "~" + path[home.Length..] : path;
}
