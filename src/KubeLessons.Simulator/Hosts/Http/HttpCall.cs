using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts.Identity;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts.Http;

/// <summary>Where an HTTP request goes.</summary>
public sealed record HttpTarget(bool IsTls, string Host, int Port, string Path)
{
    /// <summary>Reads <c>http://host:port/path</c>; without a scheme it is http. Null: no URL.</summary>
    public static HttpTarget? Parse(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var isTls = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (scheme >= 0 && !isTls && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var rest = scheme < 0 ? url : url[(scheme + 3)..];
        var slash = rest.AsSpan().IndexOfAny('/', '?');
        var authority = slash < 0 ? rest : rest[..slash];
        var path = slash < 0 ? "/" : rest[slash] == '/' ? rest[slash..] : "/" + rest[slash..];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        var colon = authority.IndexOf(':');
        var port = isTls ? 443 : 80;
        if (colon >= 0 && (!int.TryParse(authority.AsSpan(colon + 1), out port) || port is < 1 or > 65535))
        {
            return null;
        }

        var host = colon < 0 ? authority : authority[..colon];
        return host.Length == 0 ? null : new HttpTarget(isTls, host, port, path.Split('#')[0]);
    }
}

/// <summary>Why there is no answer.</summary>
public enum HttpFailure
{
    UnknownHost,
    ConnectFailed,

    /// <summary>Neither connected, nor refused, in the time that was given.</summary>
    ConnectTimeout,

    /// <summary>Connected, and then not answered in time.</summary>
    Timeout,

    /// <summary>The connection broke in the middle.</summary>
    Reset,

    /// <summary>Closed without an answer.</summary>
    Empty,

    /// <summary>The other side does not speak HTTP.</summary>
    NotHttp,

    /// <summary>The other side does not speak TLS.</summary>
    NotTls,

    /// <summary>The other side's certificate is not believed.</summary>
    Untrusted,
}

/// <summary>
/// One HTTP request of a program, with all the time it takes: name, connection, request, answer. Every packet walks the network.
/// </summary>
public sealed class HttpCall(Process self, HttpTarget target, HttpRequest request)
{
    private TimeSpan _deadline = TimeSpan.MaxValue;

    /// <summary>At most this long for name and connection; null: as long as the kernel tries.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>At most this long for everything; null: no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whom to believe when the server shows a certificate; null: everybody (curl -k, probes).</summary>
    public Certificate? Authority { get; init; }

    public bool VerifiesServer { get; init; }

    public HttpResponse? Response { get; private set; }

    public HttpFailure? Failure { get; private set; }

    /// <summary>The address that the name stood for; null: unknown.</summary>
    public Ipv4Address? Address { get; private set; }

    /// <summary>The client's own address and port, once connected.</summary>
    public SocketAddress? Local { get; private set; }

    /// <summary>How the connection attempt ended.</summary>
    public Exchange? Attempt { get; private set; }

    /// <summary>The name server's part in a failure to resolve.</summary>
    public ResolvedName? Resolved { get; private set; }

    /// <summary>When the call began, was connected, and was over.</summary>
    public TimeSpan Began { get; private set; }

    public TimeSpan? ConnectedAt { get; private set; }

    public Certificate? ServerCertificate { get; private set; }

    /// <summary>Runs the call as the program; read the result from this object afterwards.</summary>
    public IEnumerable<Wait> Run()
    {
        Began = self.World.Now;
        _deadline = Timeout is { } limit ? Began + limit : TimeSpan.MaxValue;
        yield return Wait.Call(NameLookup.Resolve(self, target.Host, found => Resolved = found));
        Address = Resolved!.Address;
        if (Address is not { } address)
        {
            Failure = self.World.Now > _deadline ? HttpFailure.Timeout : HttpFailure.UnknownHost;
            yield break;
        }

        var dial = new TcpDial();
        yield return Wait.Call(dial.Open(self, address, target.Port, Shorter(ConnectTimeout, Left)));
        Attempt = dial.Last;
        if (dial.Connection is not { } connection)
        {
            Failure = dial.TimedOut ? HttpFailure.ConnectTimeout : HttpFailure.ConnectFailed;
            yield break;
        }

        (Local, ConnectedAt) = (connection.Local, self.World.Now);
        yield return Wait.Call(Exchange(connection));
        self.Release(connection);
    }

    private TimeSpan? Left => _deadline == TimeSpan.MaxValue ? null : _deadline - self.World.Now;

    private IEnumerable<Wait> Exchange(Connection connection)
    {
        var sent = new Delivery();
        yield return Wait.Call(Deliver(connection, fromClient: true, sent));
        if (!sent.Arrived)
        {
            Failure = sent.WasReset ? HttpFailure.Reset : HttpFailure.Timeout;
            yield break;
        }

        if (Answer(connection) is not { } response)
        {
            yield break;
        }

        if (Left is { } left && response.Takes > left)
        {
            yield return Wait.For(left);
            Failure = HttpFailure.Timeout;
            yield break;
        }

        yield return Wait.For(response.Takes);
        if (!connection.Listener.IsOpen && !connection.IsOpen)
        {
            Failure = HttpFailure.Reset;
            yield break;
        }

        var received = new Delivery();
        yield return Wait.Call(Deliver(connection, fromClient: false, received));
        if (received.Arrived)
        {
            Response = response;
        }
        else
        {
            Failure = received.WasReset ? HttpFailure.Reset : HttpFailure.Timeout;
        }
    }

    private HttpResponse? Answer(Connection connection)
    {
        if (!connection.Listener.IsOpen)
        {
            Failure = HttpFailure.Reset;
            return null;
        }

        if (connection.Listener.Handler is not HttpService service)
        {
            Failure = target.IsTls ? HttpFailure.NotTls : HttpFailure.NotHttp;
            return null;
        }

        ServerCertificate = service.Certificate;
        if (target.IsTls && service.Certificate is null)
        {
            Failure = HttpFailure.NotTls;
            return null;
        }

        if (target.IsTls && VerifiesServer && !(Authority?.Issued(service.Certificate!) == true && service.Certificate!.Names(target.Host)))
        {
            Failure = HttpFailure.Untrusted;
            return null;
        }

        if (!target.IsTls && service.Certificate is not null)
        {
            // What Go's servers answer to plain HTTP on a TLS port.
            return new HttpResponse(400, "Client sent an HTTP request to an HTTPS server.\n");
        }

        return service.Respond(request with { RemoteAddress = connection.ServerRemote.Ip.ToString() }, self.World.Now);
    }

    // Data that is lost is sent again, at first after 200 ms, then after twice as long (RFC 6298).
    private IEnumerable<Wait> Deliver(Connection connection, bool fromClient, Delivery delivery)
    {
        var pause = TimeSpan.FromMilliseconds(200);
        for (var attempt = 0; attempt < 15; attempt++)
        {
            var exchange = self.Network.Fabric.Send(connection, self.World.Now, fromClient);
            if (exchange.Outcome != ExchangeOutcome.Lost)
            {
                delivery.Arrived = exchange.Succeeded;
                delivery.WasReset = !exchange.Succeeded;
                yield return Wait.For(exchange.Elapsed);
                yield break;
            }

            if (Left is { } left && pause > left)
            {
                yield return Wait.For(left > TimeSpan.Zero ? left : TimeSpan.Zero);
                yield break;
            }

            yield return Wait.For(pause);
            pause = pause * 2 < TimeSpan.FromSeconds(120) ? pause * 2 : TimeSpan.FromSeconds(120);
        }
    }

    private static TimeSpan? Shorter(TimeSpan? one, TimeSpan? other) =>
        one is null ? other : other is null ? one : one < other ? one : other;

    private sealed class Delivery
    {
        public bool Arrived { get; set; }

        public bool WasReset { get; set; }
    }
}
