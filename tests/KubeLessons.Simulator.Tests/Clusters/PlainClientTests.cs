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
}
