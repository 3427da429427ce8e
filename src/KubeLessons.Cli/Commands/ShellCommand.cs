using System.CommandLine;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Cli.Commands;

/// <summary><c>shell [NODE]</c>: a shell on a node of a fresh cluster, or one command line with <c>-c</c>.</summary>
internal static class ShellCommand
{
    public static Command Create(Wording wording, Surroundings surroundings)
    {
        var node = new Argument<string?>("node") { Description = wording.Get("cli.nodeArgument"), Arity = ArgumentArity.ZeroOrOne };
        var line = new Option<string?>("-c", "--command") { Description = wording.Get("cli.option.command"), HelpName = "COMMAND" };
        var cluster = new ClusterOptions(wording);
        var command = new Command("shell", wording.Get("cli.shell")) { node, line };
        cluster.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandLine.Guard(Session.Of(parsed, surroundings), async session =>
        {
            await using var opened = await OpenAsync(cluster.Opener(session, parsed), cancellation).ConfigureAwait(false);
            var name = NodeName(opened.Description, parsed.GetValue(node));
            return parsed.GetValue(line) is { } text
                ? await RunOneAsync(session, opened, name, text, cancellation).ConfigureAwait(false)
                : await RunManyAsync(session, opened, name, cancellation).ConfigureAwait(false);
        }));
        return command;
    }

    internal static Task<ICluster> OpenAsync(OpenCluster open, CancellationToken cancellation) =>
        open(new ClusterRequest(ClusterSpec.Standard, null, null, ["events", "nodes", "pods"]), cancellation);

    internal static async Task<int> RunOneAsync(Session session, ICluster cluster, string node, string line, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = session.Surroundings.OnInterrupt(stop.Cancel);
        try
        {
            var result = await cluster.RunAsync(new ClusterCommand(node, line), Print, stop.Token).ConfigureAwait(false);
            return result.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }

        void Print(OutputChunk chunk) => (chunk.IsError ? session.Error : session.Out).Write(chunk.Text);
    }

    private static async Task<int> RunManyAsync(Session session, ICluster cluster, string node, CancellationToken cancellation)
    {
        var last = ExitCodes.Passed;
        while (true)
        {
            if (session.Surroundings.IsTerminal)
            {
                session.Out.Write($"[root@{node} ~]# ");
                session.Out.Flush();
            }

            if (session.Surroundings.In.ReadLine() is not { } line || line.Trim() is "exit" or "logout")
            {
                return last;
            }

            last = await RunOneAsync(session, cluster, node, line, cancellation).ConfigureAwait(false);
        }
    }

    private static string NodeName(ClusterDescription cluster, string? asked)
    {
        var name = new NodeReference(asked ?? NodeReference.ControlPlane).Resolve(Variables.None, cluster.Nodes);
        return name ?? throw new UserError(Message.Of("cli.unknownNode", asked!, string.Join(", ", cluster.Nodes.Select(node => node.Name))));
    }
}
