using KubeLessons.Simulator.Hosts.Identity;

namespace KubeLessons.Simulator.Hosts.Http;

/// <summary>
/// What a program that speaks HTTP puts behind its port (<see cref="Process.Listen"/>): curl, wget, probes and the API server's
/// clients find it there. Each request is answered in one turn; a null answer closes the connection without one.
/// </summary>
public sealed record HttpService(Func<HttpRequest, HttpResponse?> Answer)
{
    /// <summary>The certificate that it shows; null: plain HTTP.</summary>
    public Certificate? Certificate { get; init; }

    /// <summary>The API server that stands behind it, for the components that are its clients; null for every other service.</summary>
    public ApiEndpoint? Api { get; init; }
}
