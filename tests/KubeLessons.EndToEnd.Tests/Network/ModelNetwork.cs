using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Network.Filtering;

namespace KubeLessons.EndToEnd.Tests.Network;

/// <summary>The same topology in the simulator. A new one for each rule set.</summary>
internal sealed class ModelNetwork
{
    private readonly Fabric fabric;
    private TimeSpan now = TimeSpan.FromHours(1);
    private int identifier = 1000;

    public ModelNetwork(RuleSet rules)
    {
        var random = new Random(rules.Seed);
        fabric = Topology.Model(random.NextDouble);
        var router = Host("r");
        router.Sysctls.TrySet(NetworkSysctls.BridgeCallsIptables, rules.FiltersBridged ? "1" : "0");
        var output = IptablesRestoreCommand.Run(router, [], rules.Text);
        Refusal = output.ExitCode == 0 ? null : output.Error;
    }

    /// <summary>What iptables-restore said when it refused the rules.</summary>
    public string? Refusal { get; }

    public string Explanation { get; private set; } = "";

    /// <summary>
    /// An ICMP error about a TCP reset was sent. Inside one machine it comes back while the client is still sending its SYN, before
    /// the sequence number that it speaks of counts as sent; whether it is heeded is a matter of timing, and cannot be compared.
    /// </summary>
    public bool IsAboutReset { get; private set; }

    /// <summary>The rules with what each has counted.</summary>
    public string Counters() => IptablesSaveCommand.Run(Host("r"), ["-c"], default).Output;

    public Observed Try(Probe probe)
    {
        now += TimeSpan.FromMilliseconds(50);
        var (from, to) = (Host(probe.From), Ipv4Address.Parse(probe.To));
        var exchange = probe.Protocol switch
        {
            Protocol.Tcp => fabric.Connect(from, to, probe.Port, now),
            Protocol.Udp => fabric.Request(from, to, probe.Port, now),
            _ => fabric.Ping(from, to, now, ++identifier),
        };
        Explanation = exchange.Trace.ToString();
        IsAboutReset = exchange.Trace.Hops.Any(hop => hop.Packet.Icmp?.Quoted is { Protocol: Protocol.Tcp } quoted && quoted.Flags.HasFlag(TcpFlags.Rst));
        if (!exchange.Succeeded)
            return new(exchange.Outcome == ExchangeOutcome.Lost || exchange.Elapsed > TimeSpan.FromSeconds(1) ? "lost" : exchange.Error.ToString());
        return exchange.Connection is not { } connection ? new("answered")
            : new("answered", connection.ServerLocal.ToString(), connection.ServerRemote.Ip.ToString(), connection.ServerRemote.Port)
            {
                ClientPort = connection.Local.Port,
                IsHalf = !connection.IsAccepted,
            };
    }

    private NetworkNamespace Host(string name) => fabric.Namespaces.First(host => host.Name == name);
}
