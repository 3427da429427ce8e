using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.Filtering;
using KubeLessons.Simulator.Network.KubeProxy;
using KubeLessons.Simulator.Proxy;
using KubeLessons.Simulator.Tests.Controllers;

namespace KubeLessons.Simulator.Tests.Proxy;

/// <summary>
/// The whole way from Services to rules (API server, endpoint controllers, kube-proxy, the kubelet's chains) against what
/// <c>iptables-save</c> printed on the nodes of a real 1.20.2 cluster with the same Services and pod addresses
/// (Network/Recorded/kit/record).
/// </summary>
public class KitRulesTests
{
    // kube-proxy 1.20 walks its Services in the order of a Go map, which is another at each sync: only the rules of one Service have an order here.
    private static readonly string[] ChainsOverServices = ["KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES"];

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Network", "Recorded", "kit");

    [Theory]
    [InlineData("w1-k8s", 101, "nat")]
    [InlineData("w1-k8s", 101, "filter")]
    [InlineData("w2-k8s", 102, "nat")]
    [InlineData("w2-k8s", 102, "filter")]
    public void A_node_has_the_rules_of_a_real_one_with_the_same_Services_and_pods(string node, int octet, string table)
    {
        var saved = Chains(Saved(node, octet, table));
        var recorded = Chains(Table(File.ReadAllText(Path.Combine(Folder, node + ".txt")), table));

        saved.Keys.Except(recorded.Keys).ShouldBeEmpty();
        recorded.Keys.Except(saved.Keys).ShouldBeEmpty();
        foreach (var (chain, rules) in recorded)
        {
            saved[chain].ShouldBe(rules, chain);
        }

        saved.Values.Sum(rules => rules.Count).ShouldBeGreaterThan(table == "nat" ? 150 : 15);
    }

    private static string Saved(string node, int octet, string table)
    {
        var cluster = SimulatedControlPlane.WithNodes(2, minor: 20, advertiseAddress: "192.168.1.10");
        var lan = new Lan(new Fabric(() => 0.5), "lan", Ipv4Prefix.Parse("192.168.1.0/24"));
        var host = new Host(cluster.World, node, $"192.168.1.{octet}", lan);
        ProxyTables.EnsureKubeletRules(host.Network.Stack, 20);
        ProxyTables.EnsureCanaries(host.Network.Stack, ProxyTables.KubeletCanary);
        var configuration = new ProxyConfiguration { NodeName = node, ClusterCidr = Ipv4Prefix.Parse("172.16.0.0/16") };
        host.Processes.Start(new ProcessStart(
            ["kube-proxy"], self => new NodeProxier(self, cluster.NewClient("kube-proxy", node), configuration, cluster.Version).Run()));
        CreateObjects(cluster);
        cluster.Advance(20);
        return IptablesSaveCommand.Run(host.Network.Stack, ["-t", table], default).Output;
    }

    private static void CreateObjects(SimulatedControlPlane cluster)
    {
        var addresses = File.ReadAllLines(Path.Combine(Folder, "pods.txt")).Select(line => line.Split(' ')).ToDictionary(words => words[0], words => words[1]);
        DocYaml.TryParseAll(File.ReadAllText(Path.Combine(Folder, "services.yaml")), out var documents, out var error).ShouldBeTrue(error);
        foreach (var document in documents)
        {
            var name = document.Text("metadata", "name")!;
            if (document.Text("kind") != "Pod")
            {
                cluster.Apply(document.ToString());
                continue;
            }

            // The scripted kubelets call a pod unready by its image.
            var isReady = document.List("spec", "containers")[0]["readinessProbe"] is null;
            cluster.Apply((isReady ? document : document.With(Doc.Arr(Doc.Obj(("name", "c"), ("image", "broken"))), "spec", "containers")).ToString());
            cluster.Patch(Resources.Pods, name, $$$"""{"status":{"podIP":"{{{addresses[name]}}}"}}""", subresource: "status");
        }

        foreach (var (name, address) in new[] { ("balanced", "203.0.113.10"), ("balanced-local", "203.0.113.11") })
        {
            cluster.Patch(Resources.Services, name, $$$$"""{"status":{"loadBalancer":{"ingress":[{"ip":"{{{{address}}}}"}]}}}""", subresource: "status");
        }
    }

    private static string Table(string text, string table)
    {
        var from = text.IndexOf($"*{table}\n", StringComparison.Ordinal);
        return text[from..(text.IndexOf("COMMIT", from, StringComparison.Ordinal))];
    }

    // The rules of every chain in their order; of a chain over all Services, the rules are put together Service by Service.
    private static Dictionary<string, List<string>> Chains(string saved)
    {
        var chains = new Dictionary<string, List<string>>();
        foreach (var line in saved.Split('\n'))
        {
            if (line.StartsWith(':'))
            {
                chains.Add(line[1..line.IndexOf(' ', StringComparison.Ordinal)], [line[..line.IndexOf('[', StringComparison.Ordinal)]]);
            }
            else if (line.StartsWith("-A ", StringComparison.Ordinal))
            {
                chains[line.Split(' ')[1]].Add(line);
            }
        }

        foreach (var chain in ChainsOverServices.Where(chains.ContainsKey))
        {
            chains[chain] = [.. chains[chain].OrderBy(ServiceOf, StringComparer.Ordinal)];
        }

        return chains;
    }

    private static string ServiceOf(string rule)
    {
        const string Comment = "--comment \"";
        var from = rule.IndexOf(Comment, StringComparison.Ordinal) + Comment.Length;
        return rule.StartsWith(':') || rule.Contains("NOTE: this must be the last rule", StringComparison.Ordinal)
            ? ""
            : rule[from..rule.IndexOfAny([' ', '"'], from)];
    }
}
