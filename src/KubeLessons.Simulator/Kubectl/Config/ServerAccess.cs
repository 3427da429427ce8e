using KubeLessons.Simulator.Api;

namespace KubeLessons.Simulator.Kubectl.Config;

/// <summary>The server that a kubectl call talks to, and as whom.</summary>
/// <param name="Server">Such as <c>https://192.168.1.10:6443</c>.</param>
public sealed record ServerAccess(string Server)
{
    /// <summary>The authority's certificate in PEM; null: none is given.</summary>
    public string? AuthorityPem { get; init; }

    /// <summary>The client's certificate in PEM; null: none.</summary>
    public string? CertificatePem { get; init; }

    /// <summary>A bearer token; null: none.</summary>
    public string? Token { get; init; }

    /// <summary>Who is to be impersonated (<c>--as</c>); null: nobody.</summary>
    public ApiUser? ActAs { get; init; }

    public bool SkipsTlsVerification { get; init; }

    /// <summary>How long to wait for an answer (<c>--request-timeout</c>); null: as long as it takes.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>The host and port, as errors name the server.</summary>
    public string Authority => Server[(Server.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0)..].Split('/')[0];
}
