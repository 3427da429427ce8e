using System.Collections.Immutable;
using KubeLessons.Simulator.Shell.Commands;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Builtins;

/// <summary><c>mapfile</c>: all lines into an array.</summary>
internal static class MapfileBuiltin
{
    public static IEnumerable<Wait> Run(BuiltinCall call)
    {
        var options = CommandOptions.Parse(call.Arguments, "tn:d:s:O:u:C:c:", stopsAtOperand: true);
        if (options.Unknown is { } unknown)
        {
            call.FailOption("-" + unknown);
            yield break;
        }

        var input = call.Shell.Io.In;
        var elements = ImmutableSortedDictionary.CreateBuilder<long, string>();
        var limit = int.TryParse(options.Value('n'), out var count) && count > 0 ? count : 100_000;
        while (elements.Count < limit && !input.IsAtEnd)
        {
            if (input.ReadLine() is { } line)
            {
                elements.Add(elements.Count, options.Has('t') ? line : line + "\n");
            }
            else
            {
                yield return Simulator.Wait.On(input.Changed);
            }
        }

        var name = options.Operands is [var given, ..] ? given : "MAPFILE";
        call.State.Variables.Put(name, new ShellVariable((string?)null) { Indexed = elements.ToImmutable() });
    }
}
