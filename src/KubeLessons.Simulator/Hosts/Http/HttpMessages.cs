using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts.Identity;

namespace KubeLessons.Simulator.Hosts.Http;

/// <summary>An HTTP request as a simulated server sees it.</summary>
/// <param name="Method">Such as GET.</param>
/// <param name="Target">The path with its query, such as <c>/index.html?x=1</c>.</param>
/// <param name="RemoteAddress">Who asks, as the server sees it (after address translation).</param>
public sealed record HttpRequest(string Method, string Target, string RemoteAddress)
{
    public ImmutableDictionary<string, string> Headers { get; init; } =
        ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    public string Body { get; init; } = "";

    /// <summary>The certificate that the client shows while TLS is set up; null: none.</summary>
    public Certificate? ClientCertificate { get; init; }

    /// <summary>The target without its query.</summary>
    public string Path => Target.IndexOf('?') is >= 0 and var query ? Target[..query] : Target;

    public string UserAgent => Headers.GetValueOrDefault("User-Agent", "-");
}

/// <summary>An answer; its headers keep their order, since curl -i prints it.</summary>
public sealed record HttpResponse(int StatusCode, string Body)
{
    public ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>How long the server works on it before the first byte.</summary>
    public TimeSpan Takes { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The value of a header, found without regard to case; null when it is not there.</summary>
    public string? Header(string name)
    {
        foreach (var header in Headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }

    /// <summary>Such as <c>Not Found</c> (RFC 9110).</summary>
    public string Reason => StatusCode switch
    {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Unknown",
    };
}
