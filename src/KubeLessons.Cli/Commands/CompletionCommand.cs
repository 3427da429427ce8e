using System.CommandLine;
using KubeLessons.Cli.Terminal;
using KubeLessons.Texts;

namespace KubeLessons.Cli.Commands;

/// <summary><c>completion SHELL</c>: a script that makes the shell complete this tool's commands, options and lessons.</summary>
internal static class CompletionCommand
{
    public static Command Create(Wording wording, Surroundings surroundings)
    {
        var shell = new Argument<string>("shell") { Description = wording.Get("cli.completionShell"), HelpName = "bash|zsh|fish|pwsh" };
        var command = new Command("completion", wording.Get("cli.completion")) { shell };
        command.SetAction((parsed, _) => CommandLine.Guard(Session.Of(parsed, surroundings), session =>
        {
            var name = parsed.GetValue(shell)!;
            var script = CompletionScripts.For(name)
                ?? throw new UserError(Message.Of("cli.unknownShell", name, string.Join(", ", CompletionScripts.Shells)));
            session.Out.Write(script);
            return Task.FromResult(ExitCodes.Passed);
        }));
        return command;
    }
}
