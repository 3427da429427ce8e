using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Clusters.Addons.Dns;

/// <summary>
/// The names of a cluster (github.com/kubernetes/dns, specification 1.1.0): Services by their cluster IP, headless ones by their
/// endpoints, ports as SRV, addresses back to names as PTR.
/// </summary>
internal sealed class ClusterZone(Corefile settings, Informer services, Informer slices, Informer namespaces)
{
    private const string ReverseSuffix = ".in-addr.arpa";

    public bool HasSynced => services.HasSynced && slices.HasSynced && namespaces.HasSynced;

    private string Domain => settings.Domain ?? "";

    public void Start()
    {
        services.Start();
        slices.Start();
        namespaces.Start();
    }

    /// <summary>The answer to a question about the cluster's names; null: somebody else's name.</summary>
    public DnsAnswer? Answer(DnsQuestion question)
    {
        var name = question.Name.TrimEnd('.').ToLowerInvariant();
        if (settings.Domain is null)
        {
            return null;
        }

        if (name.EndsWith(ReverseSuffix, StringComparison.Ordinal))
        {
            return Reverse(name);
        }

        if (name != Domain && !name.EndsWith("." + Domain, StringComparison.Ordinal))
        {
            return null;
        }

        var labels = name == Domain ? [] : name[..^(Domain.Length + 1)].Split('.');
        var answer = labels switch
        {
            ["dns-version"] => question.Type == DnsType.Txt ? Found([new DnsRecord(name, DnsType.Txt, settings.TtlSeconds, "\"1.1.0\"")]) : Exists,
            [] or ["svc"] or ["pod"] => Exists,
            [var ns, "svc" or "pod"] => namespaces.Get("", ns) is null ? DnsAnswer.NoSuchName : Exists,
            [var address, var ns, "pod"] => Pod(name, address, ns, question.Type),
            [var service, var ns, "svc"] => Service(name, service, ns, question.Type),
            [var port, var protocol, var service, var ns, "svc"] when port.StartsWith('_') && protocol.StartsWith('_') =>
                Srv(name, port[1..], protocol[1..], service, ns, question.Type),
            [var endpoint, var service, var ns, "svc"] => Endpoint(name, endpoint, service, ns, question.Type),
            _ => DnsAnswer.NoSuchName,
        };
        return answer with { IsAuthoritative = true };
    }

    private static DnsAnswer Exists { get; } = new(DnsCode.NoError, []);

    private static DnsAnswer Found(IEnumerable<DnsRecord> records) => new(DnsCode.NoError, [.. records]);

    private DnsRecord Record(string name, DnsType type, string value) => new(name, type, settings.TtlSeconds, value);

    private DnsAnswer Pod(string name, string address, string ns, DnsType type)
    {
        if (!settings.AnswersForPods || namespaces.Get("", ns) is null || !Ipv4Address.TryParse(address.Replace('-', '.'), out var ip))
        {
            return DnsAnswer.NoSuchName;
        }

        return type == DnsType.A ? Found([Record(name, DnsType.A, ip.ToString())]) : Exists;
    }

    private DnsAnswer Service(string name, string serviceName, string ns, DnsType type)
    {
        if (services.Get(ns, serviceName) is not { } service)
        {
            return DnsAnswer.NoSuchName;
        }

        if (service.Text("spec", "type") == "ExternalName")
        {
            return Found([Record(name, DnsType.Cname, service.Text("spec", "externalName")!.TrimEnd('.'))]);
        }

        if (!IsHeadless(service))
        {
            return type switch
            {
                DnsType.A => Found([Record(name, DnsType.A, service.Text("spec", "clusterIP")!)]),
                DnsType.Srv => Found(service.List("spec", "ports").Select(port => Record(name, DnsType.Srv, $"0 100 {port.Int("port")} {name}."))),
                _ => Exists,
            };
        }

        var endpoints = EndpointsOf(service).ToList();
        return endpoints.Count == 0 ? DnsAnswer.NoSuchName
            : type == DnsType.A ? Found(endpoints.Select(endpoint => endpoint.Address).Distinct().Select(address => Record(name, DnsType.A, address)))
            : Exists;
    }

    private DnsAnswer Endpoint(string name, string host, string serviceName, string ns, DnsType type)
    {
        if (services.Get(ns, serviceName) is not { } service)
        {
            return DnsAnswer.NoSuchName;
        }

        var found = EndpointsOf(service).Where(endpoint => endpoint.Host == host).Select(endpoint => endpoint.Address).Distinct().ToList();
        return found.Count == 0 ? DnsAnswer.NoSuchName
            : type == DnsType.A ? Found(found.Select(address => Record(name, DnsType.A, address))) : Exists;
    }

    private DnsAnswer Srv(string name, string port, string protocol, string serviceName, string ns, DnsType type)
    {
        if (services.Get(ns, serviceName) is not { } service)
        {
            return DnsAnswer.NoSuchName;
        }

        var own = $"{serviceName}.{ns}.svc.{Domain}";
        var records = IsHeadless(service)
            ? EndpointsOf(service)
                .Where(endpoint => endpoint.PortName == port && endpoint.Protocol.Equals(protocol, StringComparison.OrdinalIgnoreCase))
                .Select(endpoint => Record(name, DnsType.Srv, $"0 100 {endpoint.Port} {endpoint.Host}.{own}."))
            : service.List("spec", "ports")
                .Where(each => each.Text("name") == port && (each.Text("protocol") ?? "TCP").Equals(protocol, StringComparison.OrdinalIgnoreCase))
                .Select(each => Record(name, DnsType.Srv, $"0 100 {each.Int("port")} {own}."));
        var found = records.ToImmutableArray();
        return found.IsEmpty ? DnsAnswer.NoSuchName : type == DnsType.Srv ? Found(found) : Exists;
    }

    private DnsAnswer? Reverse(string name)
    {
        var address = string.Join('.', name[..^ReverseSuffix.Length].Split('.').Reverse());
        foreach (var service in services.Objects)
        {
            if (service.Text("spec", "clusterIP") == address)
            {
                return Pointer(name, $"{service.Text("metadata", "name")}.{service.Text("metadata", "namespace")}.svc.{Domain}.");
            }
        }

        foreach (var service in services.Objects.OrderBy(service => service.Text("metadata", "name"), StringComparer.Ordinal))
        {
            foreach (var endpoint in EndpointsOf(service))
            {
                if (endpoint.Address == address && IsHeadless(service))
                {
                    return Pointer(name, $"{endpoint.Host}.{service.Text("metadata", "name")}.{service.Text("metadata", "namespace")}.svc.{Domain}.");
                }
            }
        }

        return null;
    }

    private DnsAnswer Pointer(string name, string target) => Found([Record(name, DnsType.Ptr, target)]) with { IsAuthoritative = true };

    private static bool IsHeadless(Doc service) => service.Text("spec", "clusterIP") is "None" or "" or null;

    private IEnumerable<(string Host, string Address, string PortName, string Protocol, long Port)> EndpointsOf(Doc service)
    {
        var (ns, name) = (service.Text("metadata", "namespace"), service.Text("metadata", "name"));
        var publishesAll = service.Flag("spec", "publishNotReadyAddresses") == true;
        foreach (var slice in slices.Objects)
        {
            if (slice.Text("metadata", "namespace") != ns || slice.At("metadata", "labels")?["kubernetes.io/service-name"]?.AsText != name)
            {
                continue;
            }

            var ports = slice.List("ports").IsEmpty ? [Doc.Empty] : slice.List("ports");
            foreach (var endpoint in slice.List("endpoints"))
            {
                if (endpoint.Flag("conditions", "ready") == false && !publishesAll)
                {
                    continue;
                }

                foreach (var address in endpoint.List("addresses"))
                {
                    var host = endpoint.Text("hostname") ?? address.AsText!.Replace('.', '-');
                    foreach (var port in ports)
                    {
                        yield return (host, address.AsText!, port.Text("name") ?? "", port.Text("protocol") ?? "TCP", port.Int("port") ?? 0);
                    }
                }
            }
        }
    }
}
