using KubeLessons.Simulator.Tests.Clusters;

namespace KubeLessons.Simulator.Tests.Hosts.Tools;

public sealed class OpensslTests
{
    private readonly BootedCluster _cluster = new();

    [Fact]
    public void A_certificate_is_written_out_with_its_names_and_its_validity()
    {
        var text = Openssl("x509 -in /etc/kubernetes/pki/apiserver.crt -noout -text");
        text.ShouldStartWith("Certificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number: ");
        text.ShouldContain("        Issuer: CN = kubernetes\n        Validity\n            Not Before: Jan  5 00:00:00 2026 GMT\n            Not After : Jan  5 00:00:00 2027 GMT\n        Subject: CN = kube-apiserver\n");
        text.ShouldContain("            X509v3 Extended Key Usage: \n                TLS Web Server Authentication\n");
        text.ShouldContain("DNS:kubernetes.default.svc.cluster.local, IP Address:10.96.0.1, IP Address:192.168.1.10\n");
        text.Split('\n').Count(line => line.StartsWith("                    ", StringComparison.Ordinal)).ShouldBe(18, "a modulus of 257 bytes, 15 a line");
    }

    [Theory]
    [InlineData("-subject -issuer", "subject=O = kubeadm:cluster-admins, CN = kube-apiserver-kubelet-client\nissuer=CN = kubernetes\n")]
    [InlineData("-subject -nameopt RFC2253", "subject=CN=kube-apiserver-kubelet-client,O=kubeadm:cluster-admins\n")]
    [InlineData("-enddate", "notAfter=Jan  5 00:00:00 2027 GMT\n")]
    [InlineData("-dates", "notBefore=Jan  5 00:00:00 2026 GMT\nnotAfter=Jan  5 00:00:00 2027 GMT\n")]
    [InlineData("-checkend 86400", "Certificate will not expire\n")]
    [InlineData("-ext extendedKeyUsage", "X509v3 Extended Key Usage: \n    TLS Web Client Authentication\n")]
    public void Parts_are_shown_on_request(string options, string expected) =>
        Openssl($"x509 -in /etc/kubernetes/pki/apiserver-kubelet-client.crt -noout {options}").ShouldBe(expected);

    [Fact]
    public void A_certificate_that_will_expire_in_time_is_a_failure_to_scripts() =>
        _cluster.Run("m-k8s", "openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -checkend 32000000").ShouldBe((1, "Certificate will expire\n"));

    [Fact]
    public void What_is_no_certificate_is_refused_in_openssls_words()
    {
        _cluster.Run("m-k8s", "openssl x509 -in /etc/hosts -noout -text").ShouldBe((1, "Could not read certificate from /etc/hosts\nUnable to load certificate\n"));
        var (code, output) = _cluster.Run("m-k8s", "openssl x509 -in /nofile -noout");
        code.ShouldBe(1);
        output.ShouldStartWith("Could not open file or uri for loading certificate from /nofile\n");
        _cluster.Run("m-k8s", "openssl x509 -noout -in").ShouldBe((1, "x509: Option -in needs a value\nx509: Use -help for summary.\n"));
    }

    [Fact]
    public void An_authority_is_known_by_what_it_signed()
    {
        Openssl("verify -CAfile /etc/kubernetes/pki/ca.crt /etc/kubernetes/pki/apiserver.crt").ShouldBe("/etc/kubernetes/pki/apiserver.crt: OK\n");
        _cluster.Run("m-k8s", "openssl verify -CAfile /etc/kubernetes/pki/ca.crt /etc/kubernetes/pki/etcd/server.crt").ShouldBe(
            (2, "CN = m-k8s\nerror 20 at 0 depth lookup: unable to get local issuer certificate\nerror /etc/kubernetes/pki/etcd/server.crt: verification failed\n"));
    }

    [Fact]
    public void A_server_shows_its_certificate_over_the_network_while_it_listens()
    {
        _cluster.Output("w1-k8s", "openssl s_client -connect 192.168.1.10:6443 2> /dev/null | openssl x509 -noout -subject").ShouldBe("subject=CN = kube-apiserver\n");
        _cluster.Output("w1-k8s", "openssl s_client -connect 192.168.1.10:2379 2> /dev/null | openssl x509 -noout -issuer").ShouldBe("issuer=CN = etcd-ca\n");
        _cluster.Run("w1-k8s", "openssl s_client -connect 192.168.1.10:6444").Output.ShouldEndWith("connect:errno=111\n");
    }

    private string Openssl(string arguments) => _cluster.Output("m-k8s", "openssl " + arguments);
}
