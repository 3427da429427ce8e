using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Tools.Resolving;

/// <summary>
/// Questions as a tool that looks into the DNS puts them: to each server in turn, so many times, without the resolver library
/// in between. What went wrong on the way is kept, attempt by attempt.
/// </summary>
internal sealed class DnsProbe(Process self, IReadOnlyList<Ipv4Address> servers)
{
    public int Port { get; init; } = 53;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public int Tries { get; init; } = 3;

    /// <summary>The answer to the last question; null: none came.</summary>
    public DnsAnswer? Answer { get; private set; }

    /// <summary>Who answered, or was asked last.</summary>
    public Ipv4Address Server { get; private set; } = servers[0];

    /// <summary>How long the attempt took that was answered.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Called after each attempt that got no answer.</summary>
    public Action<DnsProbe, Exchange>? Failed { get; init; }

    /// <summary>Asks for exactly this name. The next server is tried after silence and after an error.</summary>
    public IEnumerable<Wait> Ask(string name, DnsType type)
    {
        Answer = null;
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            foreach (var server in servers)
            {
                Server = server;
                var exchange = self.Network.Request(server, Port);
                if (exchange.Connection is { Listener.Handler: DnsService service } asked)
                {
                    var question = new DnsQuestion(name.ToLowerInvariant(), type) { Client = asked.ServerRemote };
                    var answer = service.Respond(question, self.World.Now);
                    Took = exchange.Elapsed + answer.Takes;
                    yield return Wait.For(Took);
                    Answer = answer;
                    yield break;
                }

                yield return Wait.For(IsSilent(exchange) ? Timeout : exchange.Elapsed);
                Failed?.Invoke(this, exchange);
            }
        }
    }

    /// <summary>Nothing came back: the packet was lost, or whoever has the port is no name server.</summary>
    public static bool IsSilent(Exchange exchange) => exchange.Outcome is ExchangeOutcome.Lost or ExchangeOutcome.Answered;

    /// <summary>What BIND 9.18's tools call a failed attempt.</summary>
    public static string Reason(Exchange exchange) => exchange switch
    {
        _ when IsSilent(exchange) => "timed out",
        { Error: Errno.HostUnreachable } => "host unreachable",
        { Error: Errno.NetworkUnreachable } => "network unreachable",
        { Error: Errno.NotPermitted or Errno.AccessDenied } => "permission denied",
        _ => "connection refused",
    };
}
