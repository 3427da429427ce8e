using System.Security.Cryptography.X509Certificates;
using KubeLessons.Simulator.Hosts.Identity;

namespace KubeLessons.Simulator.Tests.Hosts;

public sealed class CertificateTests
{
    private readonly CertificateAuthority _authority = new("kubernetes", new SeededRandom(1), World.DefaultEpoch);

    [Fact]
    public void A_certificate_can_be_read_back_from_its_PEM_text()
    {
        var issued = _authority.IssueServer(new CertificateSubject("kube-apiserver"), false, "m-k8s", "10.96.0.1");
        var read = Certificate.TryParse(issued.ToPem()).ShouldNotBeNull();
        read.Subject.ShouldBe(issued.Subject);
        read.AlternativeNames.ShouldBe(["m-k8s", "10.96.0.1"]);
        read.NotAfter.ShouldBe(World.DefaultEpoch.AddDays(365));
        (read.Serial, read.Key, read.Signature, read.ForServers, read.ForClients)
            .ShouldBe((issued.Serial, issued.Key, issued.Signature, true, false));
        _authority.Certificate.Issued(read).ShouldBeTrue();
    }

    [Fact]
    public void Other_programs_can_read_it_too()
    {
        var issued = _authority.IssueClient(new CertificateSubject("system:node:w1-k8s", ["system:nodes"]));
        using var read = X509Certificate2.CreateFromPem(issued.ToPem());
        read.Subject.ShouldBe("CN=system:node:w1-k8s, O=system:nodes");
        read.Issuer.ShouldBe("CN=kubernetes");
        read.NotBefore.ToUniversalTime().ShouldBe(World.DefaultEpoch.UtcDateTime);
    }

    [Fact]
    public void An_authority_knows_what_it_did_not_issue()
    {
        var other = new CertificateAuthority("kubernetes", new SeededRandom(2), World.DefaultEpoch);
        var forged = other.IssueClient(new CertificateSubject("kubernetes-admin", ["system:masters"]));
        _authority.Certificate.Issued(forged).ShouldBeFalse();
        var altered = _authority.IssueClient(new CertificateSubject("nobody")) with { Subject = new CertificateSubject("somebody") };
        _authority.Certificate.Issued(altered).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")]
    public void What_is_no_certificate_is_none(string pem) => Certificate.TryParse(pem).ShouldBeNull();

    [Fact]
    public void A_kubeconfig_says_who_and_where_after_a_round_trip()
    {
        var config = new Kubeconfig("https://192.168.1.10:6443")
        {
            UserName = "kubernetes-admin",
            ContextName = "kubernetes-admin@kubernetes",
            AuthorityPem = _authority.Certificate.ToPem(),
            ClientCertificatePem = _authority.IssueClient(new CertificateSubject("kubernetes-admin", ["system:masters"])).ToPem(),
            ClientKeyPem = CertificateAuthority.PrivateKey(1),
        };
        var (read, error) = Kubeconfig.Parse(config.Write());
        error.ShouldBeNull();
        read.ShouldBe(config);
    }
}
