using KubeLessons.Simulator.Tests.Clusters;

namespace KubeLessons.Simulator.Tests.Hosts.Tools;

public sealed class KubeadmTests
{
    private readonly BootedCluster _cluster = new();

    [Fact]
    public void A_join_command_names_the_server_a_token_that_is_listed_and_the_hash_of_the_authoritys_key()
    {
        // What `openssl x509 -pubkey | openssl rsa -pubin -outform der | openssl dgst -sha256` says of this authority.
        const string Hash = "7f5205c995652cf44c18dc40659592dcc1562f6ce4368d8c25a4b77dccb3bd42";
        var words = Kubeadm("token create --print-join-command").Split(' ');
        words[..3].ShouldBe(["kubeadm", "join", "192.168.1.10:6443"]);
        words[6].ShouldBe("sha256:" + Hash);
        Kubeadm("token list").ShouldContain($"{words[4]}   23h         2026-01-06T00:10:0");
        _cluster.Kubectl($"get secret -n kube-system bootstrap-token-{words[4][..6]} -o jsonpath={{.type}}").ShouldBe("bootstrap.kubernetes.io/token");
        Kubeadm($"token delete {words[4][..6]}").ShouldBe($"bootstrap token \"{words[4][..6]}\" deleted\n");
        Kubeadm("token list").ShouldNotContain(words[4]);
    }

    [Fact]
    public void Certificates_are_listed_with_what_is_left_of_them_and_renewed()
    {
        Kubeadm("certs check-expiration").ShouldContain("\napiserver                  Jan 05, 2027 00:00 UTC   364d            ca                      no      \n");
        Kubeadm("certs renew apiserver").ShouldEndWith("certificate for serving the Kubernetes API renewed\n");
        Kubeadm("certs check-expiration").ShouldContain("\napiserver                  Jan 05, 2027 00:10 UTC   364d            ca                      no      \n");
        _cluster.Output("m-k8s", "openssl verify -CAfile /etc/kubernetes/pki/ca.crt /etc/kubernetes/pki/apiserver.crt").ShouldEndWith(": OK\n");
        Kubeadm("certs renew all").ShouldContain("Done renewing certificates.");
        _cluster.Kubectl("--kubeconfig /etc/kubernetes/admin.conf get nodes -o name").ShouldStartWith("node/m-k8s\n");
        Output("rm /etc/kubernetes/pki/apiserver.crt; kubeadm certs check-expiration").ShouldContain("!MISSING! apiserver");
    }

    [Fact]
    public void It_tells_its_version_and_the_images_that_it_would_use()
    {
        Kubeadm("version -o short").ShouldBe("v1.33.1\n");
        Kubeadm("config images list").ShouldBe(_cluster.Output("m-k8s", "crictl images -o json > /dev/null; kubeadm config images list"));
        Kubeadm("config images list").ShouldContain("registry.k8s.io/etcd:3.5.21-0\n");
    }

    [Fact]
    public void Without_an_administrators_file_or_a_server_there_are_no_tokens()
    {
        _cluster.Run("w1-k8s", "kubeadm token list").ShouldBe(
            (1, "failed to load admin kubeconfig: open /etc/kubernetes/admin.conf: no such file or directory\nTo see the stack trace of this error execute with --v=5 or higher\n"));
        _cluster.Run("m-k8s", "kubeadm token create abc").Output.ShouldNotBe("");
        Output("mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/");
        _cluster.Wait(60);
        _cluster.Run("m-k8s", "kubeadm token list").Output.ShouldContain("dial tcp 192.168.1.10:6443: connect: connection refused");
    }

    private string Kubeadm(string arguments) => Output("kubeadm " + arguments);

    private string Output(string command) => _cluster.Output("m-k8s", command);
}
