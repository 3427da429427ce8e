using KubeLessons.Simulator.Hosts.Identity;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Hosts.Tools;

/// <summary>The certificates that kubeadm looks after: those of /etc/kubernetes/pki and those within the kubeconfig files.</summary>
internal sealed class KubeadmCertificates(Process self, KubernetesVersion version)
{
    private const string Directory = "/etc/kubernetes/";

    // Name, file below /etc/kubernetes and authority, in the order of kubeadm's tables.
    private IEnumerable<(string Name, string File, string Authority)> All =>
    [
        ("admin.conf", "admin.conf", "ca"),
        ("apiserver", "pki/apiserver", "ca"),
        ("apiserver-etcd-client", "pki/apiserver-etcd-client", "etcd-ca"),
        ("apiserver-kubelet-client", "pki/apiserver-kubelet-client", "ca"),
        ("controller-manager.conf", "controller-manager.conf", "ca"),
        ("etcd-healthcheck-client", "pki/etcd/healthcheck-client", "etcd-ca"),
        ("etcd-peer", "pki/etcd/peer", "etcd-ca"),
        ("etcd-server", "pki/etcd/server", "etcd-ca"),
        ("front-proxy-client", "pki/front-proxy-client", "front-proxy-ca"),
        ("scheduler.conf", "scheduler.conf", "ca"),
        .. version.Minor >= 29 ? [("super-admin.conf", "super-admin.conf", "ca")] : ((string, string, string)[])[],
    ];

    private static readonly (string Name, string File)[] _authorities = [("ca", "pki/ca"), ("etcd-ca", "pki/etcd/ca"), ("front-proxy-ca", "pki/front-proxy-ca")];

    /// <summary>The tables of <c>kubeadm certs check-expiration</c>.</summary>
    public string Report()
    {
        var table = new TextTable(10, 3, "CERTIFICATE", "EXPIRES", "RESIDUAL TIME", "CERTIFICATE AUTHORITY", "EXTERNALLY MANAGED");
        foreach (var (name, file, authority) in All)
        {
            if (Read(file) is { } certificate)
            {
                table.Add(name, Expires(certificate), Residual(certificate), authority, "no      ");
            }
            else
            {
                table.Add("!MISSING! " + name, "", "", "", "");
            }
        }

        var authorities = new TextTable(10, 3, "CERTIFICATE AUTHORITY", "EXPIRES", "RESIDUAL TIME", "EXTERNALLY MANAGED");
        foreach (var (name, file) in _authorities)
        {
            if (Read(file) is { } certificate)
            {
                authorities.Add(name, Expires(certificate), Residual(certificate), "no      ");
            }
            else
            {
                authorities.Add("!MISSING! " + name, "", "", "");
            }
        }

        return $"{table}\n{authorities}";
    }

    /// <summary>Issues certificates anew; what it says about it. The running components keep the old ones until they are started again.</summary>
    public string Renew(string which)
    {
        var text = $"[renew] Reading configuration from the cluster...\n[renew] FYI: You can look at this config file with 'kubectl -n kube-system get cm kubeadm-config -o yaml'\n\n";
        foreach (var (name, file, authority) in All.Where(each => which == "all" || each.Name == which))
        {
            var (_, authorityFile) = Array.Find(_authorities, each => each.Name == authority);
            if (Read(file) is not { } old || Read(authorityFile) is not { } issuer || !self.Files.Exists($"{Directory}{authorityFile}.key"))
            {
                self.Error.Write($"failed to renew certificate {name}: unable to load CA certificate and key\n");
                self.Exit(1);
                return text;
            }

            Write(file, old, CertificateAuthority.Renew(old, issuer, self.World.UtcNow, self.Host.Random));
            text += name.EndsWith(".conf", StringComparison.Ordinal)
                ? $"certificate embedded in the kubeconfig file {Words(name)} renewed\n"
                : $"certificate {Words(name)} renewed\n";
        }

        return text + (which == "all" ? "\nDone renewing certificates. You must restart the kube-apiserver, kube-controller-manager, kube-scheduler and etcd, so that they can use the new certificates.\n" : "");
    }

    private static string Words(string name) => name switch
    {
        "admin.conf" => "for the admin to use and for kubeadm itself",
        "super-admin.conf" => "for the super-admin",
        "controller-manager.conf" => "for the controller manager to use",
        "scheduler.conf" => "for the scheduler manager to use",
        "apiserver" => "for serving the Kubernetes API",
        "apiserver-etcd-client" => "the apiserver uses to access etcd",
        "apiserver-kubelet-client" => "for the API server to connect to kubelet",
        "etcd-healthcheck-client" => "for liveness probes to healthcheck etcd",
        "etcd-peer" => "for etcd nodes to communicate with each other",
        "etcd-server" => "for serving etcd",
        _ => "for the front proxy client",
    };

    private Certificate? Read(string file)
    {
        if (!file.EndsWith(".conf", StringComparison.Ordinal))
        {
            return self.Files.Read($"{Directory}{file}.crt") is { } pem ? Certificate.TryParse(pem) : null;
        }

        return self.Files.Read(Directory + file) is { } text && Kubeconfig.Parse(text).Config?.ClientCertificatePem is { } own ? Certificate.TryParse(own) : null;
    }

    private void Write(string file, Certificate old, Certificate renewed)
    {
        var key = CertificateAuthority.PrivateKey(renewed.Key);
        if (!file.EndsWith(".conf", StringComparison.Ordinal))
        {
            self.Files.Write($"{Directory}{file}.crt", renewed.ToPem());
            self.Files.Write($"{Directory}{file}.key", key);
            return;
        }

        static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));
        self.Files.Write(Directory + file, self.Files.Read(Directory + file)!
            .Replace(Base64(old.ToPem()), Base64(renewed.ToPem()), StringComparison.Ordinal)
            .Replace(Base64(CertificateAuthority.PrivateKey(old.Key)), Base64(key), StringComparison.Ordinal));
    }

    private static string Expires(Certificate certificate) => certificate.NotAfter.ToString("MMM dd, yyyy HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture);

    private string Residual(Certificate certificate)
    {
        var left = certificate.NotAfter - self.World.UtcNow;
        return left < TimeSpan.FromSeconds(-1) ? "<invalid>" : Api.Tables.HumanDuration.Short(left);
    }
}
