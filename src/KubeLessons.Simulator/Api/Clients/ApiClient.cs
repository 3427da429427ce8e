namespace KubeLessons.Simulator.Api.Clients;

/// <summary>
/// What became of an attempt to reach an API server: the server, or the reason in Go's words
/// (<c>dial tcp 192.168.1.10:6443: connect: connection refused</c>) with the time that it took to find out.
/// </summary>
public sealed record ApiConnection(ApiServer? Server, string? Error, TimeSpan Takes)
{
    /// <summary>
    /// What the server answers to any request instead of handling it, such as 401 for credentials that it does not know and a
    /// time-out while its etcd is gone; null, or null for a request: it handles it.
    /// </summary>
    public Func<ApiRequest, ApiReply?>? Refusal { get; init; }
}

/// <summary>An answer, or the reason why there is none; and how long the asker waited for it.</summary>
public sealed record ApiReply(ApiResponse? Response, string? ConnectionError, TimeSpan Takes)
{
    public bool IsSuccess => Response is { IsSuccess: true };

    /// <summary>The reason of a Status, or <c>ServiceUnavailable</c> when nobody answered; null for a success.</summary>
    public string? Reason => Response is null ? "ServiceUnavailable" : Response.Reason;
}

/// <summary>
/// A component's way to the API server: every request walks the network from the component's host and carries its identity.
/// A request is handled at once; whoever waits for the answer as a program does lets <see cref="ApiReply.Takes"/> pass.
/// </summary>
/// <param name="userAgent">The component's name, such as <c>kubelet</c>: it is written into the trace.</param>
/// <param name="from">The host it runs on.</param>
/// <param name="user">Whose credentials it uses.</param>
/// <param name="connect">Walks to the server that the component's kubeconfig names.</param>
public sealed class ApiClient(string userAgent, string from, ApiUser user, Func<ApiConnection> connect)
{
    /// <summary>A request and its answer on a quiet local network: what etcd's fsync and the hops add up to, rounded.</summary>
    public static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(2);

    public string UserAgent => userAgent;

    /// <summary>How long it waits for an answer (Go's http.Client.Timeout); null: as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    public ApiReply Send(ApiRequest request) => InTime(SendWaiting(request));

    private ApiReply SendWaiting(ApiRequest request)
    {
        var connection = connect();
        if (connection.Refusal?.Invoke(Sign(request)) is { } refused)
        {
            return refused with { Takes = refused.Takes + connection.Takes };
        }

        return connection.Server is { } server
            ? new ApiReply(server.Handle(Sign(request)), null, connection.Takes + RoundTrip)
            : new ApiReply(null, connection.Error, connection.Takes);
    }

    /// <summary>Starts a watch. Null with the reason when the server cannot be reached or refuses.</summary>
    public (ApiWatch? Watch, ApiReply? Failure) Watch(ApiRequest request)
    {
        var connection = connect();
        if (connection.Refusal?.Invoke(request) is { } refused)
        {
            return (null, InTime(refused));
        }

        if (connection.Server is not { } server)
        {
            return (null, InTime(new ApiReply(null, connection.Error, connection.Takes)));
        }

        var (watch, error) = server.Watch(Sign(request));
        return (watch, error is null ? null : new ApiReply(error, null, connection.Takes + RoundTrip));
    }

    /// <summary>
    /// Opens the log, exec, attach or portforward subresource of a pod; the options are the request's body. Null with the reason
    /// when the server cannot be reached or refuses, or cannot reach the node.
    /// </summary>
    public (PodStream? Stream, ApiReply? Failure) OpenStream(ApiRequest request)
    {
        var connection = connect();
        if (connection.Refusal?.Invoke(request) is { } refused)
        {
            return (null, InTime(refused));
        }

        var (stream, failure) = connection.Server is { } server
            ? server.OpenStream(Sign(request))
            : (null, new ApiReply(null, connection.Error, connection.Takes));
        return (stream, failure is null ? null : InTime(failure));
    }

    /// <summary>
    /// Begins to renew a lease, through the API: see <see cref="Heartbeats"/>. No heartbeat when the server cannot be reached or
    /// refuses; the reply says why.
    /// </summary>
    public (Heartbeat? Beat, ApiReply Reply) StartHeartbeat(LeaseRenewal renewal)
    {
        var connection = connect();
        var asked = ApiRequest.Get(ResourcePath.Core("nodes"), "", renewal.Name);
        if (connection.Refusal?.Invoke(asked) is { } refused)
        {
            return (null, refused);
        }

        if (connection.Server is not { } server)
        {
            return (null, new ApiReply(null, connection.Error, connection.Takes));
        }

        var asker = Sign(asked);
        var (beat, response) = server.Heartbeats.Start(server, asker, renewal);
        return (beat, new ApiReply(response, null, connection.Takes + RoundTrip));
    }

    /// <summary>
    /// True while a lease is being renewed, so that who monitors it need not look before its watch tells that the renewals ceased.
    /// </summary>
    public bool IsRenewed(string leaseNamespace, string leaseName) =>
        connect().Server?.Heartbeats.IsBeating(leaseNamespace, leaseName) == true;

    /// <summary>True when the server can be reached right now; a watch delivers nothing while it cannot.</summary>
    public bool CanReachServer() => connect() is { Server: not null, Refusal: null };

    private ApiReply InTime(ApiReply reply) => Timeout is not { } timeout || reply.Takes <= timeout
        ? reply
        : new ApiReply(null, reply.Response is null && reply.ConnectionError?.StartsWith("dial ", StringComparison.Ordinal) == true
            ? "net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)"
            : "net/http: request canceled (Client.Timeout exceeded while awaiting headers)", timeout);

    private ApiRequest Sign(ApiRequest request) => request with { User = user, UserAgent = userAgent, From = from };
}
