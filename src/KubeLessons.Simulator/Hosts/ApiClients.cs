using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Hosts.Identity;

namespace KubeLessons.Simulator.Hosts;

/// <summary>Makes the API clients of programs from what lies on their disks: a kubeconfig file, or a pod's service account.</summary>
public static class ApiClients
{
    /// <summary>Where a container finds its service account (pkg/serviceaccount: DefaultAPITokenMountPath).</summary>
    public const string ServiceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>
    /// The client of a program that was given a kubeconfig file. The file is read now, as a component does when it starts. When it
    /// is missing or wrong, the client fails every request with the reason; <see cref="TryFromKubeconfig"/> says so at once.
    /// </summary>
    public static ApiClient FromKubeconfig(Process self, string path, string userAgent)
    {
        var (client, error) = TryFromKubeconfig(self, path, userAgent);
        return client ?? new ApiClient(
            userAgent, self.Host.Name, ApiUser.Anonymous, () => new ApiConnection(null, error, TimeSpan.Zero));
    }

    /// <summary>The same, with the reason when there is no usable file: <c>open /etc/kubernetes/x.conf: no such file or directory</c>.</summary>
    public static (ApiClient? Client, string? Error) TryFromKubeconfig(Process self, string path, string userAgent)
    {
        if (self.Files.Read(path) is not { } text)
        {
            return (null, $"open {path}: no such file or directory");
        }

        var (config, error) = Kubeconfig.Parse(text);
        if (config is null)
        {
            return (null, error);
        }

        var certificate = config.ClientCertificatePem
            ?? (config.ClientCertificateFile is { } file ? self.Files.Read(file) : null);
        var token = config.Token ?? (config.TokenFile is { } tokenFile ? self.Files.Read(tokenFile)?.Trim() : null);
        var authority = config.AuthorityPem ?? (config.AuthorityFile is { } caFile ? self.Files.Read(caFile) : null);
        var credentials = new ApiCredentials(certificate is null ? null : Certificate.TryParse(certificate), token);
        return (Client(self, config.Server, credentials, config.SkipsTlsVerification ? null : authority, userAgent), null);
    }

    /// <summary>
    /// The client of a program in a pod (client-go's InClusterConfig): the <c>kubernetes</c> Service from the environment, token and
    /// authority from the mounted service account.
    /// </summary>
    public static (ApiClient? Client, string? Error) TryInCluster(Process self, string userAgent)
    {
        var host = self.Environment.GetValueOrDefault("KUBERNETES_SERVICE_HOST");
        var port = self.Environment.GetValueOrDefault("KUBERNETES_SERVICE_PORT");
        if (host is null || port is null)
        {
            return (null, "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined");
        }

        if (self.Files.Read(ServiceAccountDirectory + "/token") is not { } token)
        {
            return (null, $"open {ServiceAccountDirectory}/token: no such file or directory");
        }

        var authority = self.Files.Read(ServiceAccountDirectory + "/ca.crt");
        return (Client(self, $"https://{host}:{port}", new ApiCredentials(null, token.Trim()), authority, userAgent), null);
    }

    private static ApiClient Client(Process self, string server, ApiCredentials credentials, string? authorityPem, string userAgent)
    {
        var authority = authorityPem is null ? null : Certificate.TryParse(authorityPem);
        var line = new ApiLine(self, server, credentials, authority);
        return new ApiClient(userAgent, self.Host.Name, ApiIdentity.Of(credentials), line.Connect);
    }
}
