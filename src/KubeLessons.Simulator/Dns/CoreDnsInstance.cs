using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Dns;

/// <summary>A Corefile at work: its server blocks, what they know of the cluster, and the ports of health, ready and prometheus.</summary>
internal sealed class CoreDnsInstance
{
    /// <summary>CoreDNS 1.10.1, the first that names only endpoints with a hostname, came with kubeadm 1.27.</summary>
    private const int FirstMinorWithNamedEndpointsOnly = 27;

    private readonly Process _self;
    private readonly KubernetesVersion _version;
    private readonly ImmutableArray<DnsServer> _servers;
    private readonly ServiceDirectory? _directory;
    private readonly List<Listener> _listeners = [];

    private CoreDnsInstance(Process self, KubernetesVersion version, ImmutableArray<DnsServer> servers, ServiceDirectory? directory) =>
        (_self, _version, _servers, _directory) = (self, version, servers, directory);

    /// <summary>The ports on which names are served.</summary>
    public IEnumerable<int> Ports => _servers.Select(static server => server.Block.Port).Distinct().Order();

    public bool IsReady => _directory?.HasSynced != false;

    public bool Reloads => Find("reload") is not null;

    /// <summary>How long it goes on serving after it was asked to end (health's lameduck).</summary>
    public TimeSpan Lameduck => Find("health")?.Option("lameduck") is [var text, ..] ? Seconds(text) : TimeSpan.Zero;

    public static (CoreDnsInstance? Instance, string? Error) Make(Process self, KubernetesVersion version, string path, string text, SeededRandom random)
    {
        var (file, error) = Corefile.Parse(path, text);
        if (file is null)
        {
            return (null, error);
        }

        ServiceDirectory? directory = null;
        if (file.Blocks.Any(static block => block.Find("kubernetes") is not null))
        {
            var (client, reason) = ApiClients.TryInCluster(self, "coredns");
            if (client is null)
            {
                return (null, $"plugin/kubernetes: {reason}");
            }

            var withPods = file.Blocks.Any(static block => block.Find("kubernetes")?.Option("pods") is ["verified", ..]);
            directory = new ServiceDirectory(self, client, version, withPods);
        }

        var onlyNamed = version.Minor >= FirstMinorWithNamedEndpointsOnly;
        var servers = file.Blocks.Select(block => new DnsServer(
            self,
            block,
            block.Find("kubernetes") is { } cluster ? new ClusterNames(cluster, block.Zones, directory!, onlyNamed) : null,
            random));
        return (new CoreDnsInstance(self, version, [.. servers], directory), null);
    }

    /// <summary>How the reload plugin names a configuration.</summary>
    public static string Digest(string text) => "SHA512 = " + Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Opens the ports beside the DNS' and begins to look at the cluster. Null is success.</summary>
    public string? Start()
    {
        _directory?.Start();
        return Listen("health", ("", 8080), "/health", static () => new HttpResponse(200, "OK"))
            ?? Listen("ready", ("", 8181), "/ready", () => IsReady ? new HttpResponse(200, "OK") : NotReady())
            ?? Listen("prometheus", ("localhost", 9153), "/metrics", () => new HttpResponse(200, Metrics()));
    }

    public void Stop()
    {
        _directory?.Stop();
        foreach (var listener in _listeners)
        {
            listener.Close();
        }
    }

    public DnsAnswer Respond(int port, DnsQuestion question, TimeSpan now)
    {
        DnsServer? best = null;
        var length = -1;
        foreach (var server in _servers)
        {
            if (server.Block.Port == port && ZoneNames.Longest(server.Block.Zones, question.Name) is { } zone && zone.Length > length)
            {
                (best, length) = (server, zone.Length);
            }
        }

        return best?.Respond(question, now) ?? new DnsAnswer(DnsCode.Refused, []);
    }

    /// <summary>The loop plugin: a server that forwards to itself would ask for ever. Null: it does not.</summary>
    public string? Loop()
    {
        foreach (var server in _servers)
        {
            if (server.Block.Find("loop") is null || server.Forward is not { } forward)
            {
                continue;
            }

            foreach (var (ip, port) in forward.Upstreams)
            {
                if (_self.Network.Stack.IsLocal(ip) && port == server.Block.Port)
                {
                    var zone = server.Block.Zones is [{ Length: > 0 } name, ..] ? name + "." : ".";
                    return $"[FATAL] plugin/loop: Loop ({ip}:{32768 + _self.Id % 28232} -> :{port}) detected for zone \"{zone}\", see https://coredns.io/plugins/loop#troubleshooting.";
                }
            }
        }

        return null;
    }

    private HttpResponse NotReady()
    {
        _self.Output.WriteLine("[INFO] plugin/ready: Still waiting on: \"kubernetes\"");
        return new HttpResponse(503, "kubernetes");
    }

    private string? Listen(string plugin, (string Address, int Port) usual, string path, Func<HttpResponse> respond)
    {
        if (Find(plugin) is not { } directive)
        {
            return null;
        }

        var (address, port) = directive.Arguments is [var text, ..] && text.LastIndexOf(':') is >= 0 and var colon
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (text[..colon], number) : usual;
        var ip = address is "localhost" ? "127.0.0.1" : Ipv4Address.TryParse(address, out _) ? address : "0.0.0.0";
        var service = new HttpService((request, _) => request.Path == path ? respond() : new HttpResponse(404, "404 page not found\n"));
        if (_self.Listen(port, service, address: ip) is not { } listener)
        {
            return $"plugin/{plugin}: listen tcp {address}:{port}: bind: address already in use";
        }

        _listeners.Add(listener);
        return null;
    }

    private CorefilePlugin? Find(string plugin) => _servers.Select(server => server.Block.Find(plugin)).FirstOrDefault(static found => found is not null);

    private string Metrics()
    {
        var build = CoreDnsBuild.Of(_version);
        var text = new StringBuilder("# HELP coredns_build_info A metric with a constant '1' value labeled by version, revision, and goversion from which CoreDNS was built.\n");
        text.Append("# TYPE coredns_build_info gauge\n");
        text.Append(CultureInfo.InvariantCulture, $"coredns_build_info{{goversion=\"{build.Go}\",revision=\"{build.Commit}\",version=\"{build.Version}\"}} 1\n");
        text.Append("# HELP coredns_dns_responses_total Counter of response status codes.\n# TYPE coredns_dns_responses_total counter\n");
        foreach (var server in _servers)
        {
            var zone = server.Block.Zones is [{ Length: > 0 } name, ..] ? name + "." : ".";
            foreach (var (code, count) in server.Served)
            {
                text.Append(CultureInfo.InvariantCulture, $"coredns_dns_responses_total{{plugin=\"\",rcode=\"{QueryLog.CodeName(code)}\",server=\"dns://:{server.Block.Port}\",zone=\"{zone}\"}} {count}\n");
            }
        }

        return text.ToString();
    }

    private static TimeSpan Seconds(string text) =>
        text is [.., 's'] && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;
}
