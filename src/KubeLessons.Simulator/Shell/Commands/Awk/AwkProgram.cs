using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;

namespace KubeLessons.Simulator.Shell.Commands.Awk;

/// <summary><c>awk [-F fs] [-v name=value] 'program' | -f file [file ...]</c></summary>
internal static class AwkProgram
{
    public static IEnumerable<Wait> Main(Process self)
    {
        var command = new CommandContext(self, "awk");
        if (command.Parse("F:v:f:", 2, true, new("field-separator", 'F'), new("assign", 'v'), new("file", 'f')) is not { } options)
        {
            yield break;
        }

        var operands = options.Operands.ToList();
        var program = options.Value('f');
        if (program is not null)
        {
            var text = string.Concat(options.Values('f').Select(file => PathAccess.Read(self, file, out _) is { } part ? part + "\n" : "\0"));
            if (text.Contains('\0'))
            {
                command.Die($"fatal: cannot open source file `{program}' for reading: No such file or directory", 2);
                yield break;
            }

            program = text;
        }
        else if (operands.Count == 0)
        {
            self.Error.Write("usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]\n");
            self.Exit(2);
            yield break;
        }
        else
        {
            program = operands[0];
            operands.RemoveAt(0);
        }

        var parser = new AwkParser(program);
        var script = parser.Parse();
        if (parser.Fault is { } fault)
        {
            self.Error.Write($"awk: {fault}\n");
            self.Exit(2);
            yield break;
        }

        var machine = new AwkMachine(command, script, operands);
        if (options.Value('F') is { } separator)
        {
            machine.AssignOperand("FS", separator == "t" ? "\t" : separator);
        }

        foreach (var assignment in options.Values('v'))
        {
            var equals = assignment.IndexOf('=');
            if (equals <= 0)
            {
                command.Die($"`{assignment}' argument to `-v' not in `var=value' form", 2);
                yield break;
            }

            machine.AssignOperand(assignment[..equals], assignment[(equals + 1)..]);
        }

        yield return Wait.Call(machine.Run());
        self.Exit(machine.ExitCode != 0 ? machine.ExitCode : command.Status);
    }
}
