using KubeLessons.Simulator.Clusters.ControlPlane;
using KubeLessons.Simulator.Hosts.Identity;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Tools.Etcd;

/// <summary>
/// A way from etcdctl to one endpoint: a TCP connection, and TLS with the certificates of the flags. gRPC goes on trying until the
/// command's time is up, whatever is wrong.
/// </summary>
internal sealed class EtcdLink(Process self, EtcdctlOptions options, string endpoint)
{
    /// <summary>etcdctl's --command-timeout.</summary>
    private static readonly TimeSpan _defaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Between two attempts of gRPC to connect.</summary>
    private static readonly TimeSpan _retryPause = TimeSpan.FromSeconds(1);

    public string Endpoint => endpoint;

    public string Authority => endpoint.Contains("://", StringComparison.Ordinal) ? endpoint[(endpoint.IndexOf("://", StringComparison.Ordinal) + 3)..].TrimEnd('/') : endpoint;

    public EtcdMember? Member { get; private set; }

    /// <summary>Why there is no connection, in gRPC's words.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>How long the last request took.</summary>
    public TimeSpan Took { get; private set; }

    public TimeSpan Timeout => options.Duration("command-timeout", _defaultTimeout);

    /// <summary>
    /// Sends a request: to the member alone, or (<paramref name="needsLeader"/>) one that a majority must agree to. Afterwards
    /// <see cref="Member"/> is null when it failed, which takes the command's whole time.
    /// </summary>
    public IEnumerable<Wait> Request(bool needsLeader)
    {
        var start = self.World.Now;
        var deadline = start + Timeout;
        Member = null;
        while (true)
        {
            yield return Wait.Call(Dial(deadline - self.World.Now));
            if (Member is { } reached && (!needsLeader || reached.HasLeader))
            {
                // The write-ahead log of the members is flushed to their disks.
                yield return Wait.For(TimeSpan.FromMicroseconds(needsLeader ? 1500 + self.Host.Random.Next(3000) : 400 + self.Host.Random.Next(600)));
                Took = self.World.Now - start;
                yield break;
            }

            if (Member is not null)
            {
                Reason = "context deadline exceeded";
                yield return Wait.For(deadline - self.World.Now);
            }

            Member = null;
            if (self.World.Now + _retryPause >= deadline)
            {
                yield return Wait.For(deadline - self.World.Now);
                Took = self.World.Now - start;
                yield break;
            }

            yield return Wait.For(_retryPause);
        }
    }

    private IEnumerable<Wait> Dial(TimeSpan timeout)
    {
        var colon = Authority.LastIndexOf(':');
        var (host, port) = colon < 0 ? (Authority, EtcdServer.ClientPort) : (Authority[..colon], int.TryParse(Authority.AsSpan(colon + 1), out var given) ? given : 0);
        ResolvedName? name = null;
        yield return Wait.Call(NameLookup.Resolve(self, host, found => name = found));
        if (name!.Address is not { } address)
        {
            Reason = Dialling($"dial tcp: lookup {host}{name.Server}: {name.Error}");
            yield break;
        }

        var dial = new TcpDial();
        yield return Wait.Call(dial.Open(self, address, port, timeout));
        if (dial.Connection is not { } connection)
        {
            Reason = Dialling($"dial tcp {address}:{port}: {(dial.TimedOut ? "i/o timeout" : "connect: " + dial.Last!.Error.Message().ToLowerInvariant())}");
            yield break;
        }

        if (connection.Listener.Handler is not EtcdClientPort server)
        {
            Reason = "connection error: desc = \\\"error reading server preface: http2: frame too large\\\"";
        }
        else if (Refusal(server, host) is { } refusal)
        {
            Reason = refusal;
        }
        else
        {
            Member = server.Member;
        }

        self.Release(connection);
    }

    private static string Dialling(string what) => $"connection error: desc = \\\"transport: Error while dialing: {what}\\\"";

    // TLS is spoken when the endpoint or a certificate says so; each side looks at what the other shows.
    private string? Refusal(EtcdClientPort server, string host)
    {
        var speaksTls = endpoint.StartsWith("https://", StringComparison.Ordinal) || options.Value("cacert") is not null || options.Value("cert") is not null;
        if (server.Http.Certificate is not { } shown)
        {
            return speaksTls ? "connection error: desc = \\\"transport: authentication handshake failed: tls: first record does not look like a TLS handshake\\\"" : null;
        }

        if (!speaksTls)
        {
            return "connection error: desc = \\\"error reading server preface: EOF\\\"";
        }

        if (!options.Has("insecure-skip-tls-verify"))
        {
            const string Handshake = "connection error: desc = \\\"transport: authentication handshake failed: tls: failed to verify certificate: x509: ";
            if (Read("cacert")?.Issued(shown) != true)
            {
                return Handshake + "certificate signed by unknown authority\\\"";
            }

            if (!shown.Names(host))
            {
                return $"{Handshake}certificate is valid for {string.Join(", ", shown.AlternativeNames)}, not {host}\\\"";
            }

            if (shown.NotAfter < self.World.UtcNow)
            {
                return $"{Handshake}certificate has expired or is not yet valid: current time {self.World.UtcNow:yyyy-MM-ddTHH:mm:ssZ} is after {shown.NotAfter:yyyy-MM-ddTHH:mm:ssZ}\\\"";
            }
        }

        return server.ClientAuthority is not { } authority ? null
            : Read("cert") is not { } own ? "connection error: desc = \\\"error reading server preface: remote error: tls: certificate required\\\""
            : authority.Issued(own) && own.NotAfter > self.World.UtcNow ? null
            : "connection error: desc = \\\"error reading server preface: remote error: tls: bad certificate\\\"";
    }

    private Certificate? Read(string flag) =>
        options.Value(flag) is { } path && self.Files.Read(FileSystem.Resolve(self.WorkingDirectory, path)) is { } pem ? Certificate.TryParse(pem) : null;
}
