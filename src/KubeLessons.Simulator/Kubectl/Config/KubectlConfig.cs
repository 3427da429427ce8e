using System.Collections.Immutable;
using System.Text;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubectl.Flags;

namespace KubeLessons.Simulator.Kubectl.Config;

/// <summary>
/// The configuration of one kubectl call: the kubeconfig files that flags, environment and home directory name, merged (the first
/// that sets a name wins), and the flags that override them.
/// </summary>
internal sealed class KubectlConfig
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";
    private readonly Process _self;
    private readonly FlagValues _flags;

    private KubectlConfig(Process self, FlagValues flags, ImmutableArray<string> files, Doc merged) =>
        (_self, _flags, Files, Merged) = (self, flags, files, merged);

    /// <summary>The files that were asked for, existing or not.</summary>
    public ImmutableArray<string> Files { get; }

    /// <summary>All of them as one <c>Config</c> document.</summary>
    public Doc Merged { get; }

    public string CurrentContext => _flags.Text("context") is { Length: > 0 } asked ? asked : Merged.Text("current-context") ?? "";

    private bool IsEmpty => Merged.List("clusters").IsEmpty;

    /// <summary>Reads the files. The error is kubectl's, such as <c>stat /x: no such file or directory</c>.</summary>
    public static (KubectlConfig? Config, string? Error) Load(Process self, FlagValues flags, TextMemo<Doc> known)
    {
        var isExplicit = flags.Has("kubeconfig");
        var files = FilesOf(self, flags);
        var merged = Doc.Empty;
        var lists = new Dictionary<string, List<Doc>>(StringComparer.Ordinal) { ["clusters"] = [], ["contexts"] = [], ["users"] = [] };
        var current = "";
        foreach (var file in files)
        {
            if (self.Files.Read(file) is not { } text)
            {
                if (isExplicit)
                {
                    return (null, $"stat {flags.Text("kubeconfig")}: no such file or directory");
                }

                continue;
            }

            var document = known.Find(text);
            if (document is null)
            {
                if (!DocYaml.TryParse(text, out document, out var error))
                {
                    return (null, $"error loading config file \"{file}\": {error}");
                }

                document = known.Keep(text, document ?? Doc.Empty);
            }

            current = current.Length > 0 ? current : document.Text("current-context") ?? "";
            foreach (var (name, entries) in lists)
            {
                entries.AddRange(document.List(name).Where(entry => entries.All(known => known.Text("name") != entry.Text("name"))));
            }
        }

        merged = Doc.Obj(
            ("apiVersion", "v1"),
            ("clusters", Doc.Arr(lists["clusters"])),
            ("contexts", Doc.Arr(lists["contexts"])),
            ("current-context", current),
            ("kind", "Config"),
            ("preferences", Doc.Empty),
            ("users", Doc.Arr(lists["users"])));
        return (new KubectlConfig(self, flags, files, merged), null);
    }

    /// <summary>An entry of clusters, contexts or users: what stands below its name.</summary>
    public Doc? Entry(string list, string name) => list switch
    {
        "clusters" => Named(list, name)?.At("cluster"),
        "contexts" => Named(list, name)?.At("context"),
        _ => Named(list, name)?.At("user"),
    };

    /// <summary>The namespace that commands work in when they name none.</summary>
    public string Namespace =>
        Entry("contexts", CurrentContext)?.Text("namespace") is { Length: > 0 } ns ? ns
        : IsInCluster && _self.Files.Read(ServiceAccount + "/namespace") is { Length: > 0 } own ? own.Trim()
        : "default";

    /// <summary>Where to go, and as whom; or why that is not known.</summary>
    public (ServerAccess? Access, string? Error) Access()
    {
        var context = Entry("contexts", CurrentContext);
        if (CurrentContext.Length > 0 && context is null)
        {
            return (null, $"context \"{CurrentContext}\" does not exist");
        }

        if (IsInCluster)
        {
            return (Overridden(InCluster()), null);
        }

        var clusterName = _flags.Text("cluster") is { Length: > 0 } askedCluster ? askedCluster : context?.Text("cluster") ?? "";
        var userName = _flags.Text("user") is { Length: > 0 } askedUser ? askedUser : context?.Text("user") ?? "";
        var cluster = Entry("clusters", clusterName);
        if (_flags.Has("cluster") && cluster is null)
        {
            return (null, $"cluster \"{clusterName}\" does not exist");
        }

        var user = Entry("users", userName);
        if (_flags.Has("user") && user is null)
        {
            return (null, $"auth info \"{userName}\" does not exist");
        }

        return (Overridden(new ServerAccess(cluster?.Text("server") ?? "http://localhost:8080")
        {
            AuthorityPem = DataOrFile(cluster, "certificate-authority"),
            CertificatePem = DataOrFile(user, "client-certificate"),
            Token = user?.Text("token") ?? (user?.Text("tokenFile") is { } file ? _self.Files.Read(file)?.Trim() : null),
            SkipsTlsVerification = cluster?.Flag("insecure-skip-tls-verify") == true,
        }), null);
    }

    private bool IsInCluster =>
        IsEmpty && !_flags.Has("server") && _self.Environment.ContainsKey("KUBERNETES_SERVICE_HOST") && _self.Files.Exists(ServiceAccount + "/token");

    private ServerAccess InCluster() =>
        new($"https://{_self.Environment["KUBERNETES_SERVICE_HOST"]}:{_self.Environment.GetValueOrDefault("KUBERNETES_SERVICE_PORT", "443")}")
        {
            AuthorityPem = _self.Files.Read(ServiceAccount + "/ca.crt"),
            Token = _self.Files.Read(ServiceAccount + "/token")?.Trim(),
        };

    // A number of seconds, or a duration; 0 is no limit.
    private static TimeSpan? RequestTimeout(string text)
    {
        var timeout = int.TryParse(text, out var seconds) ? TimeSpan.FromSeconds(seconds) : GoDuration.TryParse(text, out var given) ? given : TimeSpan.Zero;
        return timeout > TimeSpan.Zero ? timeout : null;
    }

    private ServerAccess Overridden(ServerAccess access)
    {
        var actAs = _flags.Text("as");
        return access with
        {
            Server = _flags.Text("server") is { Length: > 0 } server ? WithScheme(server) : access.Server,
            Token = _flags.Text("token") is { Length: > 0 } token ? token : access.Token,
            CertificatePem = _flags.Text("client-certificate") is { Length: > 0 } certificate ? _self.Files.Read(PathOf(certificate)) : access.CertificatePem,
            AuthorityPem = _flags.Text("certificate-authority") is { Length: > 0 } authority ? _self.Files.Read(PathOf(authority)) : access.AuthorityPem,
            SkipsTlsVerification = access.SkipsTlsVerification || _flags.Flag("insecure-skip-tls-verify"),
            RequestTimeout = RequestTimeout(_flags.Text("request-timeout")),
            ActAs = actAs.Length > 0 ? new ApiUser(actAs, GroupsOf(actAs)) : null,
        };
    }

    // Impersonation replaces the groups too; the API server adds those that follow from the name.
    private ImmutableArray<string> GroupsOf(string name)
    {
        var groups = _flags.List("as-group");
        if (name.Split(':') is ["system", "serviceaccount", var ns, _])
        {
            groups = [.. groups, "system:serviceaccounts", "system:serviceaccounts:" + ns];
        }

        return name == ApiUser.Anonymous.Name ? [.. groups, "system:unauthenticated"] : [.. groups, "system:authenticated"];
    }

    private static string WithScheme(string server) => server.Contains("://", StringComparison.Ordinal) ? server : "http://" + server;

    private string PathOf(string path) => FileSystem.Resolve(_self.WorkingDirectory, path);

    private string? DataOrFile(Doc? entry, string field)
    {
        if (entry?.Text(field + "-data") is { } data)
        {
            var bytes = new byte[data.Length];
            return Convert.TryFromBase64String(data, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
        }

        return entry?.Text(field) is { } file ? _self.Files.Read(PathOf(file)) : null;
    }

    private Doc? Named(string list, string name)
    {
        foreach (var entry in Merged.List(list))
        {
            if (entry.Text("name") == name)
            {
                return entry;
            }
        }

        return null;
    }

    private static ImmutableArray<string> FilesOf(Process self, FlagValues flags)
    {
        if (flags.Text("kubeconfig") is { Length: > 0 } asked)
        {
            return [FileSystem.Resolve(self.WorkingDirectory, asked)];
        }

        return self.Environment.GetValueOrDefault("KUBECONFIG") is { Length: > 0 } list
            ? [.. list.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(path => FileSystem.Resolve(self.WorkingDirectory, path))]
            : [HomeOf(self) + "/.kube/config"];
    }

    /// <summary>The home directory of whoever runs it.</summary>
    public static string HomeOf(Process self) =>
        self.Environment.GetValueOrDefault("HOME") is { Length: > 0 } home ? home
        : self.Start.User == "root" ? "/root"
        : "/home/" + self.Start.User;
}
