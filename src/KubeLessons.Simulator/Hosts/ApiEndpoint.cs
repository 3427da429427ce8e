using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Hosts.Identity;

namespace KubeLessons.Simulator.Hosts;

/// <summary>How a client says who it is.</summary>
/// <param name="Certificate">A client certificate; null: none.</param>
/// <param name="Token">A bearer token; null: none.</param>
public sealed record ApiCredentials(Certificate? Certificate, string? Token);

/// <summary>
/// A running kube-apiserver as its clients find it behind its port. <see cref="Accept"/> looks at the credentials and gives the
/// way in: the server, or what it answers in place of handling a request.
/// </summary>
public sealed record ApiEndpoint(Func<ApiCredentials, ApiConnection> Accept);
