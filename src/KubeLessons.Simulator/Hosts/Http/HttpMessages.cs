using System.Collections.Immutable;

namespace KubeLessons.Simulator.Hosts.Http;

/// <summary>An HTTP request as a simulated server sees it.</summary>
/// <param name="Method">Such as GET and HEAD.</param>
/// <param name="Path">With its query: <c>/healthz?verbose</c>.</param>
public sealed record HttpRequest(string Method, string Path)
{
    /// <summary>The Host header: the name or address that the client asked for.</summary>
    public string Host { get; init; } = "";

    public ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];

    public string Body { get; init; } = "";

    /// <summary>The client's address as the server sees it (after address translation).</summary>
    public string ClientAddress { get; init; } = "";

    /// <summary>The request came over TLS.</summary>
    public bool IsTls { get; init; }

    public string? Header(string name) => HttpHeaders.Find(Headers, name);
}

/// <summary>An HTTP response.</summary>
public sealed record HttpResponse(int Status, string Body = "")
{
    /// <summary>In the order in which they are sent; Content-Length and Connection are the sender's business.</summary>
    public ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>How long the server thought about it.</summary>
    public TimeSpan Takes { get; init; }

    public string? Header(string name) => HttpHeaders.Find(Headers, name);

    /// <summary>The words that go with the status (RFC 9110).</summary>
    public string ReasonPhrase => Status switch
    {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
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

/// <summary>Headers are looked up without regard to case.</summary>
internal static class HttpHeaders
{
    public static string? Find(ImmutableArray<(string Name, string Value)> headers, string name)
    {
        foreach (var header in headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }
}
