using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell.Execution;
using KubeLessons.Simulator.Shell.Syntax;

namespace KubeLessons.Simulator.Shell;

/// <summary>
/// The shells as programs: <c>bash -c 'commands'</c>, <c>bash script</c>, commands from a pipe, or a terminal with prompts.
/// </summary>
public static class ShellProgram
{
    /// <summary>GNU bash; also <c>sh</c> of the hosts.</summary>
    public static IEnumerable<Wait> Bash(Process self) => Main(self, ShellDialect.Bash);

    /// <summary>busybox' ash, <c>sh</c> of small images: the same language, ash's words for what is wrong.</summary>
    public static IEnumerable<Wait> Ash(Process self) => Main(self, ShellDialect.Ash);

    /// <summary>Whether a text is whole: an interactive shell asks for more lines while a quote, a loop or a here-document is open.</summary>
    public static bool IsComplete(string text)
    {
        if (text.EndsWith("\\\n", StringComparison.Ordinal) && !text.EndsWith("\\\\\n", StringComparison.Ordinal))
        {
            return false;
        }

        var lexer = ShellLexer.OfScript(text);
        new ScriptParser(lexer).ParseAll();
        return lexer.Fault is null ? lexer.UnendedHereDocument is null : !lexer.Fault.IsIncomplete;
    }

    /// <summary>What is wrong with a text; null when the shell can parse it.</summary>
    public static SyntaxFault? Check(string text)
    {
        var parser = new ScriptParser(ShellLexer.OfScript(text));
        parser.ParseAll();
        return parser.Fault;
    }

    private static IEnumerable<Wait> Main(Process self, ShellDialect dialect)
    {
        var arguments = ShellArguments.Parse(self.CommandLine[1..]);
        if (arguments.Fault is { } fault)
        {
            self.Error.Write($"{self.CommandLine[0]}: {fault}\n");
            self.Exit(2);
            yield break;
        }

        if (arguments.ShowsVersion)
        {
            self.Output.Write($"GNU bash, version {ShellStart.Version} (x86_64-pc-linux-gnu)\n");
            yield break;
        }

        var isTerminal = arguments.Command is null && arguments.Script is null && (arguments.IsInteractive || self.Input.IsTerminal);
        var source = isTerminal ? ShellSource.Interactive : arguments.Command is null ? ShellSource.Script : ShellSource.Argument;
        var name = arguments.Command is null && arguments.Script is { } script ? script
            : arguments.Command is not null && arguments.Operands is [var zero, ..] ? zero : self.CommandLine[0];
        var positional = arguments.Command is not null && arguments.Operands.Length > 0 ? arguments.Operands[1..] : arguments.Operands;
        var shell = ShellStart.Interpreter(self, dialect, source, name, positional);
        shell.State.Options = arguments.Options;
        shell.State.SourceFile = source == ShellSource.Script && arguments.Script is not null ? name : null;
        self.SignalHandler = shell.OnSignal;
        if (arguments.Command is { } command)
        {
            yield return Wait.Call(shell.RunText(command, "-c"));
        }
        else if (arguments.Script is { } path)
        {
            yield return Wait.Call(RunFile(shell, path));
        }
        else
        {
            yield return Wait.Call(isTerminal ? new TerminalShell(shell).Run() : RunInput(shell));
        }

        yield return Wait.Call(shell.RunExitTrap());
        self.Exit(shell.State.Status);
    }

    private static IEnumerable<Wait> RunFile(Interpreter shell, string path)
    {
        var text = PathAccess.Read(shell.Self, path, out var reason);
        if (text is null)
        {
            shell.Io.Err.Write($"{shell.Self.CommandLine[0]}: {path}: {reason}\n");
            shell.State.Status = reason == PathAccess.NoSuchFile ? 127 : 126;
            return [];
        }

        return shell.RunText(text, null);
    }

    // From a pipe, a command runs as soon as it is whole: it may read the lines behind it.
    private static IEnumerable<Wait> RunInput(Interpreter shell)
    {
        var text = new StringBuilder();
        var line = 1;
        var lines = 0;
        while (shell.Flow == Flow.None)
        {
            if (shell.Self.Input.ReadLine() is { } next)
            {
                text.Append(next).Append('\n');
                lines++;
            }
            else if (!shell.Self.Input.IsAtEnd)
            {
                yield return Wait.On(shell.Self.Input.Changed);
                continue;
            }

            if (text.Length == 0)
            {
                yield break;
            }

            if (shell.Self.Input.IsAtEnd || IsComplete(text.ToString()))
            {
                var commands = text.ToString();
                text.Clear();
                yield return Wait.Call(shell.RunText(commands, null, line));
                line += lines;
                lines = 0;
            }
        }
    }
}
