using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Tools;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands.Sed;

/// <summary><c>sed</c>: -n, -e, -f, -E/-r, -i[suffix], -s.</summary>
internal static class SedProgram
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self);
        if (command.Parse("nEre:f:i::sz\u0002l:u", 1, false,
            new("quiet", 'n'), new("silent", 'n'), new("expression", 'e'), new("file", 'f'), new("regexp-extended", 'E'),
            new("in-place", 'i'), new("separate", 's'), new("posix", '\u0002'), new("unbuffered", 'u')) is not { } options)
        {
            yield break;
        }

        var operands = options.Operands.ToList();
        if (Script(command, options, operands) is not { } script)
        {
            yield break;
        }

        var parser = new SedParser(script, options.Has('E') || options.Has('r'));
        var commands = parser.Parse();
        if (parser.Fault is { } fault)
        {
            command.Die(fault, fault.StartsWith("can't find label", StringComparison.Ordinal) ? 4 : 1);
            yield break;
        }

        if (!options.Has('i'))
        {
            // With -s every file has line numbers and a last line of its own.
            var isSeparate = options.Has('s') && operands.Count > 1;
            foreach (var files in isSeparate ? operands.Select(operand => new List<string> { operand }) : [operands])
            {
                var machine = new SedMachine(command, commands, options.Has('n'), command.Write);
                yield return Wait.Call(machine.Run(files));
                command.Status = machine.ExitCode != 0 ? machine.ExitCode : command.Status;
            }

            command.Exit();
            yield break;
        }

        foreach (var file in operands)
        {
            yield return Wait.Call(EditInPlace(command, options, commands, file));
        }

        command.Exit();
    }

    private static string? Script(CommandContext command, CommandOptions options, List<string> operands)
    {
        var parts = new List<string>();
        foreach (var (letter, value) in options.Found)
        {
            if (letter == 'e')
            {
                parts.Add(value!);
            }
            else if (letter == 'f')
            {
                if (PathAccess.Read(command.Self, value!, out var reason) is not { } text)
                {
                    command.Die($"couldn't open file {value}: {reason}");
                    return null;
                }

                parts.Add(text);
            }
        }

        if (parts.Count > 0)
        {
            return string.Join('\n', parts);
        }

        if (operands.Count == 0)
        {
            command.Self.Error.Write("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n");
            command.Self.Exit(1);
            return null;
        }

        var script = operands[0];
        operands.RemoveAt(0);
        return script;
    }

    private static IEnumerable<Wait> EditInPlace(CommandContext command, CommandOptions options, List<SedCommand> commands, string file)
    {
        var before = PathAccess.Read(command.Self, file, out var reason);
        if (before is null)
        {
            command.Complain(reason == PathAccess.IsADirectory ? $"couldn't edit {file}: not a regular file" : $"can't read {file}: {reason}", 2);
            yield break;
        }

        var after = new System.Text.StringBuilder();
        var machine = new SedMachine(command, commands, options.Has('n'), text => after.Append(text));
        yield return Wait.Call(machine.Run([file]));
        var path = command.Resolve(file);
        if (DiskRoom.WhyNotStored(command.Self, path, after.ToString()) is { } refusal)
        {
            // It writes a new file beside the old one, whose name ends in six letters that nobody knows before.
            command.Complain($"couldn't write {after.Length} items to {FileSystem.Parent(file)}/sed{command.Self.Host.Random.NextHex(6)}: {refusal}", 4);
            yield break;
        }

        if (options.Value('i') is { Length: > 0 } suffix)
        {
            command.Self.Files.Write(path + suffix, before);
        }

        command.Self.Files.Write(path, after.ToString());
    }
}
