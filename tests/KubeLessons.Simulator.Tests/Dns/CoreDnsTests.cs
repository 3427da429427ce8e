namespace KubeLessons.Simulator.Tests.Dns;

public sealed class CoreDnsTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(33)]
    public void A_name_resolves_from_a_pod(int minor)
    {
        var cluster = new BootedCluster(minor);
        foreach (var name in (string[])["web", "web.default", "web.default.svc.cluster.local", "peers", "alias"])
        {
            var (code, output) = cluster.InPod($"wget -qO- http://{name}");
            (name, code).ShouldBe((name, 0));
            output.ShouldContain("Welcome to nginx!");
        }

        cluster.InPod("wget -qO- http://nothing").ExitCode.ShouldNotBe(0);
        // Hosts ask the lab's router, who knows nothing of the cluster.
        cluster.Run("w1-k8s", "curl -s http://web.default.svc.cluster.local").ExitCode.ShouldBe(6);
    }

    [Fact]
    public void Without_CoreDNS_addresses_work_and_names_do_not()
    {
        var cluster = new BootedCluster();
        var ip = cluster.Kubectl("get service web -o jsonpath='{.spec.clusterIP}'").Output;
        cluster.Scale("kube-system", "coredns", 0);
        cluster.Advance(40);
        cluster.InPod($"wget -qO- http://{ip}").Output.ShouldContain("Welcome to nginx!");
        cluster.InPod("wget -qO- http://web").ExitCode.ShouldNotBe(0);
        cluster.Scale("kube-system", "coredns", 2);
        cluster.Advance(20);
        cluster.InPod("wget -qO- http://web").Output.ShouldContain("Welcome to nginx!");
    }

    [Fact]
    public void While_the_API_server_is_away_names_go_on_resolving()
    {
        var cluster = new BootedCluster();
        cluster.Run("m-k8s", "mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/").ExitCode.ShouldBe(0);
        cluster.Advance(120);
        cluster.Kubectl("get nodes").ExitCode.ShouldBe(1);
        cluster.InPod("wget -qO- http://web").Output.ShouldContain("Welcome to nginx!");
    }

    [Fact]
    public void A_changed_Corefile_is_taken_up_within_minutes()
    {
        var cluster = new BootedCluster();
        cluster.InPod("wget -qO- http://web.example.test").ExitCode.ShouldNotBe(0);
        cluster.Run("m-k8s", """
            kubectl get configmap coredns -n kube-system -o yaml | sed 's/^\( *\)ready$/\1ready\n\1rewrite name web.example.test web.default.svc.cluster.local/' > corefile.yaml
            kubectl apply -f corefile.yaml
            """).ExitCode.ShouldBe(0);
        cluster.Advance(150);
        cluster.InPod("wget -qO- http://web.example.test").Output.ShouldContain("Welcome to nginx!");
    }

    [Fact]
    public void A_broken_Corefile_crashes_new_pods()
    {
        var cluster = new BootedCluster();
        cluster.Run("m-k8s", """
            kubectl get configmap coredns -n kube-system -o yaml | sed 's/^\( *\)ready$/\1raedy/' > corefile.yaml
            kubectl apply -f corefile.yaml
            """).ExitCode.ShouldBe(0);
        cluster.Patch("deployments", "kube-system", "coredns", """{"spec":{"template":{"metadata":{"annotations":{"again":"1"}}}}}""");
        cluster.Advance(60);
        cluster.Kubectl("get pods -n kube-system -l k8s-app=kube-dns").Output.ShouldContain("CrashLoopBackOff");
        // One of the old ones is kept until a new one is ready.
        cluster.InPod("wget -qO- http://web").Output.ShouldContain("Welcome to nginx!");
    }
}
