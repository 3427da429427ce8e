namespace KubeLessons.Simulator.Tests.Clusters;

/// <summary>curl as a client of the API server: whoever has the credentials needs no kubectl.</summary>
public sealed class PlainClientTests
{
    private const string Certificate =
        "sed -n 's/.*client-certificate-data: //p' /etc/kubernetes/admin.conf | base64 -d > me.crt; "
        + "sed -n 's/.*client-key-data: //p' /etc/kubernetes/admin.conf | base64 -d > me.key; ";

    private const string Curl = "curl -s --cacert /etc/kubernetes/pki/ca.crt ";

    private const string Nodes = " https://192.168.1.10:6443/api/v1/nodes";

    [Fact]
    public void Without_credentials_one_is_anonymous_and_may_not_list_nodes()
    {
        var answer = new BootedCluster().Run("m-k8s", Curl + Nodes).Output;

        answer.ShouldContain("\"code\": 403");
        answer.ShouldContain("User \\\"system:anonymous\\\" cannot list resource \\\"nodes\\\"");
    }

    [Fact]
    public void A_client_certificate_opens_what_it_opens_for_kubectl()
    {
        var cluster = new BootedCluster();

        var answer = cluster.Run("m-k8s", Certificate + Curl + "--cert me.crt --key me.key" + Nodes).Output;

        answer.ShouldStartWith("{\n  \"kind\": \"NodeList\",\n");
        answer.ShouldContain("\"name\": \"w3-k8s\"");
        cluster.Run("m-k8s", Curl + "--cert me.crt" + Nodes).ExitCode.ShouldBe(58);
        cluster.Run("m-k8s", Curl + "--cert nosuch.crt" + Nodes).ExitCode.ShouldBe(58);
    }

    [Fact]
    public void A_pods_token_is_known_and_a_changed_one_is_not()
    {
        var cluster = new BootedCluster();
        cluster.Run("m-k8s", "kubectl run web --image=nginx; kubectl wait --for=condition=Ready pod/web").ExitCode.ShouldBe(0);
        const string Token = "t=$(kubectl exec web -- cat /var/run/secrets/kubernetes.io/serviceaccount/token); ";

        cluster.Run("m-k8s", Token + Curl + "-H \"Authorization: Bearer $t\"" + Nodes).Output
            .ShouldContain("User \\\"system:serviceaccount:default:default\\\" cannot list resource \\\"nodes\\\"");
        cluster.Run("m-k8s", Token + Curl + "-H \"Authorization: Bearer ${t}x\"" + Nodes).Output.ShouldContain("\"code\": 401");
    }

    [Fact]
    public void The_health_checks_are_named_when_one_asks_for_them()
    {
        var cluster = new BootedCluster();

        cluster.Run("m-k8s", "kubectl get --raw '/readyz?verbose'").Output.ShouldContain("[+]etcd ok\n");
        cluster.Run("m-k8s", Curl + "'https://192.168.1.10:6443/livez?verbose'").Output.ShouldEndWith("livez check passed\n");
    }

    [Fact]
    public void Access_information_that_lacks_a_piece_is_turned_away_at_its_own_gate()
    {
        var cluster = new BootedCluster();
        const string Ask = "kubectl get nodes --token=letmein --server=https://";

        cluster.Run("w1-k8s", "kubectl get nodes").Output.ShouldContain("localhost:8080 was refused");
        cluster.Run("w1-k8s", Ask + "192.168.1.101:6443").Output.ShouldContain("192.168.1.101:6443 was refused");
        cluster.Run("w1-k8s", Ask + "192.168.1.10:6443").Output.ShouldContain("x509: certificate signed by unknown authority");
        cluster.Run("w1-k8s", Ask + "192.168.1.10:6443 --certificate-authority=/etc/kubernetes/pki/ca.crt").Output
            .ShouldContain("error: You must be logged in to the server (the server has asked for the client to provide credentials)");
    }

    [Fact]
    public void Curl_sends_what_a_file_holds()
    {
        var cluster = new BootedCluster();
        cluster.Master.Files.Write("/root/pod.json", """
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "by-hand"},
             "spec": {"containers": [{"name": "nginx", "image": "nginx"}]}}
            """);

        cluster.Run("m-k8s", Certificate + Curl + "--cert me.crt --key me.key -H 'Content-Type: application/json' -d @pod.json"
            + " https://192.168.1.10:6443/api/v1/namespaces/default/pods").Output.ShouldContain("\"name\": \"by-hand\"");

        cluster.Run("m-k8s", "kubectl wait --for=condition=Ready pod/by-hand").ExitCode.ShouldBe(0);
    }
}
