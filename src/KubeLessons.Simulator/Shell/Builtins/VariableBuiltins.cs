using System.Collections.Immutable;
using KubeLessons.Simulator.Shell.Execution;
using KubeLessons.Simulator.Shell.Expansion;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell.Builtins;

/// <summary>The builtins that make and change variables.</summary>
internal static class VariableBuiltins
{
    public static void Export(BuiltinCall call) => Run(call, "export", isLocal: false, variable => variable with { IsExported = true });

    public static void ReadOnly(BuiltinCall call) => Run(call, "readonly", isLocal: false, variable => variable with { IsReadOnly = true });

    public static void Declare(BuiltinCall call) => Run(call, "declare", isLocal: true, variable => variable);

    public static void Local(BuiltinCall call)
    {
        if (!call.State.Variables.IsInFunction)
        {
            call.Fail("can only be used in a function");
            return;
        }

        Run(call, "local", isLocal: true, variable => variable);
    }

    public static void Unset(BuiltinCall call)
    {
        var (functions, variables) = (true, true);
        foreach (var argument in call.Arguments)
        {
            switch (argument)
            {
                case "-f":
                    variables = false;
                    break;
                case "-v":
                    functions = false;
                    break;
                case "--":
                    break;
                case ['-', _, ..]:
                    call.FailOption(argument);
                    return;
                default:
                    UnsetOne(call, argument, variables, functions);
                    break;
            }
        }
    }

    public static void Shift(BuiltinCall call)
    {
        var count = 1;
        if (call.Arguments is [var text, ..] && (!int.TryParse(text, out count) || count < 0))
        {
            call.Fail(count < 0 ? $"{text}: shift count out of range" : $"{text}: numeric argument required");
            return;
        }

        if (count > call.State.Positional.Length)
        {
            call.Status = 1;
            return;
        }

        call.State.Positional = call.State.Positional[count..];
    }

    private static void UnsetOne(BuiltinCall call, string name, bool variables, bool functions)
    {
        var open = name.IndexOf('[');
        if (open > 0 && name.EndsWith(']'))
        {
            UnsetElement(call, name[..open], name[(open + 1)..^1]);
            return;
        }

        if (variables && call.State.Variables.Find(name) is { } variable)
        {
            if (variable.IsReadOnly)
            {
                call.Fail($"{name}: cannot unset: readonly variable");
                return;
            }

            call.State.Variables.Remove(name);
        }
        else if (functions)
        {
            call.State.Functions = call.State.Functions.Remove(name);
        }
    }

    private static void UnsetElement(BuiltinCall call, string name, string key)
    {
        if (call.State.Variables.Find(name) is not { } variable)
        {
            return;
        }

        if (variable.Keyed is { } keyed)
        {
            call.State.Variables.Put(name, variable with { Keyed = keyed.Remove(key) });
        }
        else if (variable.Indexed is { } indexed && new ArithmeticScope(call.Shell).Index(variable, key) is { } index)
        {
            call.State.Variables.Put(name, variable with { Indexed = indexed.Remove(index) });
        }
    }

    private static void Run(BuiltinCall call, string kind, bool isLocal, Func<ShellVariable, ShellVariable> mark)
    {
        var flags = "";
        var unmark = false;
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var argument in call.Arguments)
        {
            if (names.Count == 0 && argument is ['-' or '+', _, ..] && argument != "--")
            {
                flags += argument[1..];
                unmark |= argument[0] == '+' || (kind == "export" && argument.Contains('n'));
            }
            else if (argument != "--")
            {
                names.Add(argument);
            }
        }

        if (flags.FirstOrDefault(flag => !"aAfFgilnprtuxI".Contains(flag)) is not '\0' and var unknown)
        {
            call.FailOption("-" + unknown);
            return;
        }

        if (flags.Contains('f') || flags.Contains('F'))
        {
            ShowFunctions(call, names.ToImmutable(), namesOnly: flags.Contains('F'));
            return;
        }

        if (names.Count == 0 || flags.Contains('p'))
        {
            Show(call, kind, names.ToImmutable(), flags);
            return;
        }

        foreach (var name in names)
        {
            DeclareOne(call, name, flags, unmark, isLocal && !flags.Contains('g'), mark);
        }
    }

    private static void DeclareOne(
        BuiltinCall call, string text, string flags, bool unmark, bool isLocal, Func<ShellVariable, ShellVariable> mark)
    {
        var equals = text.IndexOf('=');
        var appends = equals > 0 && text[equals - 1] == '+';
        var name = equals < 0 ? text : text[..(appends ? equals - 1 : equals)];
        if (!ShellLexer.IsName(name))
        {
            call.Fail($"`{text}': not a valid identifier");
            return;
        }

        var variables = call.State.Variables;
        if (isLocal && variables.IsInFunction)
        {
            variables.Hide(name);
        }

        var variable = variables.Find(name) ?? new ShellVariable((string?)null);
        if (variable.IsReadOnly && (equals >= 0 || unmark))
        {
            call.Shell.Complain($"{name}: readonly variable");
            call.Status = 1;
            return;
        }

        variable = flags.Contains('A') && variable.Keyed is null
            ? variable with { Value = null, Indexed = null, Keyed = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal) }
            : flags.Contains('a') ? variable.AsIndexed() : variable;
        variables.Put(name, variable with
        {
            IsInteger = variable.IsInteger || flags.Contains('i'),
            IsExported = (variable.IsExported || flags.Contains('x')) && !(unmark && (flags.Contains('x') || flags.Contains('n'))),
        });
        if (equals >= 0 && !call.Shell.Assign(name, null, text[(equals + 1)..], appends))
        {
            return;
        }

        var changed = variables.Find(name)!;
        changed = flags.Contains('r') ? changed with { IsReadOnly = true } : changed;
        variables.Put(name, unmark ? changed : mark(changed));
    }

    private static void ShowFunctions(BuiltinCall call, ImmutableArray<string> names, bool namesOnly)
    {
        foreach (var (name, function) in call.State.Functions.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (names.IsEmpty || names.Contains(name))
            {
                call.WriteLine(namesOnly ? names.IsEmpty ? $"declare -f {name}" : name : $"{name} () \n{function.Source}");
            }
        }

        call.Status = names.All(call.State.Functions.ContainsKey) ? 0 : 1;
    }

    private static void Show(BuiltinCall call, string kind, ImmutableArray<string> names, string flags)
    {
        foreach (var name in names.Where(name => call.State.Variables.Find(name) is null))
        {
            call.Fail($"{name}: not found");
        }

        foreach (var (name, variable) in call.State.Variables.All)
        {
            var shown = names.IsEmpty
                ? (kind != "export" || variable.IsExported) && (kind != "readonly" || variable.IsReadOnly)
                    && (!flags.Contains('x') || variable.IsExported) && (!flags.Contains('r') || variable.IsReadOnly)
                : names.Contains(name);
            if (shown)
            {
                call.WriteLine(kind == "declare" && names.IsEmpty && flags.Length == 0 ? $"{name}={Quoting.Single(variable.Scalar ?? "")}" : Describe(name, variable));
            }
        }
    }

    private static string Describe(string name, ShellVariable variable)
    {
        var flags = (variable.Indexed is null ? "" : "a") + (variable.Keyed is null ? "" : "A") + (variable.IsInteger ? "i" : "")
            + (variable.IsReadOnly ? "r" : "") + (variable.IsExported ? "x" : "");
        var value = variable.Indexed is { } indexed ? $"=({string.Join(' ', indexed.Select(entry => $"[{entry.Key}]={Quoting.Double(entry.Value)}"))})"
            : variable.Keyed is { } keyed ? $"=({string.Concat(keyed.Select(entry => $"[{entry.Key}]={Quoting.Double(entry.Value)} "))})"
            : variable.Value is null ? "" : "=" + Quoting.Double(variable.Value);
        return $"declare -{(flags.Length == 0 ? "-" : flags)} {name}{value}";
    }
}
