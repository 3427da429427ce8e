using System.Globalization;
using System.Security.Cryptography;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Api.Tables;
using KubeLessons.Simulator.Clusters;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts.Identity;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>
/// kubeadm of a cluster that stands: version, token (create, list, delete, generate), certs (check-expiration, renew) and config images
/// list. It works on the files under /etc/kubernetes and, as the administrator, on the API.
/// </summary>
internal sealed class Kubeadm(Process self, KubernetesVersion version)
{
    private const string AdminConfig = "/etc/kubernetes/admin.conf";
    private const string TokenPrefix = "bootstrap-token-";
    private const string TokenLetters = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string More = "To see the stack trace of this error execute with --v=5 or higher\n";

    /// <summary>kubeadm's DefaultTokenDuration.</summary>
    private static readonly TimeSpan _tokenValidity = TimeSpan.FromHours(24);

    private static readonly ResourcePath _secrets = ResourcePath.Core("secrets");

    public static ProgramMain Program(KubernetesVersion version) => self => new Kubeadm(self, version).Main();

    private IEnumerable<Wait> Main()
    {
        string[] words = [.. self.Arguments.ToArray().Where(word => !word.StartsWith('-'))];
        return words switch
        {
            ["version", ..] => Print(Version()),
            ["token", "create", .. var rest] => CreateToken(rest.FirstOrDefault(word => word.Contains('.') && !word.StartsWith('/'))),
            ["token", "list", ..] => ListTokens(),
            ["token", "delete", var id, ..] => DeleteToken(id),
            ["token", "generate", ..] => Print(NewToken() + "\n"),
            ["certs", "check-expiration", ..] => CheckExpiration(),
            ["certs", "renew", var which, ..] => Print(new KubeadmCertificates(self, version).Renew(which)),
            ["config", "images", "list", ..] => Print(Images()),
            [] or ["help", ..] => Print(Usage),
            ["init" or "join" or "reset" or "upgrade", ..] => Fail($"this machine is part of a cluster already; \"kubeadm {words[0]}\" is not available in this lab\n"),
            _ => Fail($"unknown command \"{words[0]}\" for \"kubeadm\"\n"),
        };
    }

    private const string Usage =
        "\n\n    ┌──────────────────────────────────────────────────────────┐\n    │ KUBEADM                                                  │\n    │ Easily bootstrap a secure Kubernetes cluster             │\n    └──────────────────────────────────────────────────────────┘\n\n"
        + "Usage:\n  kubeadm [command]\n\nAvailable Commands:\n  certs       Commands related to handling Kubernetes certificates\n  config      Manage configuration for a kubeadm cluster persisted in a ConfigMap in the cluster\n"
        + "  token       Manage bootstrap tokens\n  version     Print the version of kubeadm\n";

    private IEnumerable<Wait> Print(string text)
    {
        self.Output.Write(text);
        yield break;
    }

    private IEnumerable<Wait> Fail(string words)
    {
        self.Error.Write(words + More);
        self.Exit(1);
        return [];
    }

    // Such as 2h30m; 0 is for ever.
    private static TimeSpan Duration(string text)
    {
        var (sum, number) = (TimeSpan.Zero, 0);
        foreach (var letter in text)
        {
            sum += letter switch { 'h' => TimeSpan.FromHours(number), 'm' => TimeSpan.FromMinutes(number), 's' => TimeSpan.FromSeconds(number), _ => TimeSpan.Zero };
            number = char.IsAsciiDigit(letter) ? (number * 10) + (letter - '0') : 0;
        }

        return sum;
    }

    private string? Flag(string name)
    {
        var words = self.Arguments.ToArray();
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == name)
            {
                return i + 1 < words.Length ? words[i + 1] : "";
            }

            if (words[i].StartsWith(name + "=", StringComparison.Ordinal))
            {
                return words[i][(name.Length + 1)..];
            }
        }

        return null;
    }

    private string Version() => (Flag("-o") ?? Flag("--output")) switch
    {
        "short" => version.GitVersion + "\n",
        _ => $"kubeadm version: &version.Info{{Major:\"1\", Minor:\"{version.Minor}\", {(version.Minor >= 33 ? "EmulationMajor:\"\", EmulationMinor:\"\", MinCompatibilityMajor:\"\", MinCompatibilityMinor:\"\", " : "")}"
            + $"GitVersion:\"{version.GitVersion}\", GitCommit:\"{version.GitCommit}\", GitTreeState:\"clean\", BuildDate:\"{version.BuildDate}\", GoVersion:\"{version.GoVersion}\", Compiler:\"gc\", Platform:\"linux/amd64\"}}\n",
    };

    private string Images()
    {
        var images = new ComponentImages(version);
        return string.Concat(((string[])[images.ApiServer, images.ControllerManager, images.Scheduler, images.Proxy, images.CoreDns, images.Pause, images.Etcd]).Select(image => image + "\n"));
    }

    private string NewToken()
    {
        string Letters(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => TokenLetters[self.Host.Random.Next(TokenLetters.Length)]));
        return $"{Letters(6)}.{Letters(16)}";
    }

    private ApiClient? Connect()
    {
        var path = Flag("--kubeconfig") ?? AdminConfig;
        var (client, error) = ApiClients.TryFromKubeconfig(self, path, "kubeadm");
        if (client is null)
        {
            self.Error.Write($"failed to load admin kubeconfig: {error}\n{More}");
            self.Exit(1);
        }

        return client;
    }

    private static string Reason(ApiReply reply) => reply.ConnectionError ?? reply.Response?.Message ?? "";

    private IEnumerable<Wait> CreateToken(string? given)
    {
        if (given is not null && (given.Length != 23 || given[6] != '.'))
        {
            yield return Wait.Call(Fail($"the bootstrap token \"{given}\" was not of the form \"\\\\A([a-z0-9]{{6}})\\\\.([a-z0-9]{{16}})\\\\z\"\n"));
            yield break;
        }

        if (Connect() is not { } client)
        {
            yield break;
        }

        var token = given ?? NewToken();
        var lasting = Flag("--ttl") is { } ttl ? Duration(ttl) : _tokenValidity;
        Doc data = Doc.Obj(
            ("auth-extra-groups", "system:bootstrappers:kubeadm:default-node-token"), ("token-id", token[..6]), ("token-secret", token[7..]),
            ("usage-bootstrap-authentication", "true"), ("usage-bootstrap-signing", "true"),
            ("expiration", lasting > TimeSpan.Zero ? (Doc?)$"{self.World.UtcNow + lasting:yyyy-MM-ddTHH:mm:ssZ}" : null),
            ("description", Flag("--description")));
        var reply = client.Send(ApiRequest.Create(_secrets, "kube-system", Doc.Obj(
            ("apiVersion", "v1"), ("kind", "Secret"), ("type", "bootstrap.kubernetes.io/token"),
            ("metadata", Doc.Obj(("name", TokenPrefix + token[..6]), ("namespace", "kube-system"))), ("stringData", data))));
        yield return Wait.For(reply.Takes);
        if (!reply.IsSuccess)
        {
            yield return Wait.Call(Fail(reply.Response?.Reason == "AlreadyExists" ? $"a token with id \"{token[..6]}\" already exists\n" : $"failed to create or update bootstrap token with name {TokenPrefix}{token[..6]}: unable to create Secret: {Reason(reply)}\n"));
            yield break;
        }

        self.Output.Write(Flag("--print-join-command") is null ? token + "\n" : JoinCommand(token));
    }

    private string JoinCommand(string token)
    {
        var (config, _) = Kubeconfig.Parse(self.Files.Read(Flag("--kubeconfig") ?? AdminConfig)!);
        var authority = Certificate.TryParse(config!.AuthorityPem ?? "")!;
        var hash = Convert.ToHexStringLower(SHA256.HashData(CertificateDer.WriteKeyInfo(authority)));
        return $"kubeadm join {config.Server["https://".Length..]} --token {token} --discovery-token-ca-cert-hash sha256:{hash} \n";
    }

    private IEnumerable<Wait> ListTokens()
    {
        if (Connect() is not { } client)
        {
            yield break;
        }

        var reply = client.Send(ApiRequest.List(_secrets, "kube-system"));
        yield return Wait.For(reply.Takes);
        if (!reply.IsSuccess)
        {
            yield return Wait.Call(Fail($"failed to list bootstrap tokens: {Reason(reply)}\n"));
            yield break;
        }

        var table = new TextTable(10, 3, "TOKEN", "TTL", "EXPIRES", "USAGES", "DESCRIPTION", "EXTRA GROUPS");
        foreach (var secret in reply.Response!.Body.List("items").Where(secret => secret.Text("type") == "bootstrap.kubernetes.io/token"))
        {
            string Data(string name) => secret.Text("data", name) is { } text ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(text)) : "";
            var expires = Data("expiration");
            var usages = string.Join(',', ((string[])["authentication", "signing"]).Where(use => Data("usage-bootstrap-" + use) == "true"));
            var left = expires.Length == 0 ? "<forever>" : HumanDuration.Short(DateTimeOffset.Parse(expires, CultureInfo.InvariantCulture) - self.World.UtcNow);
            table.Add($"{Data("token-id")}.{Data("token-secret")}", left, expires.Length == 0 ? "<never>" : expires, usages,
                Data("description") is { Length: > 0 } text ? text : "<none>", Data("auth-extra-groups"));
        }

        self.Output.Write(table.ToString());
    }

    private IEnumerable<Wait> DeleteToken(string id)
    {
        if (Connect() is not { } client)
        {
            yield break;
        }

        var reply = client.Send(ApiRequest.Delete(_secrets, "kube-system", TokenPrefix + id.Split('.')[0]));
        yield return Wait.For(reply.Takes);
        if (!reply.IsSuccess)
        {
            yield return Wait.Call(Fail($"failed to delete bootstrap token \"{id.Split('.')[0]}\": {Reason(reply)}\n"));
            yield break;
        }

        self.Output.WriteLine($"bootstrap token \"{id.Split('.')[0]}\" deleted");
    }

    private IEnumerable<Wait> CheckExpiration()
    {
        var (client, _) = ApiClients.TryFromKubeconfig(self, AdminConfig, "kubeadm");
        var reply = client?.Send(ApiRequest.Get(ResourcePath.Core("configmaps"), "kube-system", "kubeadm-config"));
        if (reply is not null)
        {
            yield return Wait.For(reply.Takes);
        }

        self.Output.Write(reply is not { IsSuccess: true }
            ? "[check-expiration] Error reading configuration from the Cluster. Falling back to default configuration\n\n"
            : version.Minor >= 31
                ? "[check-expiration] Reading configuration from the \"kubeadm-config\" ConfigMap in namespace \"kube-system\"...\n[check-expiration] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.\n\n"
                : "[check-expiration] Reading configuration from the cluster...\n[check-expiration] FYI: You can look at this config file with 'kubectl -n kube-system get cm kubeadm-config -o yaml'\n\n");
        self.Output.Write(new KubeadmCertificates(self, version).Report());
    }
}
