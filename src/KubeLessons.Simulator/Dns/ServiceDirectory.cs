using System.Collections.Immutable;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Dns;

/// <summary>One address behind a Service's port. The port is -1 for a Service without ports.</summary>
internal sealed record EndpointAddress(string Ip, string? Hostname, string PortName, string Protocol, int Port)
{
    /// <summary>Its name below the Service's: the pod's hostname, or the address with dashes.</summary>
    public string Name => Hostname ?? Ip.Replace('.', '-');
}

/// <summary>What CoreDNS' kubernetes plugin knows of the cluster. When the API server is away, it stays as it was.</summary>
internal sealed class ServiceDirectory
{
    private readonly Informer _namespaces;
    private readonly Informer _services;
    private readonly Informer _slices;
    private readonly Informer? _pods;
    private readonly Dictionary<ObjectName, SortedSet<string>> _slicesOf = [];
    private readonly Dictionary<ObjectName, ImmutableArray<EndpointAddress>> _endpoints = [];

    public ServiceDirectory(Process self, ApiClient client, KubernetesVersion version, bool withPods)
    {
        _namespaces = new Informer(self, client, Resources.Namespaces);
        _services = new Informer(self, client, Resources.Services);
        _slices = new Informer(self, client, Resources.EndpointSlicesIn(version));
        _pods = withPods ? new Informer(self, client, Resources.Pods) : null;
        _slices.Changed += OnSlice;
    }

    public bool HasSynced => _namespaces.HasSynced && _services.HasSynced && _slices.HasSynced && _pods?.HasSynced != false;

    public IEnumerable<Doc> Services => _services.Objects;

    /// <summary>The Services that have endpoints.</summary>
    public IEnumerable<ObjectName> ServicesWithEndpoints => _slicesOf.Keys;

    public void Start()
    {
        _namespaces.Start();
        _services.Start();
        _slices.Start();
        _pods?.Start();
    }

    public void Stop()
    {
        _namespaces.Stop();
        _services.Stop();
        _slices.Stop();
        _pods?.Stop();
    }

    public bool HasNamespace(string name) => _namespaces.Get("", name) is not null;

    public Doc? Service(string ns, string name) => _services.Get(ns, name);

    public bool HasPod(string ns, string ip) =>
        _pods?.Objects.Any(pod => pod.Namespace() == ns && pod.Text("status", "podIP") == ip) == true;

    /// <summary>A Service's ready endpoints, one for each address and port.</summary>
    public ImmutableArray<EndpointAddress> EndpointsOf(ObjectName service)
    {
        if (_endpoints.TryGetValue(service, out var known))
        {
            return known;
        }

        var found = ImmutableArray.CreateBuilder<EndpointAddress>();
        foreach (var name in _slicesOf.GetValueOrDefault(service, []))
        {
            Add(found, _slices.Get(service.Namespace, name)!);
        }

        return _endpoints[service] = found.ToImmutable();
    }

    private static void Add(ImmutableArray<EndpointAddress>.Builder found, Doc slice)
    {
        var ports = slice.List("ports");
        foreach (var endpoint in slice.List("endpoints"))
        {
            if (endpoint.Flag("conditions", "ready") == false)
            {
                continue;
            }

            foreach (var address in endpoint.List("addresses"))
            {
                var (ip, hostname) = (address.AsText ?? "", endpoint.Text("hostname"));
                if (ports.IsEmpty)
                {
                    found.Add(new EndpointAddress(ip, hostname, "", "", -1));
                }

                foreach (var port in ports)
                {
                    found.Add(new EndpointAddress(ip, hostname, port.Text("name") ?? "", port.Text("protocol") ?? "TCP", (int)(port.Int("port") ?? -1)));
                }
            }
        }
    }

    private void OnSlice(Doc? before, Doc? after)
    {
        if (before is not null && ServiceOf(before) is { } old && _slicesOf.TryGetValue(old, out var names))
        {
            names.Remove(before.Name());
            _endpoints.Remove(old);
            if (names.Count == 0)
            {
                _slicesOf.Remove(old);
            }
        }

        if (after is not null && ServiceOf(after) is { } service)
        {
            if (!_slicesOf.TryGetValue(service, out var slices))
            {
                _slicesOf.Add(service, slices = new SortedSet<string>(StringComparer.Ordinal));
            }

            slices.Add(after.Name());
            _endpoints.Remove(service);
        }
    }

    private static ObjectName? ServiceOf(Doc slice) =>
        slice.Label("kubernetes.io/service-name") is { } name ? new ObjectName(slice.Namespace(), name) : null;
}
