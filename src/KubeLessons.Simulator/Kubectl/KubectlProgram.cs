using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubectl.Flags;
using KubeLessons.Simulator.Kubectl.Resources;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Kubectl;

/// <summary>
/// kubectl as a program of the simulated hosts. It finds its server in a kubeconfig file, talks to it as every client does, and
/// prints what kubectl 1.33 prints. A verb that waits is resumed by the world; Ctrl-C ends it with 130.
/// </summary>
/// <param name="version">What <c>kubectl version</c> says of the client.</param>
/// <param name="connect">How it reaches a server; null: over the network of its host.</param>
public sealed class KubectlProgram(KubernetesVersion version, KubectlConnect? connect = null)
{
    private readonly TextMemo<ResourceMapper> _mappers = new();
    private readonly TextMemo<Doc> _kubeconfigs = new();

    /// <summary>kubectl of the default version, over its host's network.</summary>
    public static IEnumerable<Wait> Main(Process self) => new KubectlProgram(KubernetesVersion.Default).Run(self);

    /// <summary>The program.</summary>
    public IEnumerable<Wait> Run(Process self)
    {
        var (command, words) = CommandLine.Find(CommandTable.Root, self.Arguments.ToArray());
        if (!FlagParser.TryParse(CommonFlags.Global.AddRange(command.Flags), words, out var flags, out var error))
        {
            self.Error.Write($"error: {error}\nSee '{command.Path} --help' for usage.\n");
            self.Exit(1);
            yield break;
        }

        var call = new Invocation(self, command, flags, new KubectlVersion(version), connect ?? KubectlNetwork.Connect)
        {
            Mappers = _mappers,
            Kubeconfigs = _kubeconfigs,
        };
        if (flags.Flag("help"))
        {
            call.Out(HelpPage.Of(command));
        }
        else if (command.Run is null)
        {
            ShowGroup(call, command);
        }
        else if (MissingFlags(command, flags) is { } missing)
        {
            call.Fail($"required flag(s) {missing} not set");
        }
        else
        {
            yield return Wait.Call(command.Run(call));
        }

        yield return Wait.Call(call.Drain());
        self.Exit(call.ExitCode);
    }

    private static void ShowGroup(Invocation call, Command command)
    {
        if (call.Args.IsEmpty)
        {
            call.Out(HelpPage.Of(command));
        }
        else if (command.Path == "kubectl")
        {
            call.Err(CommandLine.UnknownCommand(command, call.Args[0]));
            call.ExitCode = 1;
        }
        else
        {
            call.FailUsage($"unknown command \"{string.Join(' ', call.Args)}\"");
        }
    }

    private static string? MissingFlags(Command command, FlagValues flags)
    {
        var missing = command.Flags.Where(flag => flag.IsRequired && !flags.Has(flag.Name)).Select(flag => $"\"{flag.Name}\"").Order(StringComparer.Ordinal).ToList();
        return missing.Count == 0 ? null : string.Join(", ", missing);
    }
}
