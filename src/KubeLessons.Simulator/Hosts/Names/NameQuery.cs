using System.Collections.Immutable;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Names;

/// <summary>
/// One look-up in the DNS as a resolver library does it: the candidates of the search list in turn, each asked of the servers in
/// turn, each server given some time. It is a sequence of waits, so that a program lives through it and whoever needs the answer
/// at once may add the waits up instead.
/// </summary>
public sealed class NameQuery
{
    private readonly Process _self;
    private readonly ResolverSettings _settings;

    public NameQuery(Process self, ResolverSettings? settings = null) =>
        (_self, _settings) = (self, settings ?? ResolverSettings.Read(self.Files));

    /// <summary>The last answer of a server; null: no server answered at all.</summary>
    public DnsAnswer? Answer { get; private set; }

    /// <summary>The full name that the answer is about.</summary>
    public string AnsweredName { get; private set; } = "";

    /// <summary>The server that answered, or that was asked last.</summary>
    public Ipv4Address Server { get; private set; }

    /// <summary>How the last attempt to reach a server ended.</summary>
    public Exchange? LastAttempt { get; private set; }

    public bool HasRecords => Answer is { Records.Length: > 0 };

    /// <summary>The addresses among the records, in their order.</summary>
    public ImmutableArray<Ipv4Address> Addresses =>
        [.. (Answer?.Records ?? []).Where(record => record.Type == DnsType.A).Select(record => Ipv4Address.Parse(record.Value))];

    /// <summary>Looks a name up, by way of the search list.</summary>
    public IEnumerable<TimeSpan> Lookup(string name, DnsType type)
    {
        foreach (var candidate in _settings.Candidates(name.ToLowerInvariant()))
        {
            foreach (var wait in Ask(candidate, type))
            {
                yield return wait;
            }

            if (HasRecords || Answer is null)
            {
                yield break;
            }
        }
    }

    /// <summary>Asks for exactly this name.</summary>
    public IEnumerable<TimeSpan> Ask(string name, DnsType type)
    {
        for (var attempt = 0; attempt < _settings.Attempts; attempt++)
        {
            foreach (var server in _settings.Servers)
            {
                Server = server;
                Answer = null;
                var exchange = _self.Network.Request(server, 53);
                LastAttempt = exchange;
                if (exchange.Connection is { Listener.Handler: DnsService service } asked)
                {
                    var answer = service.Respond(new DnsQuestion(name, type) { Client = asked.ServerRemote }, _self.World.Now);
                    yield return exchange.Elapsed + answer.Takes;
                    (Answer, AnsweredName) = (answer, name);
                    if (answer.Code is DnsCode.NoError or DnsCode.NameError)
                    {
                        yield break;
                    }

                    continue;
                }

                // Silence takes the whole time-out; an ICMP error is heard at once.
                yield return exchange.Outcome is ExchangeOutcome.Lost or ExchangeOutcome.Answered ? _settings.Timeout : exchange.Elapsed;
            }
        }
    }
}
