using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Identity;
using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Clusters.Provisioning;

/// <summary>
/// The authorities of a kubeadm cluster and what they issue: /etc/kubernetes/pki, and the kubeconfig files of the components
/// and of the administrator (kubernetes.io/docs/setup/best-practices/certificates).
/// </summary>
internal sealed class ClusterKeys
{
    private const string Directory = "/etc/kubernetes/pki/";
    private const int Secret = 0b110_000_000;

    private readonly CertificateAuthority _kubernetes;
    private readonly CertificateAuthority _etcd;
    private readonly CertificateAuthority _frontProxy;
    private readonly KubernetesVersion _version;
    private readonly string _server;

    public ClusterKeys(World world, KubernetesVersion version, string serverAddress)
    {
        var random = world.RandomFor("pki");
        _kubernetes = new CertificateAuthority("kubernetes", random, world.UtcNow);
        _etcd = new CertificateAuthority("etcd-ca", random, world.UtcNow);
        _frontProxy = new CertificateAuthority("front-proxy-ca", random, world.UtcNow);
        _version = version;
        _server = serverAddress;
    }

    /// <summary>The certificate of the cluster's authority, for kube-root-ca.crt and cluster-info.</summary>
    public string AuthorityPem => _kubernetes.Certificate.ToPem();

    private string ServerUrl => $"https://{_server}:6443";

    /// <summary>What lies on the control plane's disk.</summary>
    public void WriteControlPlane(FileSystem files, string nodeName)
    {
        WriteAuthority(files, "ca", _kubernetes);
        WriteAuthority(files, "etcd/ca", _etcd);
        WriteAuthority(files, "front-proxy-ca", _frontProxy);
        Write(files, "apiserver", _kubernetes.IssueServer(
            new CertificateSubject("kube-apiserver"), false,
            nodeName, "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "10.96.0.1", _server));
        Write(files, "apiserver-kubelet-client", _kubernetes.IssueClient(new CertificateSubject("kube-apiserver-kubelet-client", [AdminGroup])));
        Write(files, "apiserver-etcd-client", _etcd.IssueClient(new CertificateSubject("kube-apiserver-etcd-client")));
        Write(files, "front-proxy-client", _frontProxy.IssueClient(new CertificateSubject("front-proxy-client")));
        WriteEtcdMember(files, nodeName, _server);
        files.Write(Directory + "sa.key", CertificateAuthority.PrivateKey(_kubernetes.Certificate.Key ^ 1), Secret);
        files.Write(Directory + "sa.pub", "-----BEGIN PUBLIC KEY-----\n" + CertificateAuthority.PrivateKey(_kubernetes.Certificate.Key ^ 1)[32..].Split('\n')[0] + "\n-----END PUBLIC KEY-----\n");
        WriteConfig(files, "/etc/kubernetes/admin.conf", "kubernetes-admin", "kubernetes-admin", AdminGroup);
        if (_version.Minor >= 29)
        {
            WriteConfig(files, "/etc/kubernetes/super-admin.conf", "kubernetes-super-admin", "kubernetes-super-admin", "system:masters");
        }

        WriteConfig(files, "/etc/kubernetes/controller-manager.conf", "system:kube-controller-manager", "system:kube-controller-manager");
        WriteConfig(files, "/etc/kubernetes/scheduler.conf", "system:kube-scheduler", "system:kube-scheduler");
        files.Write("/root/.kube/config", files.Read("/etc/kubernetes/admin.conf")!, Secret);
    }

    /// <summary>What a further member of etcd needs on its disk.</summary>
    public void WriteEtcd(FileSystem files, string nodeName, string address)
    {
        WriteAuthority(files, "etcd/ca", _etcd);
        WriteEtcdMember(files, nodeName, address);
    }

    private void WriteEtcdMember(FileSystem files, string nodeName, string address)
    {
        Write(files, "etcd/server", _etcd.IssueServer(new CertificateSubject(nodeName), true, nodeName, "localhost", address, "127.0.0.1"));
        Write(files, "etcd/peer", _etcd.IssueServer(new CertificateSubject(nodeName), true, nodeName, "localhost", address, "127.0.0.1"));
        Write(files, "etcd/healthcheck-client", _etcd.IssueClient(new CertificateSubject("kube-etcd-healthcheck-client")));
    }

    /// <summary>A node's own credentials, as its TLS bootstrap leaves them.</summary>
    public void WriteNode(FileSystem files, string nodeName, bool isControlPlane)
    {
        files.Write(Directory + "ca.crt", AuthorityPem);
        var client = _kubernetes.IssueClient(new CertificateSubject("system:node:" + nodeName, ["system:nodes"]));
        const string Current = "/var/lib/kubelet/pki/kubelet-client-current.pem";
        var dated = $"/var/lib/kubelet/pki/kubelet-client-{client.NotBefore:yyyy-MM-dd-HH-mm-ss}.pem";
        files.Write(dated, client.ToPem() + CertificateAuthority.PrivateKey(client.Key), Secret);
        files.Link(Current, dated);
        files.Write("/etc/kubernetes/kubelet.conf", new Kubeconfig(ServerUrl)
        {
            AuthorityPem = AuthorityPem,
            ClusterName = isControlPlane ? "kubernetes" : "default-cluster",
            ContextName = isControlPlane ? $"system:node:{nodeName}@kubernetes" : "default-context",
            UserName = isControlPlane ? "system:node:" + nodeName : "default-auth",
            Namespace = isControlPlane ? null : "default",
            ClientCertificateFile = Current,
        }.Write(), Secret);
    }

    // kubeadm's administrator has been in a group of its own since 1.29.
    private string AdminGroup => _version.Minor >= 29 ? "kubeadm:cluster-admins" : "system:masters";

    private void WriteConfig(FileSystem files, string path, string user, string commonName, params ReadOnlySpan<string> groups)
    {
        var certificate = _kubernetes.IssueClient(new CertificateSubject(commonName, [.. groups]));
        files.Write(path, new Kubeconfig(ServerUrl)
        {
            AuthorityPem = AuthorityPem,
            UserName = user,
            ContextName = user + "@kubernetes",
            ClientCertificatePem = certificate.ToPem(),
            ClientKeyPem = CertificateAuthority.PrivateKey(certificate.Key),
        }.Write(), Secret);
    }

    private static void WriteAuthority(FileSystem files, string name, CertificateAuthority authority)
    {
        files.Write($"{Directory}{name}.crt", authority.Certificate.ToPem());
        files.Write($"{Directory}{name}.key", authority.KeyPem, Secret);
    }

    private static void Write(FileSystem files, string name, Certificate certificate)
    {
        files.Write($"{Directory}{name}.crt", certificate.ToPem());
        files.Write($"{Directory}{name}.key", CertificateAuthority.PrivateKey(certificate.Key), Secret);
    }
}
