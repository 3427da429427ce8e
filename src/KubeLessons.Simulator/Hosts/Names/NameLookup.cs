using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Names;

/// <summary>
/// What became of a name: its address, or the reason in Go's words. <paramref name="Server"/> is " on SERVER:53" when a name server
/// was asked.
/// </summary>
public sealed record ResolvedName(Ipv4Address? Address, string Server, string? Error, TimeSpan Takes)
{
    /// <summary>A server said that there is no such name; false: none could be asked.</summary>
    public bool IsUnknown { get; init; }
}

/// <summary>A process' view of names: literal addresses, then /etc/hosts (hosts(5)), then the DNS.</summary>
public static class NameLookup
{
    /// <summary>Resolves a name at this instant; the time it takes is for the caller to spend.</summary>
    public static ResolvedName Resolve(Process self, string name)
    {
        if (WithoutDns(self, name) is { } known)
        {
            return new ResolvedName(known, "", null, TimeSpan.Zero);
        }

        var query = new NameQuery(self);
        var takes = TimeSpan.Zero;
        foreach (var wait in query.Lookup(name, DnsType.A))
        {
            takes += wait;
        }

        return Result(query, takes);
    }

    /// <summary>Resolves a name as a program that lives through the waits; the result goes to <paramref name="found"/>.</summary>
    public static IEnumerable<Wait> Resolve(Process self, string name, Action<ResolvedName> found)
    {
        if (WithoutDns(self, name) is { } known)
        {
            found(new ResolvedName(known, "", null, TimeSpan.Zero));
            yield break;
        }

        var (query, began) = (new NameQuery(self), self.World.Now);
        foreach (var wait in query.Lookup(name, DnsType.A))
        {
            yield return Wait.For(wait);
        }

        found(Result(query, self.World.Now - began));
    }

    /// <summary>The first line of /etc/hosts that has the name.</summary>
    public static Ipv4Address? FromHostsFile(FileSystem files, string name)
    {
        foreach (var line in (files.Read("/etc/hosts") ?? "").Split('\n'))
        {
            var words = line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words.AsSpan(1).Contains(name) && Ipv4Address.TryParse(words[0], out var address))
            {
                return address;
            }
        }

        return null;
    }

    private static Ipv4Address? WithoutDns(Process self, string name) =>
        Ipv4Address.TryParse(name, out var literal) ? literal : FromHostsFile(self.Files, name);

    private static ResolvedName Result(NameQuery query, TimeSpan takes)
    {
        var server = $" on {query.Server}:53";
        if (query.Addresses is [var first, ..])
        {
            return new ResolvedName(first, server, null, takes);
        }

        return query.Answer is { } answer
            ? new ResolvedName(null, server, answer.Code == DnsCode.ServerFailure ? "server misbehaving" : "no such host", takes) { IsUnknown = true }
            : new ResolvedName(null, server, Unreached(query), takes);
    }

    private static string Unreached(NameQuery query) => query.LastAttempt is { Outcome: ExchangeOutcome.Rejected or ExchangeOutcome.NoRoute } attempt
        ? $"read udp {query.Server}:53: {char.ToLowerInvariant(attempt.Error.Message()[0])}{attempt.Error.Message()[1..]}"
        : "i/o timeout";
}
