using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Clusters;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Shell;

namespace KubeLessons.Simulator.Tests.Clusters;

/// <summary>A booted cluster, with what tests do to it: run commands on its machines, let time pass, look into the trace.</summary>
internal sealed class BootedCluster(ClusterSpec? spec = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public Cluster Cluster { get; } = Cluster.Boot(spec ?? new ClusterSpec());

    public World World => Cluster.World;

    public Host Master => Cluster.ControlPlane;

    public Host this[string name] => Cluster.Hosts[name];

    /// <summary>Runs a command line in bash on a machine and lets time pass until it ends.</summary>
    public (int ExitCode, string Output) Run(string host, string command)
    {
        var text = new StringBuilder();
        var process = Start(host, command, text);
        World.RunUntil(() => process.HasExited, World.Now + Patience).ShouldBeTrue($"{command} does not end: {text}");
        return (process.ExitCode, text.ToString());
    }

    /// <summary>The output of a command that must succeed.</summary>
    public string Output(string host, string command)
    {
        var (code, output) = Run(host, command);
        code.ShouldBe(0, output);
        return output;
    }

    public Process Start(string host, string command, StringBuilder? output = null)
    {
        var stream = new TextStream(World, piece => output?.Append(piece));
        return this[host].Processes.Start(new ProcessStart(["bash", "-c", command], ShellProgram.Bash)
        {
            Output = stream,
            Error = stream,
            WorkingDirectory = "/root",
            Environment = ImmutableDictionary<string, string>.Empty.Add("HOME", "/root"),
        });
    }

    public string Kubectl(string arguments) => Output("m-k8s", "kubectl " + arguments);

    public void Wait(double seconds) => World.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>The first change of an object, after a time, whose new state fulfils a condition; how long after that time it was.</summary>
    public double SecondsUntil(TimeSpan from, string resource, string name, Func<Doc, bool> condition)
    {
        foreach (var entry in World.Trace.From(0))
        {
            if (entry.At >= from && entry is ObjectChanged { Change: { After.Object: { } now } change }
                && change.Key.Resource == resource && change.Key.Name == name && condition(now))
            {
                return (entry.At - from).TotalSeconds;
            }
        }

        return double.NaN;
    }

    /// <summary>When an object was deleted, in seconds after a time.</summary>
    public double SecondsUntilGone(TimeSpan from, string resource, string name)
    {
        foreach (var entry in World.Trace.From(0))
        {
            if (entry.At >= from && entry is ObjectChanged { Change: { After.Object: null } change } && change.Key.Resource == resource && change.Key.Name == name)
            {
                return (entry.At - from).TotalSeconds;
            }
        }

        return double.NaN;
    }

    public static string? Condition(Doc value, string type) => value.List("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type)?.Text("status");

    public static bool HasTaint(Doc node, string key, string effect) =>
        node.List("spec", "taints").Any(taint => taint.Text("key") == key && taint.Text("effect") == effect);
}
