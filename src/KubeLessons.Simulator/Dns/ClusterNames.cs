using System.Collections.Immutable;
using System.Globalization;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Dns;

/// <summary>
/// CoreDNS' kubernetes plugin: names of Services, endpoints and pods below the cluster's domain, and the names of addresses
/// (github.com/kubernetes/dns: Kubernetes DNS-Based Service Discovery).
/// </summary>
internal sealed class ClusterNames
{
    /// <summary>The version of the specification that is followed: the TXT record of <c>dns-version</c>.</summary>
    private const string SchemaVersion = "1.1.0";

    private readonly ServiceDirectory _directory;
    private readonly ImmutableArray<string> _zones;
    private readonly ImmutableArray<string>? _fallthrough;
    private readonly string _podMode;
    private readonly int _ttl;
    private readonly bool _onlyNamedEndpointsHaveNames;

    /// <param name="plugin">The directive <c>kubernetes ZONES…</c>.</param>
    /// <param name="zones">The zones of its server block, for a directive without any.</param>
    /// <param name="directory">What is in the cluster.</param>
    /// <param name="onlyNamedEndpointsHaveNames">An endpoint's address leads to its name only when it has a hostname (since CoreDNS 1.10.1).</param>
    public ClusterNames(CorefilePlugin plugin, ImmutableArray<string> zones, ServiceDirectory directory, bool onlyNamedEndpointsHaveNames)
    {
        _directory = directory;
        _zones = plugin.Arguments.IsEmpty ? zones : [.. plugin.Arguments.Select(static zone => zone.TrimEnd('.').ToLowerInvariant())];
        _fallthrough = plugin.Option("fallthrough");
        _podMode = plugin.Option("pods") is [var mode, ..] ? mode : "disabled";
        _ttl = plugin.Number("ttl", 5);
        _onlyNamedEndpointsHaveNames = onlyNamedEndpointsHaveNames;
    }

    public bool HasSynced => _directory.HasSynced;

    /// <summary>
    /// The answer; null when the name is not this plugin's business. The alias of an ExternalName Service comes without the addresses of
    /// what it stands for.
    /// </summary>
    public DnsAnswer? Answer(DnsQuestion question)
    {
        var zone = ZoneNames.Longest(_zones, question.Name);
        if (zone is null)
        {
            return null;
        }

        if (!_directory.HasSynced)
        {
            return new DnsAnswer(DnsCode.ServerFailure, []);
        }

        var records = ZoneNames.IsReverse(zone) ? Reverse(question) : Forward(question, zone);
        if (records is { } found)
        {
            return new DnsAnswer(DnsCode.NoError, found) { IsAuthoritative = true, Zone = zone };
        }

        return _fallthrough is { } through && (through.IsEmpty || ZoneNames.Longest(through, question.Name) is not null)
            ? null
            : DnsAnswer.NoSuchName with { IsAuthoritative = true, Zone = zone };
    }

    // Null: there is no such name. Empty: there is, but not of that type.
    private ImmutableArray<DnsRecord>? Forward(DnsQuestion question, string zone)
    {
        if (question.Name == zone)
        {
            return [];
        }

        var labels = question.Name[..^(zone.Length + 1)].Split('.');
        if (labels is ["dns-version"])
        {
            return question.Type == DnsType.Txt ? [new DnsRecord(question.Name, DnsType.Txt, _ttl, SchemaVersion)] : [];
        }

        return labels switch
        {
            ["svc" or "pod"] => [],
            [var ns, "svc" or "pod"] => _directory.HasNamespace(ns) ? [] : null,
            [var pod, var ns, "pod"] => Pod(question, pod, ns),
            [.. var before, var service, var ns, "svc"] when before.Length <= 2 => Service(question, zone, before, service, ns),
            _ => null,
        };
    }

    private ImmutableArray<DnsRecord>? Pod(DnsQuestion question, string pod, string ns)
    {
        var ip = pod.Replace('-', '.');
        if (_podMode == "disabled" || !_directory.HasNamespace(ns) || !Ipv4Address.TryParse(ip, out _)
            || (_podMode == "verified" && !_directory.HasPod(ns, ip)))
        {
            return null;
        }

        return question.Type == DnsType.A ? [new DnsRecord(question.Name, DnsType.A, _ttl, ip)] : [];
    }

    private ImmutableArray<DnsRecord>? Service(DnsQuestion question, string zone, string[] before, string name, string ns)
    {
        if (!_directory.HasNamespace(ns) || _directory.Service(ns, name) is not { } service)
        {
            return null;
        }

        if (service.Text("spec", "type") == "ExternalName")
        {
            var target = (service.Text("spec", "externalName") ?? "").TrimEnd('.');
            return question.Type is DnsType.A or DnsType.Aaaa or DnsType.Cname or DnsType.Srv
                ? [Ipv4Address.TryParse(target, out _)
                    ? new DnsRecord(question.Name, DnsType.A, _ttl, target)
                    : new DnsRecord(question.Name, DnsType.Cname, _ttl, target)]
                : [];
        }

        // One label before the Service's is an endpoint; two are a port and a protocol.
        var endpoint = before is [var one] ? one : null;
        var (port, protocol) = before is [var first, var second] ? (first.TrimStart('_'), second.TrimStart('_')) : ("", "");
        var suffix = $"{name}.{ns}.svc.{zone}";
        var found = endpoint is not null || service.Text("spec", "clusterIP") is "None" or "" or null
            ? Endpoints(service.Key(), endpoint, port, protocol, suffix)
            : Ports(service, port, protocol, suffix);
        return found.Count == 0 ? null : Records(question, found);
    }

    private List<(string Name, string Ip, int Port)> Ports(Doc service, string port, string protocol, string name)
    {
        var found = new List<(string, string, int)>();
        var ip = service.Text("spec", "clusterIP")!;
        foreach (var each in service.List("spec", "ports"))
        {
            if (Matches(port, each.Text("name") ?? "") && Matches(protocol, each.Text("protocol") ?? "TCP"))
            {
                found.Add((name, ip, (int)(each.Int("port") ?? 0)));
            }
        }

        return found;
    }

    private List<(string Name, string Ip, int Port)> Endpoints(ObjectName service, string? endpoint, string port, string protocol, string suffix)
    {
        var found = new List<(string, string, int)>();
        foreach (var each in _directory.EndpointsOf(service))
        {
            if ((endpoint is null || endpoint == each.Name) && Matches(port, each.PortName) && Matches(protocol, each.Protocol))
            {
                found.Add(($"{each.Name}.{suffix}", each.Ip, each.Port));
            }
        }

        return found;
    }

    private static bool Matches(string wanted, string actual) => wanted.Length == 0 || wanted.Equals(actual, StringComparison.OrdinalIgnoreCase);

    private ImmutableArray<DnsRecord> Records(DnsQuestion question, List<(string Name, string Ip, int Port)> found) => question.Type switch
    {
        DnsType.A => [.. found.Select(static each => each.Ip).Distinct().Select(ip => new DnsRecord(question.Name, DnsType.A, _ttl, ip))],
        DnsType.Srv => [.. Servers(question.Name, found)],
        _ => [],
    };

    private IEnumerable<DnsRecord> Servers(string name, List<(string Name, string Ip, int Port)> found)
    {
        var targets = found.Where(static each => each.Port > 0).Select(static each => (each.Name, each.Port)).Distinct().ToList();
        foreach (var (target, port) in targets)
        {
            yield return new DnsRecord(name, DnsType.Srv, _ttl, string.Create(CultureInfo.InvariantCulture, $"0 {100 / targets.Count} {port} {target}"));
        }
    }

    private ImmutableArray<DnsRecord>? Reverse(DnsQuestion question)
    {
        if (ZoneNames.AddressOf(question.Name) is not { } ip)
        {
            return null;
        }

        var names = NamesOf(ip).ToList();
        if (names.Count == 0)
        {
            return null;
        }

        return question.Type == DnsType.Ptr ? [.. names.Select(name => new DnsRecord(question.Name, DnsType.Ptr, _ttl, name))] : [];
    }

    private IEnumerable<string> NamesOf(string ip)
    {
        var zone = _zones.FirstOrDefault(static zone => !ZoneNames.IsReverse(zone), "cluster.local");
        foreach (var service in _directory.Services)
        {
            if (service.Text("spec", "clusterIP") == ip)
            {
                return [$"{service.Name()}.{service.Namespace()}.svc.{zone}"];
            }
        }

        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var service in _directory.ServicesWithEndpoints)
        {
            foreach (var endpoint in _directory.EndpointsOf(service))
            {
                if (endpoint.Ip == ip && (endpoint.Hostname is not null || !_onlyNamedEndpointsHaveNames))
                {
                    names.Add($"{endpoint.Name}.{service.Name}.{service.Namespace}.svc.{zone}");
                }
            }
        }

        return names;
    }
}
