using KubeLessons.Simulator.Tests.Dns;

namespace KubeLessons.Simulator.Tests.Proxy;

public sealed class ServiceTests
{
    [Fact]
    public void A_service_answers_on_its_cluster_IP_from_a_node_and_from_a_pod()
    {
        var cluster = new BootedCluster();
        var ip = cluster.Kubectl("get service web -o jsonpath='{.spec.clusterIP}'").Output;
        foreach (var node in cluster.Cluster.Spec.Nodes)
        {
            cluster.Run(node, $"curl -s http://{ip}").Output.ShouldContain("Welcome to nginx!");
        }

        for (var i = 0; i < 8; i++)
        {
            cluster.InPod($"wget -qO- http://{ip}").Output.ShouldContain("Welcome to nginx!");
        }
    }

    [Fact]
    public void A_pod_that_is_not_ready_any_more_gets_no_requests_and_the_last_one_makes_the_service_refuse()
    {
        var cluster = new BootedCluster();
        var ip = cluster.Kubectl("get service web -o jsonpath='{.spec.clusterIP}'").Output;
        cluster.Scale("default", "web", 1);
        cluster.Advance(5);
        for (var i = 0; i < 8; i++)
        {
            cluster.Run("m-k8s", $"curl -s http://{ip}").ExitCode.ShouldBe(0);
        }

        cluster.Scale("default", "web", 0);
        cluster.Advance(5);
        var (code, output) = cluster.Run("m-k8s", $"curl http://{ip}");
        code.ShouldBe(7);
        // Refused at once, not timed out.
        output.ShouldContain("after 0 ms");
    }

    [Fact]
    public void Rules_stay_while_kube_proxy_is_gone()
    {
        var cluster = new BootedCluster();
        var ip = cluster.Kubectl("get service web -o jsonpath='{.spec.clusterIP}'").Output;
        cluster.Patch("daemonsets", "kube-system", "kube-proxy", """{"spec":{"template":{"spec":{"nodeSelector":{"proxy":"none"}}}}}""");
        cluster.Advance(60);
        cluster.Kubectl("get pods -n kube-system -l k8s-app=kube-proxy --no-headers").Output.ShouldNotContain("kube-proxy-");
        cluster.Run("w1-k8s", $"curl -s http://{ip}").Output.ShouldContain("Welcome to nginx!");
        cluster.Kubectl("create -f - <<'END'\napiVersion: v1\nkind: Service\nmetadata: {name: late}\nspec: {clusterIP: 10.96.9.9, selector: {app: web}, ports: [{port: 80}]}\nEND").ExitCode.ShouldBe(0);
        cluster.Run("w1-k8s", "curl -s --max-time 5 http://10.96.9.9").ExitCode.ShouldNotBe(0);
        cluster.Patch("daemonsets", "kube-system", "kube-proxy", """{"spec":{"template":{"spec":{"nodeSelector":{"proxy":null}}}}}""");
        cluster.Advance(15);
        cluster.Run("w1-k8s", "curl -s http://10.96.9.9").Output.ShouldContain("Welcome to nginx!");
    }
}
