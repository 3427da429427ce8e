using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>
/// The portmap CNI plugin, which stands behind the one that makes a pod's network: what arrives at a host port of the node goes to
/// the pod (hostPort). It writes iptables rules and keeps nothing else; whoever flushes the table ends the forwarding.
/// </summary>
public static class PortMapPlugin
{
    private const string Dnat = "CNI-HOSTPORT-DNAT";
    private const string SetMark = "CNI-HOSTPORT-SETMARK";
    private const string Masquerade = "CNI-HOSTPORT-MASQ";
    private const string Mark = "0x2000/0x2000";

    /// <summary>iptables' names of chains have at most so many characters, as the plugins see it.</summary>
    private const int MaxChainName = 28;

    /// <summary>A multiport match takes so many ports.</summary>
    private const int PortsPerRule = 15;

    /// <param name="inner">What makes the pod's network.</param>
    /// <param name="host">The node.</param>
    /// <param name="network">The name of the network in the node's CNI configuration when that lists this plugin; null: it does not.</param>
    public static CniPlugin Behind(CniPlugin inner, Host host, Func<string?> network) => inner with
    {
        Attach = sandbox =>
        {
            var result = inner.Attach(sandbox);
            if (result is { Error: null, Address: { } address } && !sandbox.Config.PortMappings.IsEmpty && network() is { } name)
            {
                Forward(host, name, sandbox, address);
            }

            return result;
        },
        Detach = sandbox =>
        {
            if (!sandbox.Config.PortMappings.IsEmpty)
            {
                TakeBack(host, network() ?? "", sandbox.Id);
            }

            inner.Detach(sandbox);
        },
    };

    /// <summary>The name of a sandbox's own chain: 28 characters of a hash of network and sandbox.</summary>
    public static string ChainOf(string network, string sandbox) =>
        ("CNI-DN-" + Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes(network + sandbox))))[..MaxChainName];

    private static void Forward(Host host, string network, PodSandbox sandbox, string address)
    {
        Ensure(host, SetMark, "-A", ["-m", "comment", "--comment", "CNI portfwd masquerade mark", "-j", "MARK", "--set-xmark", Mark]);
        Ensure(host, Masquerade, "-A", ["-m", "mark", "--mark", Mark, "-j", "MASQUERADE"]);
        Ensure(host, "POSTROUTING", "-I", ["-m", "comment", "--comment", "CNI portfwd requiring masquerade", "-j", Masquerade]);

        // So that 127.0.0.1 on the node may be translated to a pod's address.
        var pod = Ipv4Address.Parse(address);
        var bridge = host.Network.Stack.Routes.Routes.Where(route => route.Destination.Contains(pod)).MaxBy(route => route.Destination.Length)?.Device?.Name;
        if (bridge is not null)
        {
            host.Kernel.SetSysctl($"net.ipv4.conf.{bridge}.route_localnet", "1");
        }

        _ = Nat(host, ["-N", Dnat]);
        foreach (var entry in (ReadOnlySpan<string>)["PREROUTING", "OUTPUT"])
        {
            Ensure(host, entry, "-A", ["-m", "addrtype", "--dst-type", "LOCAL", "-j", Dnat]);
        }

        var chain = ChainOf(network, sandbox.Id);
        _ = Nat(host, ["-N", chain]);
        var subnet = host.Network.Stack.Interface(bridge ?? "")?.Addresses is [var own, ..] ? own.Prefix.Network.ToString() : address;
        foreach (var mapping in sandbox.Config.PortMappings)
        {
            ImmutableArray<string> match =
            [
                "-p", mapping.Protocol.ToLowerInvariant(), "--dport", Number(mapping.HostPort),
                .. mapping.HostAddress is "" or "0.0.0.0" ? (ReadOnlySpan<string>)[] : ["-d", mapping.HostAddress],
            ];
            _ = Nat(host, ["-A", chain, .. match, "-s", subnet, "-j", SetMark]);
            _ = Nat(host, ["-A", chain, .. match, "-s", "127.0.0.1", "-j", SetMark]);
            _ = Nat(host, ["-A", chain, .. match, "-j", "DNAT", "--to-destination", $"{address}:{Number(mapping.ContainerPort)}"]);
        }

        foreach (var protocol in sandbox.Config.PortMappings.GroupBy(mapping => mapping.Protocol.ToLowerInvariant()).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            foreach (var ports in protocol.Select(mapping => mapping.HostPort).Distinct().Order().Chunk(PortsPerRule))
            {
                _ = Nat(host, [
                    "-A", Dnat, "-m", "comment", "--comment", $"dnat name: \"{network}\" id: \"{sandbox.Id}\"",
                    "-m", "multiport", "-p", protocol.Key, "--destination-ports", string.Join(',', ports.Select(Number)), "-j", chain,
                ]);
            }
        }
    }

    private static void TakeBack(Host host, string network, string sandbox)
    {
        var chain = ChainOf(network, sandbox);
        if (host.Network.Stack.Netfilter.Nat.Find(chain) is null)
        {
            return;
        }

        _ = Nat(host, ["-F", chain]);
        for (var at = JumpTo(host, chain); at > 0; at = JumpTo(host, chain))
        {
            _ = Nat(host, ["-D", Dnat, Number(at)]);
        }

        _ = Nat(host, ["-X", chain]);
    }

    // The number of the first rule that leads to a chain; 0: none.
    private static int JumpTo(Host host, string chain)
    {
        var rules = host.Network.Stack.Netfilter.Nat.Find(Dnat)?.Rules ?? [];
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i].Target is JumpTarget jump && jump.Chain == chain)
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static void Ensure(Host host, string chain, string command, ImmutableArray<string> rule)
    {
        _ = Nat(host, ["-N", chain]);
        if (!Nat(host, ["-C", chain, .. rule]))
        {
            _ = Nat(host, [command, chain, .. rule]);
        }
    }

    private static bool Nat(Host host, ImmutableArray<string> words) => IptablesCommand.Run(host.Network.Stack, ["-t", "nat", .. words]).ExitCode == 0;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
