using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Clusters;
using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Shell;
using KubeLessons.Simulator.Store;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Tests.Faults;

/// <summary>
/// One cluster under load that is broken and mended again and again: boot, then for each sequence the faults, the repair of all of
/// them, and the time to converge. All of it follows from the seed.
/// </summary>
internal sealed class FaultRun
{
    /// <summary>
    /// Nothing takes longer once all is repaired: back-offs of 5 minutes, the toleration of 5 minutes, and one after the other of a
    /// StatefulSet's pods.
    /// </summary>
    public static readonly TimeSpan TimeToConverge = TimeSpan.FromMinutes(25);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private static readonly string[] Watched = ["pods", "nodes", "services", "configmaps"];

    private readonly Cluster _cluster;
    private readonly ObjectStore _store;
    private readonly SeededRandom _random;
    private readonly List<string> _broken = [];
    private readonly List<string> _story = [];
    private readonly StoreInvariants _storeInvariants;
    private readonly SchedulingInvariants _scheduling;
    private readonly DeclaredState _declared;
    private readonly ImmutableArray<Informer> _informers;
    private IReadOnlyList<string> _lacks = [];
    private bool _hasConverged;
    private int _changes;

    public FaultRun(ulong seed, int etcdMembers)
    {
        _random = new SeededRandom(seed ^ SeededRandom.Hash("faults"));
        var version = new KubernetesVersion(_random.Next(3) == 0 ? 20 + _random.Next(18) : KubernetesVersion.Default.Minor);
        _cluster = Cluster.Boot(Spec(etcdMembers) with { Seed = seed, Version = version, Age = TimeSpan.FromMinutes(2) });
        _store = EtcdDatabase.Find(Master, EtcdServer.DataDirectory)!.Store;
        _storeInvariants = new StoreInvariants(_store, _broken);
        _scheduling = new SchedulingInvariants(_cluster.World, _store, _broken);
        _declared = new DeclaredState(_cluster, _store);
        _informers = [.. Watched.Select(resource => Watch(resource))];
        _story.Add($"Kubernetes {version}");
        Master.Files.Write("/root/load.yaml", Workload.Manifest);
        Type(Master, "kubectl apply -f /root/load.yaml");
    }

    private static ClusterSpec Spec(int etcdMembers) => etcdMembers == 1
        ? new ClusterSpec()
        : new ClusterSpec { Nodes = ["m-k8s", "m2-k8s", "m3-k8s", "w1-k8s", "w2-k8s"], EtcdMembers = etcdMembers };

    /// <summary>How long the last sequence took to converge.</summary>
    public TimeSpan ConvergedAfter { get; private set; }

    /// <summary>What was done, and when: for whoever looks into a failure.</summary>
    public IEnumerable<string> Story => _story;

    /// <summary>All that changed, as JSON lines.</summary>
    public string Trace => World.Trace.ToJsonLines();

    private Host Master => _cluster.ControlPlane;

    private World World => _cluster.World;

    /// <summary>Breaks the cluster, mends it, and lets it converge. Returns what is wrong then; nothing when all is well.</summary>
    public IReadOnlyList<string> Next()
    {
        if (!_hasConverged && !Converge())
        {
            return [.. _lacks.Prepend("before any fault")];
        }

        var began = World.Now;
        var sequence = FaultSequence.Draw(_random, Master.Name, _cluster.Spec.Nodes, _cluster.Spec.EtcdMembers);
        var load = Enumerable.Range(0, 1 + _random.Next(8)).Select(_ => TimeSpan.FromSeconds(_random.NextDouble() * sequence.Steps[^1].At.TotalSeconds)).Order();
        var steps = sequence.Steps.Select(step => (step.At, Act: (Action)(() => Perform(step))))
            .Concat(load.Select(at => (at, (Action)(() => Type(Master, Workload.DrawChange(_random, _changes++))))))
            .OrderBy(step => step.Item1);
        foreach (var (at, act) in steps)
        {
            World.AdvanceTo(began + at);
            act();
        }

        Repair(sequence);
        return Converge() ? [.. _broken] : [.. _broken, .. _lacks];
    }

    private bool Converge()
    {
        var from = World.Now;
        while (World.Now < from + TimeToConverge)
        {
            World.Advance(Look);
            _lacks = _declared.Lacks();
            if (_lacks.Count == 0)
            {
                _storeInvariants.Compare();
                _lacks = [.. InformersBehind(), .. new ServiceCalls(_cluster, _declared, _random).Failures()];
            }

            if (_lacks.Count == 0 && _broken.Count == 0)
            {
                ConvergedAfter = World.Now - from;
                Note($"converged after {ConvergedAfter.TotalSeconds:0} s");
                return _hasConverged = true;
            }
        }

        return false;
    }

    // What a client has that watched all the time, through every loss of its server.
    private IEnumerable<string> InformersBehind()
    {
        for (var i = 0; i < Watched.Length; i++)
        {
            var listed = _store.List(Watched[i]).ToList();
            var informer = _informers[i];
            if (listed.Count != informer.Count
                || listed.Any(version => informer.Get(version.Key.Namespace, version.Key.Name)?.Text("metadata", "resourceVersion") != version.Object!.Text("metadata", "resourceVersion")))
            {
                yield return $"a client that watched all the time has {informer.Count} {Watched[i]} and not the {listed.Count} of the store";
            }
        }
    }

    private Informer Watch(string resource)
    {
        var laptop = _cluster.Hosts[Cluster.LearnersMachine];
        laptop.Files.Write("/root/admin.conf", Master.Files.Read("/etc/kubernetes/admin.conf")!);
        var process = laptop.Processes.Start(new ProcessStart(["watcher"], _ => [Wait.Forever]));
        var informer = new Informer(process, ApiClients.FromKubeconfig(process, "/root/admin.conf", "watcher"), ResourcePath.Core(resource));
        informer.Start();
        return informer;
    }

    private void Perform(FaultStep step)
    {
        var node = _cluster.Hosts[step.Fault.Node];
        switch (step.Fault)
        {
            case Fault.Typed typed:
                if ((step.IsRepair ? typed.Undo : typed.Do) is { } command)
                {
                    Type(node, command);
                }

                break;
            case Fault.PowerCut:
                Note($"{node.Name}: power {(step.IsRepair ? "on" : "off")}");
                Switch(node, isOn: step.IsRepair);
                break;
            case Fault.PulledCable:
                Note($"{node.Name}: cable {(step.IsRepair ? "plugged" : "pulled")}");
                Card(node).Cabled = step.IsRepair;
                break;
            case Fault.Partition partition:
                Note($"{node.Name}: {(step.IsRepair ? "together with" : "apart from")} {partition.Other}");
                Separate(node, _cluster.Hosts[partition.Other], step.IsRepair);
                break;
        }
    }

    private void Repair(FaultSequence sequence)
    {
        Note("repair");
        foreach (var fault in sequence.Faults)
        {
            if (fault is not Fault.Typed)
            {
                Perform(new FaultStep(TimeSpan.Zero, fault, IsRepair: true));
            }
        }

        foreach (var name in _cluster.Spec.Nodes)
        {
            Switch(_cluster.Hosts[name], isOn: true);
        }

        // Whoever mends a machine waits until it is up, and until what was still going on there is over.
        World.Advance(TimeSpan.FromSeconds(60));
        foreach (var fault in sequence.Faults.Reverse())
        {
            Perform(new FaultStep(TimeSpan.Zero, fault, IsRepair: true));
            World.Advance(TimeSpan.FromSeconds(2));
        }

        foreach (var name in _cluster.Spec.Nodes)
        {
            Type(_cluster.Hosts[name], "systemctl reset-failed; systemctl start network ssh containerd kubelet");
        }
    }

    private static void Switch(Host host, bool isOn)
    {
        if (isOn)
        {
            host.PowerOn();
        }
        else
        {
            host.PowerOff();
        }
    }

    private static NetworkInterface Card(Host host) => host.Network.Stack.Interface(Lan.CardName)!;

    private void Separate(Host one, Host other, bool isRepair)
    {
        if (isRepair)
        {
            _cluster.Lan.Segment.Join(Card(one), Card(other));
        }
        else
        {
            _cluster.Lan.Segment.Separate(Card(one), Card(other));
        }
    }

    // Nobody waits for the command: whoever breaks a cluster has more than one window open.
    private void Type(Host host, string command)
    {
        if (!host.IsPoweredOn)
        {
            Note($"{host.Name} is off and takes no \"{command}\"");
            return;
        }

        Note($"{host.Name}# {command}");
        Console(host, command, new StringBuilder());
    }

    internal static Process Console(Host host, string command, StringBuilder output)
    {
        var stream = new TextStream(host.World, piece => output.Append(piece));
        return host.Processes.Start(new ProcessStart(["bash", "-c", command], ShellProgram.Bash)
        {
            Output = stream,
            Error = stream,
            WorkingDirectory = "/root",
            Environment = ImmutableDictionary<string, string>.Empty.Add("HOME", "/root"),
        });
    }

    private void Note(string what) => _story.Add($"{World.Now:hh\\:mm\\:ss\\.fff} {what}");
}
