using System.CommandLine;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Cli.Commands;

/// <summary><c>kubectl …</c>: the embedded kubectl, on the control plane of a fresh cluster. All words behind it are kubectl's own.</summary>
internal static class KubectlCommand
{
    public const string Name = "kubectl";

    public static Command Create(Wording wording, Surroundings surroundings)
    {
        var words = new Argument<string[]>("arguments") { Description = wording.Get("cli.kubectlArguments"), Arity = ArgumentArity.ZeroOrMore };
        var cluster = new ClusterOptions(wording);
        var command = new Command(Name, wording.Get("cli.kubectl")) { words };
        cluster.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandLine.Guard(Session.Of(parsed, surroundings), async session =>
        {
            await using var opened = await ShellCommand.OpenAsync(cluster.Opener(session, parsed), cancellation).ConfigureAwait(false);
            var node = new NodeReference(NodeReference.ControlPlane).Resolve(Variables.None, opened.Description.Nodes)!;
            var line = string.Join(' ', (parsed.GetValue(words) ?? []).Select(Quote).Prepend(Name));
            return await ShellCommand.RunOneAsync(session, opened, node, line, cancellation).ConfigureAwait(false);
        }));
        return command;
    }

    /// <summary>
    /// What stands behind <c>kubectl</c> belongs to it, whatever it looks like; options of this tool stand before it.
    /// </summary>
    public static string[] Shield(string[] args)
    {
        var at = Array.FindIndex(args, word => !word.StartsWith('-'));
        return at >= 0 && args[at] == Name && args[(at + 1)..] is not ["--help"] ? [.. args[..(at + 1)], "--", .. args[(at + 1)..]] : args;
    }

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''")}'";
}
