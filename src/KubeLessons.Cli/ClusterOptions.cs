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
    private readonly RealClusterOpening _real;

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
        _real = new RealClusterOpening(wording);
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _cluster, _kubernetes, _seed, _timeout })
        {
            command.Options.Add(option);
        }

        _real.AddTo(command);
    }

    /// <summary>What the user says of a real cluster.</summary>
    public RealClusterOpening Real => _real;

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

    /// <summary>Whether the user asks for a real cluster.</summary>
    public bool IsReal(ParseResult parsed) => parsed.GetValue(_cluster) == "real";

    /// <summary>How clusters are opened. What a lesson touches is told before a real one is; without a lesson it may be anything.</summary>
    public OpenCluster Opener(Session session, ParseResult parsed, Lesson? lesson = null)
    {
        var cluster = parsed.GetValue(_cluster) ?? "simulated";
        if (cluster == "real")
        {
            return _real.Opener(session, parsed, lesson);
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
