namespace KubeLessons.Simulator.Hosts.Identity;

/// <summary>
/// A certificate authority of the simulated world, such as the one that kubeadm makes. The same name and seed give the same
/// certificates, byte for byte.
/// </summary>
public sealed class CertificateAuthority
{
    /// <summary>kubeadm's authorities are good for ten years (kubeadm: CACertificateValidityPeriod).</summary>
    public static readonly TimeSpan AuthorityValidity = TimeSpan.FromDays(3650);

    /// <summary>What they issue is good for one (kubeadm: CertificateValidityPeriod).</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromDays(365);

    private readonly SeededRandom _random;
    private readonly DateTimeOffset _now;

    /// <param name="name">Its common name, such as <c>kubernetes</c> or <c>etcd-ca</c>.</param>
    /// <param name="random">Where its key and serial numbers come from.</param>
    /// <param name="now">The date that stands in what it issues.</param>
    public CertificateAuthority(string name, SeededRandom random, DateTimeOffset now)
    {
        (_random, _now) = (random, now);
        var key = random.NextUInt64() | 1UL << 63;
        Certificate = Signed(key, new Certificate(new CertificateSubject(name), new CertificateSubject(name))
        {
            Key = key,
            NotBefore = now,
            NotAfter = now + AuthorityValidity,
            IsAuthority = true,
            AlternativeNames = [name],
        });
    }

    public Certificate Certificate { get; }

    /// <summary>Its key in PEM armour.</summary>
    public string KeyPem => PrivateKey(Certificate.Key);

    /// <summary>A private key in PEM armour that belongs to a certificate: a stand-in.</summary>
    public static string PrivateKey(ulong key) => Pem.Armour("RSA PRIVATE KEY", Pem.Stretch(key, 1192));

    /// <summary>Issues a certificate for a client (a component or a person).</summary>
    public Certificate IssueClient(CertificateSubject subject) => Issue(subject, forServers: false, forClients: true, []);

    /// <summary>Issues a certificate for a server that is known by these names and addresses.</summary>
    public Certificate IssueServer(CertificateSubject subject, bool alsoForClients, params ReadOnlySpan<string> names) =>
        Issue(subject, forServers: true, alsoForClients, names);

    /// <summary>The same certificate for another year from now on, as whoever has the authority's key may issue it.</summary>
    public static Certificate Renew(Certificate certificate, Certificate authority, DateTimeOffset now, SeededRandom random)
    {
        var renewed = certificate with { NotBefore = now, NotAfter = now + Validity, Key = random.NextUInt64() | 1UL << 63, Serial = random.NextUInt64() >> 1 };
        return renewed with { Signature = Sign(authority.Key, renewed) };
    }

    internal static ulong Sign(ulong key, Certificate content) => SeededRandom.Hash(string.Join('|',
        key, content.Subject, content.Issuer, content.Serial, content.NotBefore.ToUnixTimeSeconds(), content.NotAfter.ToUnixTimeSeconds(),
        content.IsAuthority, content.ForServers, content.ForClients, content.Key, string.Join(',', content.AlternativeNames))) | 1UL << 63;

    private Certificate Issue(CertificateSubject subject, bool forServers, bool forClients, ReadOnlySpan<string> names) =>
        Signed(Certificate.Key, new Certificate(subject, Certificate.Subject)
        {
            Key = _random.NextUInt64() | 1UL << 63,
            NotBefore = _now,
            NotAfter = _now + Validity,
            ForServers = forServers,
            ForClients = forClients,
            AlternativeNames = [.. names],
        });

    private Certificate Signed(ulong key, Certificate content)
    {
        var numbered = content with { Serial = _random.NextUInt64() >> 1 };
        return numbered with { Signature = Sign(key, numbered) };
    }
}
