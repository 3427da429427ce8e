using System.Collections.Immutable;
using System.CommandLine;
using System.Runtime.CompilerServices;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.RealCluster;
using KubeLessons.Texts;

namespace KubeLessons.Cli;

/// <summary>
/// The options of a real cluster, and how one is opened. Whatever names the real cluster's assembly stands in methods that run for it
/// alone: the simulated way must not pay for loading it.
/// </summary>
internal sealed class RealClusterOpening(Wording wording)
{
    private readonly Option<string?> _context = new("--context") { Description = wording.Get("cli.option.context"), HelpName = "NAME" };
    private readonly Option<string?> _kubeconfig = new("--kubeconfig") { Description = wording.Get("cli.option.kubeconfig"), HelpName = "FILE" };
    private readonly Option<string?> _via = new("--nodes-via") { Description = wording.Get("cli.option.nodesVia"), HelpName = "ssh|docker|podman|nsenter|local" };
    private readonly Option<string?> _sshConfig = new("--ssh-config") { Description = wording.Get("cli.option.sshConfig"), HelpName = "FILE" };
    private readonly Option<string[]> _nodes = new("--node") { Description = wording.Get("cli.option.node"), HelpName = "NAME=NODE" };
    private readonly Option<bool> _allow = new("--allow-changes") { Description = wording.Get("cli.option.allowChanges") };

    /// <summary>The folder of the user in which the tool keeps journals and marks (XDG Base Directory: XDG_STATE_HOME).</summary>
    public static string StateFolder(Surroundings surroundings) =>
        surroundings.Variable("KUBELESSONS_STATE")
        ?? Path.Combine(
            surroundings.Variable("XDG_STATE_HOME") ?? Path.Combine(surroundings.Variable("HOME") ?? surroundings.WorkingDirectory, ".local", "state"),
            "kubelessons");

    /// <summary>
    /// Whether a run on a real cluster was cut off and not undone yet. A journal that cannot be locked belongs to a run that still goes on.
    /// It costs a look at one folder, and loads nothing.
    /// </summary>
    public static bool HasCutOffRun(Surroundings surroundings)
    {
        var folder = Path.Combine(StateFolder(surroundings), "journals");
        if (!Directory.Exists(folder))
        {
            return false;
        }

        foreach (var path in Directory.EnumerateFiles(folder))
        {
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                return true;
            }
            catch (IOException)
            {
                // Somebody holds it.
            }
        }

        return false;
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _context, _kubeconfig, _via, _sshConfig, _nodes, _allow })
        {
            command.Options.Add(option);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public OpenCluster Opener(Session session, ParseResult parsed, Lesson? lesson)
    {
        var options = Options(session, parsed);
        if (lesson is not null)
        {
            options = options with { Touches = lesson.Header.Touches };
        }

        return async (request, cancellation) =>
        {
            try
            {
                return await RealClusters.OpenAsync(options, request, cancellation).ConfigureAwait(false);
            }
            catch (RefusedException refused)
            {
                throw new UserError(refused.Told, ExitCodes.RefusedAsUnsafe);
            }
        };
    }

    /// <summary>What the user said of the cluster.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public RealClusterOptions Options(Session session, ParseResult parsed)
    {
        var folder = session.Surroundings.WorkingDirectory;
        string? Full(string? path) => path is null ? null : Path.GetFullPath(path, folder);
        bool Confirm()
        {
            session.Error.Write(session.Say("real.confirm"));
            return session.Surroundings.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
        }

        return new RealClusterOptions
        {
            Context = parsed.GetValue(_context),
            Kubeconfig = Full(parsed.GetValue(_kubeconfig)),
            Via = Via(parsed.GetValue(_via)),
            SshConfig = Full(parsed.GetValue(_sshConfig)),
            Nodes = Nodes(parsed.GetValue(_nodes) ?? []),
            AllowChanges = parsed.GetValue(_allow),
            Confirm = session.Surroundings.IsTerminal ? Confirm : null,
            Tell = message => session.Error.WriteLine(session.Ink.Faint(session.Wording.Say(message))),
            StateFolder = StateFolder(session.Surroundings),
            Clock = session.Surroundings.Clock,
        };
    }

    private static NodesVia? Via(string? text) => text switch
    {
        null => null,
        "ssh" => NodesVia.Ssh,
        "docker" => NodesVia.Docker,
        "podman" => NodesVia.Podman,
        "nsenter" => NodesVia.Nsenter,
        "local" => NodesVia.Local,
        _ => throw new UserError(Message.Of("cli.badNodesVia", text)),
    };

    private static ImmutableSortedDictionary<string, string> Nodes(string[] words)
    {
        var nodes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            var sign = word.IndexOf('=');
            if (sign <= 0 || sign == word.Length - 1)
            {
                throw new UserError(Message.Of("cli.badNode", word));
            }

            nodes[word[..sign]] = word[(sign + 1)..];
        }

        return nodes.ToImmutable();
    }
}
