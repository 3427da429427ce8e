using System.Collections.Immutable;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Names;

/// <summary>The record types that the simulated world knows; the numbers are DNS' own.</summary>
public enum DnsType
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
}

/// <summary>The response codes of DNS (RFC 1035, RCODE).</summary>
public enum DnsCode
{
    NoError = 0,
    ServerFailure = 2,
    NameError = 3,
    Refused = 5,
}

/// <summary>What is asked. The name has no dot at its end and is in lower case.</summary>
public sealed record DnsQuestion(string Name, DnsType Type)
{
    /// <summary>Who asks, as the server sees it; null: the server itself.</summary>
    public SocketAddress? Client { get; init; }
}

/// <summary>One record. The value is an address, a name, or an SRV record's <c>priority weight port target</c>.</summary>
public sealed record DnsRecord(string Name, DnsType Type, int TtlSeconds, string Value);

/// <summary>An answer; no records and <see cref="DnsCode.NoError"/>: the name exists, but has none of that type.</summary>
public sealed record DnsAnswer(DnsCode Code, ImmutableArray<DnsRecord> Records)
{
    public static DnsAnswer NoSuchName { get; } = new(DnsCode.NameError, []);

    public bool IsAuthoritative { get; init; }

    /// <summary>The zone that an authoritative server answers from: its SOA record comes along when there is no record to give.</summary>
    public string? Zone { get; init; }

    /// <summary>How long the server took.</summary>
    public TimeSpan Takes { get; init; }
}

/// <summary>What a program puts behind UDP (and TCP) port 53: a name server.</summary>
public sealed class DnsService(Func<DnsQuestion, TimeSpan, DnsAnswer> respond)
{
    public DnsAnswer Respond(DnsQuestion question, TimeSpan now) => respond(question, now);
}
