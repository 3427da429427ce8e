using System.Text;
using KubeLessons.Simulator.Clusters;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Tests.Faults;

/// <summary>Calls every Service from every node and from one pod of each node, by address and by name, as people do.</summary>
internal sealed class ServiceCalls(Cluster cluster, DeclaredState declared, SeededRandom random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The calls that were not answered.</summary>
    public IEnumerable<string> Failures()
    {
        var calls = new List<(string From, string Command, Process Process, StringBuilder Output)>();
        var node = cluster.Hosts[cluster.Spec.Nodes[random.Next(cluster.Spec.Nodes.Length)]];
        var agent = declared.All("pods").FirstOrDefault(pod => pod.Text("metadata", "labels", "app") == "agent" && pod.Text("spec", "nodeName") == node.Name);
        if (agent is null)
        {
            yield return $"{node.Name} has no agent, though the DaemonSet says that it has";
            yield break;
        }

        foreach (var service in declared.All("services").Where(service => service.Text("metadata", "namespace") == Workload.Namespace))
        {
            var name = service.Text("metadata", "name")!;
            if (service.Text("spec", "clusterIP") is { } address and not "None")
            {
                foreach (var host in cluster.Spec.Nodes)
                {
                    Call(host, $"curl -s -o /dev/null --max-time 10 http://{address}");
                }
            }

            if (service.List("spec", "ports")[0].Int("nodePort") is { } port)
            {
                Call(Cluster.LearnersMachine, $"curl -s -o /dev/null --max-time 10 http://{node.Address}:{port}");
            }

            Exec($"wget -q -O /dev/null -T 10 http://{name}");
        }

        Exec($"wget -q -O /dev/null -T 10 http://web.{Workload.Namespace}.svc.cluster.local");
        foreach (var (from, command, process, output) in calls)
        {
            var ended = cluster.World.RunUntil(() => process.HasExited, cluster.World.Now + Patience);
            if (!ended || process.ExitCode != 0)
            {
                yield return $"on {from}, {command} ends with {(ended ? process.ExitCode : "nothing")}: {output}";
            }
        }

        void Exec(string command) => Call(cluster.ControlPlane.Name,
            $"kubectl exec -n {Workload.Namespace} {agent.Text("metadata", "name")} -- {command}");

        void Call(string host, string command)
        {
            var output = new StringBuilder();
            calls.Add((host, command, FaultRun.Console(cluster.Hosts[host], command, output), output));
        }
    }
}
