using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Dns;

/// <summary>CoreDNS' hosts plugin: names from a file in the form of /etc/hosts, and from its own lines.</summary>
internal sealed class HostsTable
{
    private const int DefaultTtl = 3600;

    private readonly Process _self;
    private readonly string _file;
    private readonly ImmutableArray<string> _zones;
    private readonly ImmutableArray<string>? _fallthrough;
    private readonly int _ttl;
    private readonly Dictionary<string, List<string>> _inline = new(StringComparer.Ordinal);

    public HostsTable(Process self, CorefilePlugin plugin)
    {
        _self = self;
        _file = plugin.Arguments is [var file, ..] ? file : "/etc/hosts";
        _zones = plugin.Arguments.Length > 1 ? [.. plugin.Arguments.Skip(1).Select(static zone => zone.TrimEnd('.'))] : [""];
        _fallthrough = plugin.Option("fallthrough");
        _ttl = plugin.Number("ttl", DefaultTtl);
        foreach (var line in plugin.Options)
        {
            Add(_inline, line.AsSpan());
        }
    }

    public DnsAnswer? Answer(DnsQuestion question)
    {
        if (ZoneNames.Longest(_zones, question.Name) is null)
        {
            return null;
        }

        var addresses = Addresses(question.Name);
        if (addresses.Count > 0)
        {
            var records = addresses.Select(ip => new DnsRecord(question.Name, DnsType.A, _ttl, ip));
            return new DnsAnswer(DnsCode.NoError, question.Type == DnsType.A ? [.. records] : []) { IsAuthoritative = true };
        }

        return _fallthrough is { } through && (through.IsEmpty || ZoneNames.Longest(through, question.Name) is not null)
            ? null
            : DnsAnswer.NoSuchName with { IsAuthoritative = true };
    }

    private List<string> Addresses(string name)
    {
        if (_inline.TryGetValue(name, out var inline))
        {
            return inline;
        }

        var fromFile = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var line in (_self.Files.Read(_file) ?? "").Split('\n'))
        {
            Add(fromFile, line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
        }

        return fromFile.GetValueOrDefault(name, []);
    }

    private static void Add(Dictionary<string, List<string>> table, ReadOnlySpan<string> words)
    {
        if (words.Length < 2 || !Ipv4Address.TryParse(words[0], out _))
        {
            return;
        }

        foreach (var name in words[1..])
        {
            var key = name.TrimEnd('.').ToLowerInvariant();
            if (!table.TryGetValue(key, out var addresses))
            {
                table.Add(key, addresses = []);
            }

            addresses.Add(words[0]);
        }
    }
}
