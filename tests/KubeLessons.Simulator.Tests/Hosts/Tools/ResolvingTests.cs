using KubeLessons.Simulator.Tests.Clusters;

namespace KubeLessons.Simulator.Tests.Hosts.Tools;

/// <summary>dig, nslookup and host in a cluster. The expected texts are what the real tools print of the same answers.</summary>
public sealed class ResolvingTests
{
    private readonly BootedCluster _cluster = new();
    private readonly string _web;

    public ResolvingTests()
    {
        _cluster.Output("m-k8s", """
            kubectl create deployment web --image=nginx && kubectl expose deployment web --port=80
            kubectl create service externalname alias --external-name=web.default.svc.cluster.local
            kubectl run bb --image=busybox -- sleep 36000
            kubectl run old --image=registry.k8s.io/e2e-test-images/jessie-dnsutils:1.3 -- sleep 36000
            kubectl run new --image=registry.k8s.io/e2e-test-images/agnhost:2.39 --command -- sleep 36000
            """);
        _cluster.Wait(20);
        _web = _cluster.Kubectl("get service web -o jsonpath={.spec.clusterIP}");
    }

    [Fact]
    public void Busybox_asks_for_a_short_name_in_every_search_domain_and_fails_for_those_that_lack_it()
    {
        var (code, output) = _cluster.Run("m-k8s", "kubectl exec bb -- nslookup web 2> /dev/null");
        code.ShouldBe(1);
        output.ShouldBe($"""
            Server:		10.96.0.10
            Address:	10.96.0.10:53

            Name:	web.default.svc.cluster.local
            Address: {_web}

            ** server can't find web.svc.cluster.local: NXDOMAIN

            ** server can't find web.cluster.local: NXDOMAIN


            ** server can't find web.svc.cluster.local: NXDOMAIN

            ** server can't find web.cluster.local: NXDOMAIN


            """);
    }

    [Fact]
    public void Busybox_does_not_search_for_a_name_with_a_dot_and_finds_a_full_one()
    {
        _cluster.Run("m-k8s", "kubectl exec bb -- nslookup web.default").Output.ShouldContain("** server can't find web.default: ");
        _cluster.Run("m-k8s", "kubectl exec bb -- nslookup alias.default.svc.cluster.local").ShouldBe((0, $"""
            Server:		10.96.0.10
            Address:	10.96.0.10:53

            alias.default.svc.cluster.local	canonical name = web.default.svc.cluster.local
            Name:	web.default.svc.cluster.local
            Address: {_web}

            alias.default.svc.cluster.local	canonical name = web.default.svc.cluster.local


            """));
    }

    [Fact]
    public void The_dnsutils_image_obeys_the_search_list()
    {
        _cluster.Run("m-k8s", "kubectl exec old -- nslookup kubernetes.default").ShouldBe(
            (0, "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\nName:\tkubernetes.default.svc.cluster.local\nAddress: 10.96.0.1\n\n"));
        _cluster.Run("m-k8s", "kubectl exec new -- nslookup 10.96.0.1").ShouldBe(
            (0, ";; Got recursion not available from 10.96.0.10\n1.0.96.10.in-addr.arpa\tname = kubernetes.default.svc.cluster.local.\n\n"));
        _cluster.Run("m-k8s", "kubectl exec old -- nslookup nope.default.svc.cluster.local.").ShouldBe(
            (1, "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n** server can't find nope.default.svc.cluster.local: NXDOMAIN\n\ncommand terminated with exit code 1\n"));
    }

    [Fact]
    public void Dig_prints_the_whole_message_and_its_true_size()
    {
        // The size is what the documentation of Kubernetes shows for this name.
        var output = _cluster.Output("m-k8s", "kubectl exec old -- dig kubernetes.default.svc.cluster.local");
        output.ShouldContain("\n; <<>> DiG 9.9.5-9+deb8u19-Debian <<>> kubernetes.default.svc.cluster.local\n;; global options: +cmd\n;; Got answer:\n");
        output.ShouldContain(";; flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1\n;; WARNING: recursion requested but not available\n");
        output.ShouldContain("\n;kubernetes.default.svc.cluster.local. IN A\n\n;; ANSWER SECTION:\nkubernetes.default.svc.cluster.local. 30 IN A\t10.96.0.1\n");
        output.ShouldContain(";; SERVER: 10.96.0.10#53(10.96.0.10)\n");
        output.ShouldContain(";; MSG SIZE  rcvd: 117\n");
    }

    [Fact]
    public void A_name_that_is_not_there_comes_with_the_zones_authority()
    {
        var output = _cluster.Output("m-k8s", "kubectl exec new -- dig nope.cluster.local");
        output.ShouldContain("status: NXDOMAIN");
        output.ShouldContain(";nope.cluster.local.\t\tIN\tA\n\n;; AUTHORITY SECTION:\ncluster.local.\t\t30\tIN\tSOA\tns.dns.cluster.local. hostmaster.cluster.local. ");
        output.ShouldContain(";; MSG SIZE  rcvd: 152\n");
    }

    [Fact]
    public void Dig_answers_shortly_searches_on_request_and_knows_services_and_reverse_names()
    {
        _cluster.Output("m-k8s", "kubectl exec new -- dig +short web").ShouldBe("");
        _cluster.Output("m-k8s", "kubectl exec new -- dig +short +search web").ShouldBe(_web + "\n");
        _cluster.Output("m-k8s", "kubectl exec new -- dig +short alias.default.svc.cluster.local").ShouldBe($"web.default.svc.cluster.local.\n{_web}\n");
        _cluster.Output("m-k8s", "kubectl exec new -- dig +short -x 10.96.0.10").ShouldBe("kube-dns.kube-system.svc.cluster.local.\n");
        _cluster.Output("m-k8s", "dig @10.96.0.10 _https._tcp.kubernetes.default.svc.cluster.local srv +noall +answer")
            .ShouldBe("_https._tcp.kubernetes.default.svc.cluster.local. 30 IN SRV 0 100 443 kubernetes.default.svc.cluster.local.\n");
        _cluster.Run("m-k8s", "dig @nobody web").ShouldBe((1, "dig: couldn't get address for 'nobody': not found\n"));
        _cluster.Run("m-k8s", "dig +foo web").Output.ShouldStartWith("Invalid option: +foo\nUsage:  dig [@global-server]");
    }

    [Fact]
    public void Host_says_it_in_sentences()
    {
        _cluster.Output("m-k8s", "kubectl exec new -- host alias")
            .ShouldBe($"alias.default.svc.cluster.local is an alias for web.default.svc.cluster.local.\nweb.default.svc.cluster.local has address {_web}\n");
        _cluster.Output("m-k8s", "kubectl exec new -- host 10.96.0.1").ShouldBe("1.0.96.10.in-addr.arpa domain name pointer kubernetes.default.svc.cluster.local.\n");
        _cluster.Output("m-k8s", "kubectl exec new -- host -t aaaa web").ShouldBe("web.default.svc.cluster.local has no AAAA record\n");
        _cluster.Run("m-k8s", "kubectl exec new -- host nope.cluster.local. 2> /dev/null").ShouldBe((1, "Host nope.cluster.local. not found: 3(NXDOMAIN)\n"));
    }

    [Fact]
    public void Without_endpoints_the_tools_are_refused_at_once_and_in_silence_they_wait()
    {
        _cluster.Kubectl("scale deployment coredns -n kube-system --replicas=0");
        _cluster.Wait(20);
        Timed("kubectl exec bb -- nslookup web 2> /dev/null", 1, 0, ";; connection timed out; no servers could be reached\n\n");
        Timed("kubectl exec new -- dig +short web 2> /dev/null", 9, 0, string.Concat(Enumerable.Repeat(";; communications error to 10.96.0.10#53: connection refused\n", 3)) + ";; no servers could be reached\n");

        // Whoever drops what comes from the pods makes them wait.
        foreach (var node in (string[])["w1-k8s", "w2-k8s", "w3-k8s"])
        {
            _cluster.Output(node, "iptables -I FORWARD -p udp --dport 53 -j DROP; iptables -t nat -I PREROUTING -p udp --dport 53 -j DNAT --to-destination 192.168.1.250:53");
        }

        Timed("kubectl exec bb -- nslookup web 2>/dev/null", 1, 5, ";; connection timed out; no servers could be reached\n\n");
        Timed("kubectl exec old -- nslookup web 2>/dev/null", 1, 15, ";; connection timed out; no servers could be reached\n\n");
        Timed("kubectl exec new -- host web 2>/dev/null", 1, 10, string.Concat(Enumerable.Repeat(";; communications error to 10.96.0.10#53: timed out\n", 2)) + ";; no servers could be reached\n");
        Timed("kubectl exec new -- dig +time=2 +tries=2 +short web 2>/dev/null", 9, 4, string.Concat(Enumerable.Repeat(";; communications error to 10.96.0.10#53: timed out\n", 2)) + ";; no servers could be reached\n");
    }

    private void Timed(string command, int code, double seconds, string output)
    {
        var start = _cluster.World.Now;
        _cluster.Run("m-k8s", command).ShouldBe((code, output));
        (_cluster.World.Now - start).TotalSeconds.ShouldBe(seconds, 0.1);
    }
}
