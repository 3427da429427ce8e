using System.Collections.Immutable;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Kubelet.Pods;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Kubelet.Probes;

/// <summary>Probes over the network, from the node's own stack: HTTP requests and TCP connections (pkg/probe/http, tcp).</summary>
internal sealed class HttpProber(Process self, string userAgentVersion)
{
    // The programs whose gRPC server answers for its health.
    private static readonly string[] _healthServers = ["etcd"];

    // As many addresses as a node has pods, and more: they change with the pods.
    private const int MaxHosts = 256;
    private readonly Dictionary<string, ImmutableDictionary<string, string>> _headers = new(StringComparer.Ordinal);

    /// <summary>Asks for a page; every answer from 200 up to, not including, 400 is a success.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="spec">The container as it was asked for.</param>
    /// <param name="container">The container that runs.</param>
    /// <param name="get">The probe's <c>httpGet</c>.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="way">Where the same probe went the last time; null at the first.</param>
    public ProbeAnswer Get(PodObject pod, ContainerSpec spec, Container container, Doc get, TimeSpan timeout, ref TriedWay? way)
    {
        var host = get.Text("host") is { Length: > 0 } named ? named : Address(pod, container);
        if (Port(spec, get["port"]) is not { } port || !Ipv4Address.TryParse(host, out var address))
        {
            return new ProbeAnswer($"couldn't find port: {get["port"]}", TimeSpan.Zero);
        }

        var path = get.Text("path") is { Length: > 0 } set ? set : "/";
        var isPlain = !string.Equals(get.Text("scheme"), "HTTPS", StringComparison.OrdinalIgnoreCase);
        string Url() => $"{(isPlain ? "http" : "https")}://{host}:{port}{(path.StartsWith('/') ? path : "/" + path)}";
        var attempt = Try(address, port, ref way);
        if (attempt.Connection is not { } connection)
        {
            return Unreachable($"Get \"{Url()}\": ", attempt, address, port, timeout);
        }

        var source = connection.ServerRemote.Ip.ToString();
        var service = connection.Listener.Handler as HttpService;
        if (service is null)
        {
            return new ProbeAnswer($"Get \"{Url()}\": EOF", attempt.Elapsed);
        }

        var headers = Headers(get, port == (isPlain ? 80 : 443) ? host : $"{host}:{port}");
        var response = service.Respond(new HttpRequest("GET", path, source) { Headers = headers }, self.World.Now);
        if (response.Takes > timeout)
        {
            return TimedOut($"Get \"{Url()}\": ", timeout);
        }

        return new ProbeAnswer(
            response.StatusCode is >= 200 and < 400 ? null : $"HTTP probe failed with statuscode: {response.StatusCode}", attempt.Elapsed + response.Takes)
        {
            IsSteady = service.IsSteady,
            Service = service.IsSteady ? service : null,
        };
    }

    // Those of a probe that names none of its own are kept: the same few ask all the time.
    private ImmutableDictionary<string, string> Headers(Doc get, string host)
    {
        var own = get.List("httpHeaders");
        if (own.IsEmpty && _headers.TryGetValue(host, out var known))
        {
            return known;
        }

        var headers = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase)
            .Add("User-Agent", "kube-probe/" + userAgentVersion)
            .Add("Host", host)
            .SetItems(own.Select(header => KeyValuePair.Create(header.Text("name") ?? "", header.Text("value") ?? "")));
        if (own.IsEmpty)
        {
            if (_headers.Count >= MaxHosts)
            {
                _headers.Clear();
            }

            _headers.Add(host, headers);
        }

        return headers;
    }

    /// <summary>Opens a connection and closes it.</summary>
    public ProbeAnswer Connect(PodObject pod, ContainerSpec spec, Container container, Doc socket, TimeSpan timeout, ref TriedWay? way)
    {
        var host = socket.Text("host") is { Length: > 0 } named ? named : Address(pod, container);
        if (Port(spec, socket["port"]) is not { } port || !Ipv4Address.TryParse(host, out var address))
        {
            return new ProbeAnswer($"couldn't find port: {socket["port"]}", TimeSpan.Zero);
        }

        var attempt = Try(address, port, ref way);
        return attempt.Connection is null
            ? Unreachable("", attempt, address, port, timeout)
            : new ProbeAnswer(null, attempt.Elapsed) { IsSteady = true };
    }

    /// <summary>
    /// Asks a gRPC server for its health (grpc.health.v1). Whoever refuses or speaks something else is tried until the time is over,
    /// as gRPC's client does it.
    /// </summary>
    public ProbeAnswer CheckHealth(PodObject pod, Container container, Doc grpc, TimeSpan timeout, ref TriedWay? way)
    {
        var port = (int)(grpc.Int("port") ?? 0);
        if (!Ipv4Address.TryParse(Address(pod, container), out var address))
        {
            return new ProbeAnswer($"couldn't find port: {port}", TimeSpan.Zero);
        }

        var attempt = Try(address, port, ref way);
        return attempt.Connection?.Listener.ProcessName is { } program && Array.IndexOf(_healthServers, program) >= 0
            ? new ProbeAnswer(null, attempt.Elapsed) { IsSteady = true }
            : new ProbeAnswer($"timeout: failed to connect service \"{address}:{port}\" within {GoDuration.Format(timeout)}: context deadline exceeded", timeout);
    }

    private Exchange Try(Ipv4Address address, int port, ref TriedWay? way)
    {
        if (way is null || way.Destination != address || way.Port != port)
        {
            way = new TriedWay(self.Network.Stack, address, port);
        }

        return way.Try(self.World.Now);
    }

    private static ProbeAnswer Unreachable(string prefix, Exchange attempt, Ipv4Address address, int port, TimeSpan timeout)
    {
        if (attempt.Outcome != ExchangeOutcome.Lost && attempt.Elapsed <= timeout)
        {
            return new ProbeAnswer(prefix + GoDial.Describe(attempt, address, port), attempt.Elapsed);
        }

        return prefix.Length > 0 ? TimedOut(prefix, timeout) : new ProbeAnswer($"dial tcp {address}:{port}: i/o timeout", timeout);
    }

    private static ProbeAnswer TimedOut(string prefix, TimeSpan timeout) =>
        new(prefix + "context deadline exceeded (Client.Timeout exceeded while awaiting headers)", timeout);

    private string Address(PodObject pod, Container container) => pod.IsHostNetwork ? self.Host.Address : container.Sandbox.Address;

    private static int? Port(ContainerSpec spec, Doc? port)
    {
        if (port?.AsInt is { } number)
        {
            return (int)number;
        }

        var name = port?.AsText ?? "";
        foreach (var declared in spec.Doc.List("ports"))
        {
            if (declared.Text("name") == name)
            {
                return (int?)declared.Int("containerPort");
            }
        }

        return int.TryParse(name, out var written) ? written : null;
    }
}
