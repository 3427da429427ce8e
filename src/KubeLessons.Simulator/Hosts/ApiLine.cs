using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Hosts.Identity;
using KubeLessons.Simulator.Hosts.Names;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Hosts;

/// <summary>
/// One client's connection to the API server: opened when it is first needed and kept, as HTTP/2 does. Every request walks the
/// network over it; when it broke, a new one is dialled and that attempt's fate is what the client is told.
/// </summary>
internal sealed class ApiLine(Process self, string server, ApiCredentials credentials, Certificate? authority)
{
    /// <summary>How long a client waits for a SYN's answer (client-go's transport: dialer timeout 30 s).</summary>
    public static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(30);

    private readonly (string Host, int Port) _target = TargetOf(server);
    private Connection? _open;
    private Connection? _shaken;

    /// <summary>Whether a server whose authority nobody named must be one that the system trusts. A cluster's own never is.</summary>
    public bool TrustsSystemOnly { get; init; }

    /// <summary>Reaches the server, or says in Go's words why not.</summary>
    public ApiConnection Connect()
    {
        if (self.HasExited || !self.Host.IsPoweredOn)
        {
            return new ApiConnection(null, "context canceled", TimeSpan.Zero);
        }

        if (_open is { } kept)
        {
            if (kept.IsOpen && kept.Listener.IsOpen && self.Network.Fabric.Reaches(kept, self.World.Now))
            {
                return Accepted(kept, TimeSpan.Zero);
            }

            self.Release(kept);
            _open = null;
        }

        return Dial();
    }

    private ApiConnection Dial()
    {
        var resolved = NameLookup.Resolve(self, _target.Host);
        if (resolved.Address is not { } address)
        {
            return new ApiConnection(null, $"dial tcp: lookup {_target.Host}{resolved.Server}: {resolved.Error}", resolved.Takes);
        }

        var attempt = self.Network.Connect(address, _target.Port);
        if (attempt.Connection is not { } connection)
        {
            return new ApiConnection(null, GoDial.Describe(attempt, address, _target.Port), resolved.Takes + GoDial.Takes(attempt, DialTimeout));
        }

        _open = connection;
        self.Keep(connection);
        return Accepted(connection, resolved.Takes);
    }

    private ApiConnection Accepted(Connection connection, TimeSpan takes)
    {
        if (connection.Listener.Handler is not HttpService service)
        {
            return new ApiConnection(null, "EOF", takes);
        }

        // Certificates are shown when the connection is made, and not again.
        if (!ReferenceEquals(_shaken, connection) && (authority is not null || TrustsSystemOnly) && service.Certificate is { } shown)
        {
            if (authority?.Issued(shown) != true)
            {
                return new ApiConnection(null, "tls: failed to verify certificate: x509: certificate signed by unknown authority", takes);
            }

            if (!shown.Names(_target.Host))
            {
                return new ApiConnection(null, WrongName(shown), takes);
            }
        }

        _shaken = connection;
        if (service.Api is not { } endpoint)
        {
            return new ApiConnection(null, "the server could not find the requested resource", takes);
        }

        var accepted = endpoint.Accept(credentials);
        return accepted with { Takes = accepted.Takes + takes };
    }

    private string WrongName(Certificate shown) => Ipv4Address.TryParse(_target.Host, out _)
        ? $"tls: failed to verify certificate: x509: certificate is valid for {string.Join(", ", shown.AlternativeNames.Where(name => Ipv4Address.TryParse(name, out _)))}, not {_target.Host}"
        : $"tls: failed to verify certificate: x509: certificate is valid for {string.Join(", ", shown.AlternativeNames.Where(name => !Ipv4Address.TryParse(name, out _)))}, not {_target.Host}";

    private static (string Host, int Port) TargetOf(string server)
    {
        var scheme = server.IndexOf("://", StringComparison.Ordinal);
        var authority = (scheme < 0 ? server : server[(scheme + 3)..]).Split('/')[0];
        var colon = authority.LastIndexOf(':');
        var isPlain = server.StartsWith("http://", StringComparison.Ordinal);
        return colon >= 0 && int.TryParse(authority[(colon + 1)..], out var port)
            ? (authority[..colon], port)
            : (authority, isPlain ? 80 : 443);
    }
}
