using System.Text.Json;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.Filtering;
using KubeLessons.Simulator.Network.KubeProxy;

namespace KubeLessons.Simulator.Tests.Network;

/// <summary>The rules that kube-proxy writes, against what a real kube-proxy 1.20.2 wrote for the same Services (Recorded/kube-proxy/record).</summary>
public class KubeProxyTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Network", "Recorded", "kube-proxy");

    [Fact]
    public void A_real_kube_proxy_writes_the_same_rules()
    {
        var node = new Fabric(() => 0.5).AddNamespace("w1-k8s");
        ProxyTables.EnsureCanaries(node, ProxyTables.ProxyCanary);

        ProxyTables.Sync(node, Settings(20), Services()).ShouldBeNull();

        var written = Sorted(IptablesSaveCommand.Run(node, [], default).Output);
        var recorded = Sorted(File.ReadAllText(Path.Combine(Folder, "iptables-1.20.txt")));
        written.Except(recorded).ShouldBeEmpty();
        recorded.Except(written).ShouldBeEmpty();
        written.ShouldBe(recorded);
    }

    [Fact]
    public void Syncing_again_changes_nothing_and_a_service_that_is_gone_leaves_nothing()
    {
        var node = new Fabric(() => 0.5).AddNamespace("w1-k8s");
        foreach (var minor in new[] { 20, 33 })
        {
            node.Netfilter.Reset();
            ProxyTables.Sync(node, Settings(minor), []).ShouldBeNull();
            var empty = IptablesSaveCommand.Run(node, [], default).Output;

            ProxyTables.Sync(node, Settings(minor), Services()).ShouldBeNull();
            var full = IptablesSaveCommand.Run(node, [], default).Output;
            ProxyTables.Sync(node, Settings(minor), Services()).ShouldBeNull();

            IptablesSaveCommand.Run(node, [], default).Output.ShouldBe(full);
            ProxyTables.Sync(node, Settings(minor), []).ShouldBeNull();
            IptablesSaveCommand.Run(node, [], default).Output.ShouldBe(empty);
        }
    }

    [Fact]
    public void Chain_names_are_those_of_every_cluster()
    {
        var ip = Ipv4Address.Parse("10.96.0.10");
        ChainNames.Cluster(new("default", "kubernetes", "https", Protocol.Tcp, ip, 443)).ShouldBe("KUBE-SVC-NPX46M4PTMTKRN6Y");
        ChainNames.Cluster(new("kube-system", "kube-dns", "dns", Protocol.Udp, ip, 53)).ShouldBe("KUBE-SVC-TCOU7JCQXEZGVUNU");
        ChainNames.Cluster(new("kube-system", "kube-dns", "dns-tcp", Protocol.Tcp, ip, 53)).ShouldBe("KUBE-SVC-ERIFXISQEP7F7OF4");
        ChainNames.Cluster(new("kube-system", "kube-dns", "metrics", Protocol.Tcp, ip, 9153)).ShouldBe("KUBE-SVC-JD5MR3NA4I4DYORP");
    }

    [Fact]
    public void The_newer_layout_has_chains_for_external_traffic_and_for_endpoints_of_this_node()
    {
        var node = new Fabric(() => 0.5).AddNamespace("w1-k8s");
        ProxyTables.Sync(node, Settings(33), Services()).ShouldBeNull();
        var services = Services().ToDictionary(port => port.FullName + port.ProtocolName);
        var three = services["default/three:httptcp"];
        var local = services["shop/local-heretcp"];
        var guarded = services["shop/guardedtcp"];

        Rules(node, "nat", ChainNames.External(three)).ShouldBe(
        [
            "-m comment --comment \"masquerade traffic for default/three:http external destinations\" -j KUBE-MARK-MASQ",
            $"-j {ChainNames.Cluster(three)}",
        ]);
        Rules(node, "nat", ChainNames.Cluster(three)).ShouldBe(
        [
            "! -s 172.16.0.0/16 -d 10.100.1.3/32 -p tcp -m comment --comment \"default/three:http cluster IP\" -m tcp --dport 80 -j KUBE-MARK-MASQ",
            $"-m comment --comment \"default/three:http -> 172.16.101.10:80\" -m statistic --mode random --probability 0.33333333349 -j {Endpoint(three, 0)}",
            $"-m comment --comment \"default/three:http -> 172.16.101.2:80\" -m statistic --mode random --probability 0.50000000000 -j {Endpoint(three, 1)}",
            $"-m comment --comment \"default/three:http -> 172.16.102.3:80\" -j {Endpoint(three, 2)}",
        ]);
        Rules(node, "nat", ChainNames.External(local)).ShouldBe(
        [
            $"-s 172.16.0.0/16 -m comment --comment \"pod traffic for shop/local-here external destinations\" -j {ChainNames.Cluster(local)}",
            "-m comment --comment \"masquerade LOCAL traffic for shop/local-here external destinations\" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ",
            $"-m comment --comment \"route LOCAL traffic for shop/local-here external destinations\" -m addrtype --src-type LOCAL -j {ChainNames.Cluster(local)}",
            $"-j {ChainNames.Local(local)}",
        ]);
        Rules(node, "nat", ChainNames.Local(local)).Count(rule => rule.Contains("-m recent") && rule.Contains("--rcheck --seconds 60 --reap")).ShouldBe(2);
        Rules(node, "filter", "KUBE-NODEPORTS").ShouldBe(["-p tcp -m comment --comment \"shop/local-here health check node port\" -m tcp --dport 32100 -j ACCEPT"]);
        Rules(node, "filter", "KUBE-PROXY-FIREWALL").ShouldBe(
            [$"-d 203.0.113.9/32 -p tcp -m comment --comment \"shop/guarded traffic not accepted by {ChainNames.SourceRanges(guarded)}\" -m tcp --dport 80 -j DROP"]);
        Rules(node, "filter", "KUBE-EXTERNAL-SERVICES").ShouldContain(
            "-p tcp -m comment --comment \"shop/local-elsewhere has no local endpoints\" -m addrtype --dst-type LOCAL -m tcp --dport 30084 -j DROP");
        Rules(node, "nat", "KUBE-SERVICES")[^1].ShouldBe(
            "-m comment --comment \"kubernetes service nodeports; NOTE: this must be the last rule in this chain\" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS");

        string Endpoint(ProxiedPort port, int index) => ChainNames.Endpoint(port, port.Endpoints.Where(endpoint => endpoint.IsReady)
            .OrderBy(endpoint => endpoint.Address, StringComparer.Ordinal).ElementAt(index));
    }

    internal static ProxySettings Settings(int minor) => new(minor) { ClusterCidr = Ipv4Prefix.Parse("172.16.0.0/16"), NodeIp = Ipv4Address.Parse("192.168.1.101") };

    private static List<string> Rules(NetworkNamespace node, string table, string chain) =>
        [.. IptablesCommand.Run(node, ["-t", table, "-S", chain]).Output.Split('\n')[1..^1].Select(line => line[$"-A {chain} ".Length..])];

    // Services are written in a random order, so that only the order within one Service's chains is promised.
    private static List<string> Sorted(string saved)
    {
        var lines = saved.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToList();
        string[] shared = ["-A KUBE-SERVICES ", "-A KUBE-NODEPORTS ", "-A KUBE-EXTERNAL-SERVICES "];
        var sorted = new List<string>();
        foreach (var group in lines.GroupBy(line => Array.FindIndex(shared, prefix => line.StartsWith(prefix, StringComparison.Ordinal))).OrderBy(group => group.Key))
            sorted.AddRange(group.Key < 0 ? group : group.Order(StringComparer.Ordinal));
        return sorted;
    }

    private static List<ProxiedPort> Services()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "services.json")));
        var endpoints = document.RootElement.GetProperty("endpoints");
        var ports = new List<ProxiedPort>();
        foreach (var service in document.RootElement.GetProperty("services").EnumerateArray())
        {
            var (space, name) = (Text(service, "namespace"), Text(service, "name"));
            foreach (var port in service.GetProperty("ports").EnumerateArray())
            {
                var found = endpoints.TryGetProperty($"{space}/{name}", out var byPort) && byPort.TryGetProperty(Text(port, "name"), out var listed)
                    ? listed.EnumerateArray().Select(address => Endpoint(address.GetString()!)).ToList() : [];
                ports.Add(new(space, name, Text(port, "name"), Enum.Parse<Protocol>(Text(port, "protocol"), true), Ipv4Address.Parse(Text(service, "clusterIP")), Number(port, "port"))
                {
                    NodePort = Number(port, "nodePort"),
                    ExternalIps = [.. List(service, "externalIPs").Select(Ipv4Address.Parse)],
                    LoadBalancerIps = [.. List(service, "loadBalancerIPs").Select(Ipv4Address.Parse)],
                    LoadBalancerSourceRanges = [.. List(service, "sourceRanges").Select(text => Ipv4Prefix.Parse(text))],
                    IsExternalLocal = service.TryGetProperty("externalLocal", out _),
                    AffinitySeconds = Number(service, "affinity"),
                    HealthCheckNodePort = Number(service, "healthCheckNodePort"),
                    Endpoints = found,
                });
            }
        }
        return ports;
    }

    private static ProxiedEndpoint Endpoint(string text)
    {
        var parts = text.TrimStart('!').Split(':');
        return new(Ipv4Address.Parse(parts[0]), int.Parse(parts[1]), parts[0].StartsWith("172.16.101.", StringComparison.Ordinal)) { IsReady = text[0] != '!' };
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString()! : "";

    private static int Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetInt32() : 0;

    private static IEnumerable<string> List(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.EnumerateArray().Select(item => item.GetString()!) : [];
}
