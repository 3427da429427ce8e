using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Hosts.Identity;

namespace KubeLessons.Simulator.Hosts.Http;

/// <summary>
/// What a program puts behind a listening TCP port (<see cref="Process.Listen"/>) when it speaks HTTP. Whoever has connected asks
/// it; the answer is a function of the request and the moment, so a probe may ask without a turn of the server's own.
/// </summary>
public sealed class HttpService(Func<HttpRequest, TimeSpan, HttpResponse> respond)
{
    /// <summary>The certificate that it shows; null: plain HTTP.</summary>
    public Certificate? Certificate { get; init; }

    /// <summary>The API server that stands behind it, for the components that are its clients; null for every other service.</summary>
    public ApiEndpoint? Api { get; init; }

    /// <summary>The kubelet that stands behind it, for the API server, which is its client; null for every other service.</summary>
    public KubeletEndpoint? Kubelet { get; init; }

    /// <summary>
    /// Being asked leaves no trace (no line in a log), and the answers stay what they are while the way to it does and
    /// <see cref="Changed"/> is not raised: a probe that found all well need not ask again before.
    /// </summary>
    public bool IsSteady { get; init; }

    /// <summary>Called when a steady service may answer otherwise from now on.</summary>
    public event Action? Changed;

    public void Change() => Changed?.Invoke();

    public HttpResponse Respond(HttpRequest request, TimeSpan now) => respond(request, now);
}
