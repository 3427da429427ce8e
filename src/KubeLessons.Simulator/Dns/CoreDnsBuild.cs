using KubeLessons.Simulator.Versions;

namespace KubeLessons.Simulator.Dns;

/// <summary>The CoreDNS that kubeadm of a version installs, as it introduces itself (kubeadm constants: CoreDNSVersion; CoreDNS' releases).</summary>
internal sealed record CoreDnsBuild(string Version, string Go, string Commit)
{
    public static CoreDnsBuild Of(KubernetesVersion version) => version.Minor switch
    {
        20 => new CoreDnsBuild("1.7.0", "go1.14.4", "f59c03d"),
        21 => new CoreDnsBuild("1.8.0", "go1.15.3", "054c9ae"),
        22 => new CoreDnsBuild("1.8.4", "go1.16.4", "053c4d5"),
        23 or 24 => new CoreDnsBuild("1.8.6", "go1.17.1", "13a9191"),
        25 or 26 => new CoreDnsBuild("1.9.3", "go1.18.2", "45b0a11"),
        27 or 28 => new CoreDnsBuild("1.10.1", "go1.20", "055b2c3"),
        29 or 30 => new CoreDnsBuild("1.11.1", "go1.20.7", "ae2bbc2"),
        31 or 32 => new CoreDnsBuild("1.11.3", "go1.21.11", "a6338e9"),
        33 => new CoreDnsBuild("1.12.0", "go1.23.3", "51e11f1"),
        34 => new CoreDnsBuild("1.12.1", "go1.24.1", "707c7c1"),
        _ => new CoreDnsBuild("1.13.1", "go1.25.2", "1db4568"),
    };
}
