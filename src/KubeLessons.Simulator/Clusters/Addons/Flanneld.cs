using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Clusters.Addons;

/// <summary>
/// flannel's agent of one node, with the host-gw backend: it tells the CNI plugin the node's pod subnet and keeps a route to
/// every other node's. When it ends, what it wrote and the routes stay.
/// </summary>
internal sealed class Flanneld
{
    public const string SubnetFile = "/run/flannel/subnet.env";

    /// <summary>Between two attempts to reach the API server.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    /// <summary>It looks so often whether somebody took its routes away (backend/route_network.go: routeCheckRetries).</summary>
    private static readonly TimeSpan RouteCheckPeriod = TimeSpan.FromSeconds(10);

    private readonly Process _self;
    private readonly TimeSpan _from;
    private readonly Informer _nodes;
    private readonly string _network;
    private readonly Dictionary<string, (Ipv4Prefix Pods, Ipv4Address Node)> _routes = new(StringComparer.Ordinal);
    private FlannelRules? _rules;
    private bool _checkPlanned;

    private Flanneld(Process self, ApiClient client, string network)
    {
        (_self, _network, _from) = (self, network, self.World.Now);
        _nodes = new Informer(self, client, ResourcePath.Core("nodes"));
        _nodes.Changed += (before, after) => OnNode((after ?? before)!, isGone: after is null);
    }

    public static IEnumerable<Wait> Main(Process self)
    {
        var (client, error) = ApiClients.TryInCluster(self, "flanneld");
        if (client is null)
        {
            self.Error.WriteLine($"{Stamp(self, 'E')} main.go:228] Failed to create SubnetManager: {error}");
            self.Exit(1);
            yield break;
        }

        var network = "172.16.0.0/16";
        if (self.Files.Read("/etc/kube-flannel/net-conf.json") is { } text
            && DocJson.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var configuration, out _))
        {
            network = configuration.Text("Network") ?? network;
        }

        while (!client.CanReachServer())
        {
            yield return Wait.For(RetryPause);
        }

        self.Error.WriteLine($"{Stamp(self, 'I')} main.go:211] CLI flags config: {{kubeSubnetMgr:true ipMasq:true}}");
        var agent = new Flanneld(self, client, network);
        agent.GuardRoutes();
        agent._nodes.Start();
        yield return Wait.Forever;
    }

    private void OnNode(Doc node, bool isGone)
    {
        var name = node.Text("metadata", "name") ?? "";
        if (name == _self.Host.Name)
        {
            WriteSubnet(node);
            return;
        }

        var known = _routes.TryGetValue(name, out var route);
        (Ipv4Prefix Pods, Ipv4Address Node)? wanted = isGone ? null : RouteOf(node);
        if (known && wanted != route)
        {
            _self.Network.Stack.Routes.Remove(existing => existing.Destination == route.Pods && existing.Gateway == route.Node);
            _routes.Remove(name);
        }

        if (wanted is { } next && (!known || next != route))
        {
            _routes[name] = next;
            PodNetwork.RouteTo(_self.Network.Stack, next.Pods, next.Node);
            _self.Error.WriteLine($"{Stamp(_self, 'I')} route_network.go:55] Subnet added: {next.Pods} via {next.Node}");
        }
    }

    // A tick at which nothing can have changed costs no turn: a route that goes asks for the next one.
    private void GuardRoutes()
    {
        var table = _self.Network.Stack.Routes;
        table.Lost += CheckAtNextTick;
        _self.OnExit(() => table.Lost -= CheckAtNextTick);
    }

    private void CheckAtNextTick()
    {
        if (_checkPlanned || _self.HasExited || HasAllRoutes())
        {
            return;
        }

        _checkPlanned = true;
        var ticks = ((_self.World.Now - _from).Ticks / RouteCheckPeriod.Ticks) + 1;
        _self.After(_from + (RouteCheckPeriod * ticks) - _self.World.Now, RestoreRoutes);
    }

    private bool HasAllRoutes()
    {
        var there = new HashSet<(Ipv4Prefix, Ipv4Address?)>();
        foreach (var route in _self.Network.Stack.Routes.Routes)
        {
            there.Add((route.Destination, route.Gateway));
        }

        foreach (var (pods, node) in _routes.Values)
        {
            if (!there.Contains((pods, node)))
            {
                return false;
            }
        }

        return true;
    }

    private void RestoreRoutes()
    {
        _checkPlanned = false;
        if (_self.Network.Stack.Interface(Lan.CardName) is { AdminUp: true, Addresses.Count: > 0 })
        {
            foreach (var (pods, node) in _routes.Values)
            {
                PodNetwork.RouteTo(_self.Network.Stack, pods, node);
            }
        }

        CheckAtNextTick();
    }

    private void WriteSubnet(Doc node)
    {
        if (node.Text("spec", "podCIDR") is not { } cidr || !Ipv4Prefix.TryParse(cidr, out var subnet))
        {
            return;
        }

        var content = $"FLANNEL_NETWORK={_network}\nFLANNEL_SUBNET={subnet.Host(1)}/{subnet.Length}\nFLANNEL_MTU=1500\nFLANNEL_IPMASQ=true\n";
        if (_self.Host.Files.Read(SubnetFile) != content)
        {
            _self.Host.Files.Write(SubnetFile, content);
            _self.Error.WriteLine($"{Stamp(_self, 'I')} main.go:442] Wrote subnet file to {SubnetFile}");
        }

        _rules ??= new FlannelRules(_self, _network, subnet);
    }

    private static (Ipv4Prefix Pods, Ipv4Address Node)? RouteOf(Doc node)
    {
        if (node.Text("spec", "podCIDR") is not { } cidr || !Ipv4Prefix.TryParse(cidr, out var pods))
        {
            return null;
        }

        foreach (var address in node.List("status", "addresses"))
        {
            if (address.Text("type") == "InternalIP" && Ipv4Address.TryParse(address.Text("address"), out var ip))
            {
                return (pods, ip);
            }
        }

        return null;
    }

    // klog's prefix.
    private static string Stamp(Process self, char severity) =>
        $"{severity}{self.World.UtcNow:MMdd HH:mm:ss.ffffff}{self.Id,8}";
}
