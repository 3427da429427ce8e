using System.Text;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Hosts.Identity;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Kubectl.Printing;
using KubeLessons.Simulator.Network;
using KubeLessons.Simulator.Store;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Clusters.ControlPlane;

/// <summary>
/// The program <c>kube-apiserver</c>: it connects to etcd over the network, serves on 6443, checks who comes, and hands requests
/// to an <see cref="ApiServer"/> over etcd's data. While etcd is out of reach a request hangs for <see cref="RequestTimeout"/>
/// and ends with a time-out (kube-apiserver --request-timeout).
/// </summary>
public sealed class KubeApiServer
{
    public const int Port = 6443;

    /// <summary>How long a request may take (kube-apiserver --request-timeout, default 1m0s).</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    /// <summary>From its start until it answers, with etcd there: 1.9 s after the start on a real machine.</summary>
    public static readonly TimeSpan StartTime = TimeSpan.FromMilliseconds(1900);

    /// <summary>It gives up when etcd does not answer at its start (storage factory's health check: 20 s) and is started again.</summary>
    public static readonly TimeSpan EtcdPatience = TimeSpan.FromSeconds(20);

    // gRPC's back-off between two attempts to connect (backoff.DefaultConfig, without its jitter).
    private const double BackOffFactor = 1.6;
    private static readonly TimeSpan _firstBackOff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestBackOff = TimeSpan.FromSeconds(120);

    // Tokens whose signature was looked at are remembered, up to this many.
    private const int MaxSignedTokens = 1000;

    /// <summary>An election takes at most so long; only then is etcd given up for lost.</summary>
    private static readonly TimeSpan LeaderChange = TimeSpan.FromSeconds(3);

    private readonly Process _self;
    private readonly (string Host, int Port)[] _etcd;
    private readonly Certificate? _clientAuthority;
    private readonly ApiServer _api;
    private readonly HashSet<string> _signedTokens = new(StringComparer.Ordinal);
    private Connection? _toEtcd;
    private TimeSpan _backOff = _firstBackOff;
    private TimeSpan _nextDial;

    private KubeApiServer(Process self, (string Host, int Port)[] etcd, Certificate? clientAuthority, ApiServer api) =>
        (_self, _etcd, _clientAuthority, _api) = (self, etcd, clientAuthority, api);

    /// <summary>The program for a cluster of this version.</summary>
    public static ProgramMain Program(KubernetesVersion version) => self => Main(self, version);

    private static IEnumerable<Wait> Main(Process self, KubernetesVersion version)
    {
        var etcd = EtcdEndpoints(Flags.Value(self, "--etcd-servers") ?? "http://127.0.0.1:2379");
        var givesUpAt = self.World.Now + EtcdPatience;
        ObjectStore? store;
        while ((store = FindStore(self, etcd)) is null)
        {
            if (self.World.Now >= givesUpAt)
            {
                self.Error.WriteLine($"Error while dialing dial tcp {etcd[0].Host}:{etcd[0].Port}: connect: connection refused");
                self.Exit(1);
                yield break;
            }

            yield return Wait.For(TimeSpan.FromSeconds(1));
        }

        yield return Wait.For(StartTime);
        var api = new ApiServer(self.World, store, version, Settings(self));
        var server = new KubeApiServer(self, etcd, Read(self, "--client-ca-file"), api);
        api.DialKubelet = (address, kubeletPort) => KubeletLine.Dial(self, address, kubeletPort);
        var service = new HttpService((request, _) => server.Answer(request))
        {
            Certificate = Read(self, "--tls-cert-file"),
            Api = new ApiEndpoint(server.Accept),
            IsSteady = true,
        };
        var port = api.Settings.SecurePort;
        if (self.Listen(port, service) is null)
        {
            self.Error.WriteLine($"failed to listen on 0.0.0.0:{port}: listen tcp 0.0.0.0:{port}: bind: address already in use");
            self.Exit(1);
            yield break;
        }

        // What clients renewed and watched through this server ends with it.
        self.OnExit(api.Close);
        yield return Wait.Call(server.WatchEtcd());
    }

    // When etcd does not answer any more, and not because its members are electing a leader, nothing can be renewed.
    private IEnumerable<Wait> WatchEtcd()
    {
        while (true)
        {
            if (Etcd() is { } member)
            {
                while (member is { IsServing: true, HasLeader: true })
                {
                    yield return Wait.On(member.Changed);
                }

                var isOver = _self.World.Now + (member.Membership.Members.Length > 1 ? LeaderChange : TimeSpan.Zero);
                while (Etcd() is not { HasLeader: true } && _self.World.Now < isOver)
                {
                    yield return Wait.For(EtcdRaft.HeartbeatInterval);
                }

                if (Etcd() is { HasLeader: true })
                {
                    continue;
                }

                _api.Heartbeats.SettleAll();
            }

            yield return Wait.For(TimeSpan.FromSeconds(1));
        }
    }

    private static ApiServerSettings Settings(Process self) => new()
    {
        AdvertiseAddress = Flags.Value(self, "--advertise-address"),
        SecurePort = int.TryParse(Flags.Value(self, "--secure-port"), out var port) ? port : Port,
        ServiceClusterIpRange = Flags.Value(self, "--service-cluster-ip-range") ?? "10.96.0.0/12",
    };

    private ApiConnection Accept(ApiCredentials credentials)
    {
        if (!IsKnown(credentials))
        {
            return new ApiConnection(_api, null, TimeSpan.Zero) { Refusal = _ => new ApiReply(Unauthorized(), null, ApiClient.RoundTrip) };
        }

        var accepted = new ApiConnection(_api, null, TimeSpan.Zero);
        return Etcd() switch
        {
            null => accepted with { Refusal = request => request.NonResourcePath is null ? TimedOut(request) : Unhealthy(request) },
            { HasLeader: true } => accepted,

            // A request waits for the election.
            { ElectsAt: { } due } => accepted with { Takes = due - _self.World.Now },
            _ => accepted with { Refusal = WithoutLeader },
        };
    }

    // Only the watch cache answers, whom it is good enough for (resourceVersion=0); everything else waits for a majority in vain.
    private ApiReply? WithoutLeader(ApiRequest request) =>
        request.NonResourcePath is not null ? Unhealthy(request)
        : request is { Verb: ApiVerb.Get or ApiVerb.List, Options.ResourceVersion: "0" } ? null
        : new ApiReply(ApiStatus.Failure(500, "", "etcdserver: request timed out"), null, EtcdServer.RequestTimeout);

    // What needs no etcd is answered as ever. A health check's answer is no Status, which client-go wraps into one.
    private ApiReply Unhealthy(ApiRequest request)
    {
        var answer = Answer(new HttpRequest("GET", request.NonResourcePath!, request.From));
        if (answer.StatusCode != 500)
        {
            return new ApiReply(_api.Handle(request), null, ApiClient.RoundTrip);
        }

        var text = answer.Body.Replace("\n", "\\n", StringComparison.Ordinal);
        return new ApiReply(
            ApiStatus.Failure(500, "InternalError", $"an error on the server (\"{text}\") has prevented the request from succeeding"),
            null,
            ApiClient.RoundTrip);
    }

    // A certificate must be of the clients' authority, and a token must bear this server's signature.
    private bool IsKnown(ApiCredentials credentials)
    {
        if (credentials.Certificate is { } certificate)
        {
            return _clientAuthority is null
                || (certificate.ForClients && _clientAuthority.Issued(certificate) && certificate.NotAfter > _self.World.UtcNow);
        }

        if (credentials.Token is not { } token || _signedTokens.Contains(token))
        {
            return true;
        }

        if (_api.Tokens.Check(token) is (null, "invalid bearer token"))
        {
            return false;
        }

        if (_signedTokens.Count >= MaxSignedTokens)
        {
            _signedTokens.Clear();
        }

        return _signedTokens.Add(token);
    }

    // Whoever speaks plain HTTP over the port, such as curl and probes: the same requests as the clients' own, as text.
    private HttpResponse Answer(HttpRequest request)
    {
        var path = request.Path;
        var etcd = Etcd();
        var isHealthy = etcd is { HasLeader: true } or { ElectsAt: not null };
        if (!isHealthy && path is "/livez" or "/readyz" or "/healthz")
        {
            return new HttpResponse(500, $"[+]ping ok\n[-]etcd failed: reason withheld\n{path[1..]} check failed\n");
        }

        var bearer = request.Headers.GetValueOrDefault("Authorization", "");
        var token = bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? bearer[7..].Trim() : null;
        var credentials = new ApiCredentials(request.ClientCertificate, token);
        if (!IsKnown(credentials) || (credentials is { Certificate: null, Token: { } shown } && _api.Tokens.Check(shown).User is null))
        {
            return Written(Unauthorized());
        }

        var query = request.Target.Length > path.Length ? request.Target[(path.Length + 1)..] : "";
        var (read, fault) = HttpRequestReader.Read(new HttpApiRequest(request.Method == "HEAD" ? "GET" : request.Method, path, query)
        {
            Accept = request.Headers.GetValueOrDefault("Accept", ""),
            ContentType = request.Headers.GetValueOrDefault("Content-Type", ""),
            Body = Encoding.UTF8.GetBytes(request.Body),
        });
        if (fault is not null)
        {
            return Written(fault);
        }

        if (read!.Verb == ApiVerb.Watch)
        {
            return Written(ApiStatus.Failure(501, "NotImplemented", "a watch is a stream, which only the cluster's own clients read here"));
        }

        read = read with { User = ApiIdentity.Of(credentials) };
        if (isHealthy || read.NonResourcePath is not null)
        {
            return Written(_api.Handle(read));
        }

        var reply = etcd is null ? TimedOut(read) : WithoutLeader(read);
        return reply is null ? Written(_api.Handle(read)) : Written(reply.Response!) with { Takes = reply.Takes };
    }

    // A person reads what curl prints: for its like the server indents (apiserver/pkg/endpoints/handlers: isPrettyPrint).
    private static HttpResponse Written(ApiResponse answer) => new(answer.Code, answer.Body.AsText ?? GoJson.IndentedInOrder(answer.Body, "  "))
    {
        Headers = [("Content-Type", answer.ContentType)],
    };

    // The member that it talks to: the first of --etcd-servers that has a leader, or else that answers at all.
    private EtcdMember? Etcd()
    {
        if (_toEtcd is { } kept)
        {
            if (kept.IsOpen && kept.Listener.IsOpen
                && (_etcd.Length == 1 || _self.Network.Fabric.Send(kept, _self.World.Now).Succeeded)
                && MemberOf(kept) is { } member && (member.HasLeader || _etcd.Length == 1 || member.ElectsAt is not null))
            {
                return member;
            }

            _self.Release(kept);
            _toEtcd = null;
        }

        var now = _self.World.Now;
        if (now < _nextDial)
        {
            return null;
        }

        EtcdMember? without = null;
        var isReached = false;
        foreach (var endpoint in _etcd)
        {
            if (Dial(_self, endpoint) is not { } dialled)
            {
                continue;
            }

            isReached = true;
            if (MemberOf(dialled) is { } member && (member.HasLeader || _etcd.Length == 1))
            {
                _toEtcd = dialled;
                _self.Keep(dialled);
                _backOff = _firstBackOff;
                return member;
            }

            without = MemberOf(dialled) ?? without;
            _self.Release(dialled);
        }

        if (!isReached)
        {
            _nextDial = now + _backOff;
            _backOff = _backOff * BackOffFactor < _longestBackOff ? _backOff * BackOffFactor : _longestBackOff;
        }

        return without;
    }

    // A member that was started anew over other data is another etcd: this server must be started anew, too.
    private EtcdMember? MemberOf(Connection connection) =>
        connection.Listener.Handler is EtcdClientPort { Member: { IsServing: true } member } && ReferenceEquals(member.Store, _api.Store) ? member : null;

    private static ApiReply TimedOut(ApiRequest request) => new(
        ApiStatus.Failure(504, "Timeout", "the server was unable to return a response in the time allotted, but may still be processing the request"
            + $" ({Method(request.Verb)} {request.Resource.Plural})"),
        null,
        RequestTimeout);

    // client-go names the HTTP method, so that a list is a "get", too.
    private static string Method(ApiVerb verb) => verb switch
    {
        ApiVerb.Create => "post",
        ApiVerb.Update => "put",
        ApiVerb.Patch => "patch",
        ApiVerb.Delete or ApiVerb.DeleteCollection => "delete",
        _ => "get",
    };

    private static ApiResponse Unauthorized() => ApiStatus.Failure(401, "Unauthorized", "Unauthorized");

    private static ObjectStore? FindStore(Process self, (string Host, int Port)[] etcd)
    {
        foreach (var endpoint in etcd)
        {
            if (Dial(self, endpoint) is { } connection)
            {
                var member = (connection.Listener.Handler as EtcdClientPort)?.Member;
                self.Release(connection);
                if (member is { HasLeader: true })
                {
                    return member.Store;
                }
            }
        }

        return null;
    }

    private static Connection? Dial(Process self, (string Host, int Port) etcd) =>
        NameLookup.Resolve(self, etcd.Host).Address is { } address ? self.Network.Connect(address, etcd.Port).Connection : null;

    private static (string Host, int Port)[] EtcdEndpoints(string servers) =>
        [.. servers.Split(',').Select(server => EndpointOf(server, EtcdServer.ClientPort))];

    /// <summary>Host and port of a URL.</summary>
    internal static (string Host, int Port) EndpointOf(string url, int defaultPort)
    {
        var authority = url[(url.IndexOf("//", StringComparison.Ordinal) is >= 0 and var at ? at + 2 : 0)..];
        return authority.Split(':') is [var host, var port] && int.TryParse(port, out var number) ? (host, number) : (authority, defaultPort);
    }

    private static Certificate? Read(Process self, string flag) =>
        Flags.Value(self, flag) is { } path && self.Files.Read(path) is { } pem ? Certificate.TryParse(pem) : null;
}
