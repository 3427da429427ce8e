using System.Text;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Hosts.Identity;

/// <summary>
/// A kubeconfig file: where the API server is and who the client is. One cluster, user and context, as kubeadm writes them;
/// kubectl, which merges several files, reads them its own way.
/// </summary>
public sealed record Kubeconfig(string Server)
{
    public string ClusterName { get; init; } = "kubernetes";

    public string UserName { get; init; } = "kubernetes-admin";

    public string ContextName { get; init; } = "kubernetes-admin@kubernetes";

    public string? Namespace { get; init; }

    /// <summary>The authority's certificate in PEM armour; null: none is given.</summary>
    public string? AuthorityPem { get; init; }

    /// <summary>A file with the authority's certificate, instead of the certificate itself.</summary>
    public string? AuthorityFile { get; init; }

    public string? ClientCertificatePem { get; init; }

    public string? ClientKeyPem { get; init; }

    /// <summary>A file with the client's certificate (and its key), as a kubelet has it.</summary>
    public string? ClientCertificateFile { get; init; }

    public string? Token { get; init; }

    public string? TokenFile { get; init; }

    public bool SkipsTlsVerification { get; init; }

    /// <summary>The current context of a kubeconfig text; null with the reason when it is none.</summary>
    public static (Kubeconfig? Config, string? Error) Parse(string text)
    {
        if (!DocYaml.TryParse(text, out var document, out var error))
        {
            return (null, error);
        }

        var root = document ?? Doc.Empty;
        var contextName = root.Text("current-context") ?? "";
        var context = Named(root, "contexts", contextName)?.At("context");
        var cluster = Named(root, "clusters", context?.Text("cluster") ?? "")?.At("cluster");
        if (context is null || cluster?.Text("server") is not { } server)
        {
            return (null, "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable");
        }

        var user = Named(root, "users", context.Text("user") ?? "")?.At("user") ?? Doc.Empty;
        return (new Kubeconfig(server)
        {
            ClusterName = context.Text("cluster")!,
            UserName = context.Text("user") ?? "",
            ContextName = contextName,
            Namespace = context.Text("namespace"),
            AuthorityPem = Decode(cluster.Text("certificate-authority-data")),
            AuthorityFile = cluster.Text("certificate-authority"),
            SkipsTlsVerification = cluster.Flag("insecure-skip-tls-verify") == true,
            ClientCertificatePem = Decode(user.Text("client-certificate-data")),
            ClientKeyPem = Decode(user.Text("client-key-data")),
            ClientCertificateFile = user.Text("client-certificate"),
            Token = user.Text("token"),
            TokenFile = user.Text("tokenFile"),
        }, null);
    }

    /// <summary>The file's text, in the order of fields that kubeadm writes.</summary>
    public string Write()
    {
        var text = new StringBuilder("apiVersion: v1\nclusters:\n- cluster:\n");
        Field(text, "certificate-authority-data", Encode(AuthorityPem));
        Field(text, "certificate-authority", AuthorityFile);
        Field(text, "server", Server);
        text.Append($"  name: {ClusterName}\ncontexts:\n- context:\n");
        Field(text, "cluster", ClusterName);
        Field(text, "namespace", Namespace);
        Field(text, "user", UserName);
        text.Append($"  name: {ContextName}\ncurrent-context: {ContextName}\nkind: Config\npreferences: {{}}\nusers:\n- name: {UserName}\n  user:\n");
        Field(text, "client-certificate-data", Encode(ClientCertificatePem));
        Field(text, "client-key-data", Encode(ClientKeyPem));
        Field(text, "client-certificate", ClientCertificateFile);
        Field(text, "client-key", ClientCertificateFile);
        Field(text, "token", Token);
        Field(text, "tokenFile", TokenFile);
        return text.ToString();
    }

    private static void Field(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append($"    {name}: {value}\n");
        }
    }

    private static Doc? Named(Doc root, string list, string name)
    {
        foreach (var entry in root.List(list))
        {
            if (entry.Text("name") == name)
            {
                return entry;
            }
        }

        return null;
    }

    private static string? Encode(string? text) => text is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string? Decode(string? base64)
    {
        var bytes = new byte[base64?.Length ?? 0];
        return base64 is not null && Convert.TryFromBase64String(base64, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : null;
    }
}
