using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Clusters;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.FailureTable;

/// <summary>The simulator, set to a version, of the same size as the kit.</summary>
internal sealed class SimulatedLab : ILab
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly Cluster _cluster;

    public SimulatedLab(int minor) => _cluster = Cluster.Boot(new ClusterSpec
    {
        Version = new KubernetesVersion(minor),
        Nodes = ["m-k8s", "w1-k8s", "w2-k8s"],
        Age = TimeSpan.FromMinutes(5),
    });

    public Side Side => Side.Simulator;

    public TimeSpan Now => _cluster.World.Now;

    public (int ExitCode, string Output) Run(string host, string command)
    {
        var text = new StringBuilder();
        var process = StartProcess(host, command, text);
        return _cluster.World.RunUntil(() => process.HasExited, Now + Patience)
            ? (process.ExitCode, text.ToString())
            : throw new InvalidOperationException($"{command} does not end");
    }

    public void Start(string host, string command) => StartProcess(host, command, new StringBuilder());

    public void Power(string host, bool on)
    {
        if (on)
        {
            _cluster.Hosts[host].PowerOn();
        }
        else
        {
            _cluster.Hosts[host].PowerOff();
        }
    }

    public void Wait(TimeSpan duration) => _cluster.World.Advance(duration);

    private Process StartProcess(string host, string command, StringBuilder output)
    {
        var machine = _cluster.Hosts[host];
        var stream = new TextStream(_cluster.World, piece => output.Append(piece));
        return machine.Processes.Start(new ProcessStart(["bash", "-c", command], machine.Programs.Find("bash")!)
        {
            Output = stream,
            Error = stream,
            WorkingDirectory = "/root",
            Environment = ImmutableDictionary<string, string>.Empty.Add("HOME", "/root").Add("USER", "root"),
        });
    }
}
