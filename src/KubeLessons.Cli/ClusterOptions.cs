using System.CommandLine;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.SimulatedCluster;
using KubeLessons.Texts;

namespace KubeLessons.Cli;

/// <summary>The options that choose a cluster, common to run, verify, shell and kubectl.</summary>
internal sealed class ClusterOptions
{
    private readonly Option<string> _cluster;
    private readonly Option<string?> _kubernetes;
    private readonly Option<long?> _seed;
    private readonly Option<string?> _timeout;

    public ClusterOptions(Wording wording)
    {
        _cluster = new Option<string>("--cluster")
        {
            Description = wording.Get("cli.option.cluster"),
            HelpName = "simulated|real",
            DefaultValueFactory = _ => "simulated",
        };
        _kubernetes = new Option<string?>("--kubernetes") { Description = wording.Get("cli.option.kubernetes"), HelpName = "1.20…1.37" };
        _seed = new Option<long?>("--seed") { Description = wording.Get("cli.option.seed"), HelpName = "N" };
        _timeout = new Option<string?>("--timeout") { Description = wording.Get("cli.option.timeout"), HelpName = "D" };
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _cluster, _kubernetes, _seed, _timeout })
        {
            command.Options.Add(option);
        }
    }

    public long? Seed(ParseResult parsed) => parsed.GetValue(_seed);

    /// <summary>The wall time after which the whole command gives up; null: never.</summary>
    public TimeSpan? Timeout(ParseResult parsed)
    {
        if (parsed.GetValue(_timeout) is not { } text)
        {
            return null;
        }

        return GoDuration.TryParse(text, out var span) && span > TimeSpan.Zero
            ? span
            : throw new UserError(Message.Of("cli.badDuration", "--timeout", text));
    }

    /// <summary>How clusters are opened.</summary>
    public OpenCluster Opener(ParseResult parsed)
    {
        var cluster = parsed.GetValue(_cluster) ?? "simulated";
        if (cluster == "real")
        {
            throw new UserError(Message.Of("cli.noRealClusterYet"));
        }

        if (cluster != "simulated")
        {
            throw new UserError(Message.Of("cli.badCluster", cluster));
        }

        var version = Kubernetes(parsed);
        return (request, cancellation) => SimulatedClusters.OpenAsync(
            request with { Kubernetes = version ?? request.Kubernetes, Seed = request.Seed ?? Seed(parsed) }, cancellation);
    }

    private KubernetesVersion? Kubernetes(ParseResult parsed)
    {
        if (parsed.GetValue(_kubernetes) is not { } text)
        {
            return null;
        }

        return Simulator.Versions.KubernetesVersion.TryParse(text) is { } version
            ? new KubernetesVersion(1, version.Minor)
            : throw new UserError(Message.Of("cli.badKubernetes", text, Simulator.Versions.KubernetesVersion.OldestMinor, Simulator.Versions.KubernetesVersion.NewestMinor));
    }
}
