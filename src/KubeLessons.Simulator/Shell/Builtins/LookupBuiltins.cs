using System.Collections.Immutable;
using KubeLessons.Simulator.Shell.Commands;
using KubeLessons.Simulator.Shell.Execution;
using KubeLessons.Simulator.Shell.Expansion;

namespace KubeLessons.Simulator.Shell.Builtins;

/// <summary>The builtins that ask, or decide, what a name means.</summary>
internal static class LookupBuiltins
{
    private const string Keywords = " if then else elif fi case esac for while until do done in function time { } ! [[ ]] select coproc ";

    public static IEnumerable<Wait> Command(BuiltinCall call)
    {
        var options = CommandOptions.Parse(call.Arguments, "pvV", stopsAtOperand: true);
        if (options.Unknown is { } unknown)
        {
            call.FailOption("-" + unknown);
            return [];
        }

        if (options.Operands.Count == 0)
        {
            return [];
        }

        if (!options.Has('v') && !options.Has('V'))
        {
            return Run(call, [.. options.Operands]);
        }

        var all = true;
        foreach (var name in options.Operands)
        {
            var found = options.Has('v') ? ShortAnswer(call, name) : Answer(call, name);
            all &= found is not null;
            if (found is not null)
            {
                call.WriteLine(found);
            }
            else if (options.Has('V'))
            {
                call.Shell.Complain($"{call.Name}: {name}: not found");
            }
        }

        call.Status = all ? 0 : 1;
        return [];
    }

    public static IEnumerable<Wait> BuiltinOnly(BuiltinCall call)
    {
        if (call.Arguments.IsEmpty)
        {
            return [];
        }

        if (BuiltinTable.Find(call.Arguments[0]) is not null)
        {
            return Run(call, call.Arguments);
        }

        call.Fail($"{call.Arguments[0]}: not a shell builtin");
        return [];
    }

    public static void Type(BuiltinCall call)
    {
        var options = CommandOptions.Parse(call.Arguments, "tpPaf", stopsAtOperand: true);
        if (options.Unknown is { } unknown)
        {
            call.FailOption("-" + unknown);
            return;
        }

        foreach (var name in options.Operands)
        {
            var answer = options.Has('t') ? Kind(call, name)
                : options.Has('p') || options.Has('P') ? (Kind(call, name) == "file" || options.Has('P') ? PathOf(call, name) : null)
                : Answer(call, name);
            if (answer is not null)
            {
                call.WriteLine(answer);
            }
            else
            {
                call.Status = 1;
                if (options.Letters.Length == 0 || options.Has('a') || options.Has('f'))
                {
                    call.Fail($"{name}: not found");
                }
            }
        }
    }

    public static void Alias(BuiltinCall call)
    {
        var arguments = call.Arguments.Where(argument => argument != "-p").ToList();
        foreach (var (name, value) in call.State.Aliases.Where(_ => arguments.Count == 0))
        {
            call.WriteLine($"alias {name}={Quoting.Single(value, always: true)}");
        }

        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=');
            if (equals > 0)
            {
                call.State.Aliases = call.State.Aliases.SetItem(argument[..equals], argument[(equals + 1)..]);
            }
            else if (call.State.Aliases.TryGetValue(argument, out var value))
            {
                call.WriteLine($"alias {argument}={Quoting.Single(value, always: true)}");
            }
            else
            {
                call.Fail($"{argument}: not found");
            }
        }
    }

    public static void Unalias(BuiltinCall call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument == "-a")
            {
                call.State.Aliases = call.State.Aliases.Clear();
            }
            else if (!call.State.Aliases.ContainsKey(argument))
            {
                call.Fail($"{argument}: not found");
            }
            else
            {
                call.State.Aliases = call.State.Aliases.Remove(argument);
            }
        }
    }

    private static IEnumerable<Wait> Run(BuiltinCall call, ImmutableArray<string> words)
    {
        yield return Simulator.Wait.Call(call.Shell.RunWords(words, skipsFunctions: true));
        call.Status = call.State.Status;
    }

    private static string? Kind(BuiltinCall call, string name) =>
        call.State.Aliases.ContainsKey(name) ? "alias"
        : Keywords.Contains($" {name} ", StringComparison.Ordinal) ? "keyword"
        : call.State.Functions.ContainsKey(name) ? "function"
        : BuiltinTable.Find(name) is not null ? "builtin"
        : PathOf(call, name) is not null ? "file" : null;

    private static string? PathOf(BuiltinCall call, string name) => name.Contains('/')
        ? CommandLookup.Find(call.Shell.Self, call.State, [name]).Path is not null ? name : null
        : CommandLookup.PathOf(call.Shell.Self, call.State.Variables.Value("PATH"), name);

    private static string? ShortAnswer(BuiltinCall call, string name) => Kind(call, name) switch
    {
        "alias" => $"alias {name}={Quoting.Single(call.State.Aliases[name], always: true)}",
        "file" => PathOf(call, name),
        null => null,
        _ => name,
    };

    private static string? Answer(BuiltinCall call, string name) => Kind(call, name) switch
    {
        "alias" => $"{name} is aliased to `{call.State.Aliases[name]}'",
        "keyword" => $"{name} is a shell keyword",
        "function" => $"{name} is a function\n{name} () \n{call.State.Functions[name].Source}",
        "builtin" => $"{name} is a shell builtin",
        "file" => $"{name} is {PathOf(call, name)}",
        _ => null,
    };
}
