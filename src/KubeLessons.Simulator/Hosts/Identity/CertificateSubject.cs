using System.Collections.Immutable;

namespace KubeLessons.Simulator.Hosts.Identity;

/// <summary>Whom a certificate names. To Kubernetes the common name is the user and the organizations are its groups.</summary>
public sealed record CertificateSubject(string CommonName, ImmutableArray<string> Organizations)
{
    public CertificateSubject(string commonName)
        : this(commonName, [])
    {
    }

    public bool Equals(CertificateSubject? other) =>
        other is not null && CommonName == other.CommonName && Organizations.AsSpan().SequenceEqual(other.Organizations.AsSpan());

    public override int GetHashCode() => string.GetHashCode(CommonName, StringComparison.Ordinal);

    /// <summary>As openssl prints it: <c>O = system:nodes, CN = system:node:w1-k8s</c>.</summary>
    public override string ToString() =>
        string.Join(", ", Organizations.Select(organization => "O = " + organization).Append("CN = " + CommonName));
}
