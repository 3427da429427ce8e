using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Identity;
using KubeLessons.Simulator.Kubectl.Config;

namespace KubeLessons.Simulator.Kubectl;

/// <summary>kubectl's way to a server over the network of its host.</summary>
internal static class KubectlNetwork
{
    public const string UserAgent = "kubectl";

    public static ApiClient Connect(Process self, ServerAccess access)
    {
        var credentials = new ApiCredentials(access.CertificatePem is { } pem ? Certificate.TryParse(pem) : null, access.Token);
        var authority = access.SkipsTlsVerification || access.AuthorityPem is null ? null : Certificate.TryParse(access.AuthorityPem);
        var line = new ApiLine(self, access.Server, credentials, authority)
        {
            TrustsSystemOnly = authority is null && !access.SkipsTlsVerification && access.Server.StartsWith("https://", StringComparison.Ordinal),
        };
        return new ApiClient(UserAgent, self.Host.Name, access.ActAs ?? ApiIdentity.Of(credentials), line.Connect) { Timeout = access.RequestTimeout };
    }
}
