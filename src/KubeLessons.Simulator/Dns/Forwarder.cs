using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Dns;

/// <summary>CoreDNS' forward plugin: asks other name servers over the network, each once.</summary>
internal sealed class Forwarder
{
    /// <summary>How long it waits for an upstream's answer (plugin/forward: readTimeout).</summary>
    public static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(2);

    private readonly Process _self;
    private readonly string _zone;
    private readonly ImmutableArray<string> _except;

    /// <param name="self">CoreDNS' process.</param>
    /// <param name="plugin">The directive <c>forward ZONE UPSTREAM…</c>; an upstream is an address or a file such as /etc/resolv.conf.</param>
    public Forwarder(Process self, CorefilePlugin plugin)
    {
        _self = self;
        _zone = plugin.Arguments is [var zone, ..] ? zone.TrimEnd('.') : "";
        _except = [.. (plugin.Option("except") ?? []).Select(static zone => zone.TrimEnd('.'))];
        Upstreams = [.. plugin.Arguments.Skip(1).SelectMany(Servers)];
    }

    public ImmutableArray<(Ipv4Address Ip, int Port)> Upstreams { get; }

    /// <summary>The answer of the first upstream that gives one; null when the name is not its business. <paramref name="failed"/> is told why nobody answered.</summary>
    public DnsAnswer? Answer(DnsQuestion question, TimeSpan now, Action<string> failed)
    {
        if (!ZoneNames.Contains(_zone, question.Name) || ZoneNames.Longest(_except, question.Name) is not null || Upstreams.IsEmpty)
        {
            return null;
        }

        var takes = TimeSpan.Zero;
        var reason = "";
        foreach (var (ip, port) in Upstreams)
        {
            var exchange = _self.Network.Request(ip, port);
            if (exchange.Connection is { } connection && connection.Listener.Handler is DnsService service)
            {
                var answer = service.Respond(question with { Client = connection.ServerRemote }, now);
                return answer with { Takes = takes + exchange.Elapsed + answer.Takes, IsAuthoritative = false };
            }

            (reason, var waited) = exchange.Outcome switch
            {
                ExchangeOutcome.Lost or ExchangeOutcome.Answered => ("i/o timeout", ReadTimeout),
                _ => ("read: " + Lower(exchange.Error.Message()), exchange.Elapsed),
            };
            takes += waited;
            var from = exchange.Trace.Hops is [{ Packet: var sent }, ..] ? $"{sent.Source}:{sent.SourcePort}" : "";
            reason = $"read udp {from}->{ip}:{port}: {reason}";
        }

        failed(reason);
        return new DnsAnswer(DnsCode.ServerFailure, []) { Takes = takes };
    }

    private IEnumerable<(Ipv4Address Ip, int Port)> Servers(string upstream)
    {
        if (upstream.StartsWith('/'))
        {
            // The library's own default for a file without servers, the host itself, is none of CoreDNS'.
            return _self.Files.Read(upstream)?.Contains("nameserver", StringComparison.Ordinal) == true
                ? ResolverSettings.Read(_self.Files).Servers.Select(static server => (server, 53))
                : [];
        }

        var text = upstream[(upstream.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0)..];
        var (host, port) = text.Split(':') is [var name, var number] && int.TryParse(number, out var parsed) ? (name, parsed) : (text, 53);
        return Ipv4Address.TryParse(host, out var ip) ? [(ip, port)] : [];
    }

    private static string Lower(string message) => char.ToLowerInvariant(message[0]) + message[1..];
}
