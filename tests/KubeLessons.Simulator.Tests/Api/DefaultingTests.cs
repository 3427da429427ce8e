using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using static KubeLessons.Simulator.Tests.Api.ApiFixture;

namespace KubeLessons.Simulator.Tests.Api;

/// <summary>What the server fills in, as real clusters answered.</summary>
public sealed class DefaultingTests
{
    [Fact]
    public void A_pod_looks_as_the_real_1_20_server_made_it()
    {
        var api = new ApiFixture(minor: 20, new ApiServerSettings());
        api.Create(ResourcePath.Core("secrets"), Json("""
            {"metadata":{"name":"default-token-wrkwj","annotations":{"kubernetes.io/service-account.name":"default"}},"type":"kubernetes.io/service-account-token"}
            """));
        api.Create(ResourcePath.Core("serviceaccounts"), Json("""{"metadata":{"name":"default"},"secrets":[{"name":"default-token-wrkwj"}]}"""));

        var pod = api.Create(Pods, Json("""
            {"apiVersion":"v1","kind":"Pod","metadata":{"creationTimestamp":null,"labels":{"run":"nginx-pod"},"name":"nginx-pod"},
             "spec":{"containers":[{"image":"nginx","name":"nginx-pod","resources":{}}],"dnsPolicy":"ClusterFirst","restartPolicy":"Always"},"status":{}}
            """));

        // The golden transcript 022-get-pod-json, before the scheduler and the kubelet.
        pod["spec"].ShouldBe(Json("""
            {"containers":[{"image":"nginx","imagePullPolicy":"Always","name":"nginx-pod","resources":{},
               "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
               "volumeMounts":[{"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount","name":"default-token-wrkwj","readOnly":true}]}],
             "dnsPolicy":"ClusterFirst","enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority","priority":0,"restartPolicy":"Always",
             "schedulerName":"default-scheduler","securityContext":{},"serviceAccount":"default","serviceAccountName":"default",
             "terminationGracePeriodSeconds":30,
             "tolerations":[{"effect":"NoExecute","key":"node.kubernetes.io/not-ready","operator":"Exists","tolerationSeconds":300},
                            {"effect":"NoExecute","key":"node.kubernetes.io/unreachable","operator":"Exists","tolerationSeconds":300}],
             "volumes":[{"name":"default-token-wrkwj","secret":{"defaultMode":420,"secretName":"default-token-wrkwj"}}]}
            """));
        pod["status"].ShouldBe(Json("""{"phase":"Pending","qosClass":"BestEffort"}"""));
    }

    [Fact]
    public void A_pod_of_today_gets_its_token_from_a_projected_volume()
    {
        var api = new ApiFixture(settings: new ApiServerSettings());
        api.Create(ResourcePath.Core("serviceaccounts"), Json("""{"metadata":{"name":"default"}}"""));

        var volume = api.Create(Pods, Pod("p")).List("spec", "volumes").Single();

        volume.Text("name")!.ShouldStartWith("kube-api-access-");
        volume["projected"].ShouldBe(Json("""
            {"defaultMode":420,"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},
              {"configMap":{"items":[{"key":"ca.crt","path":"ca.crt"}],"name":"kube-root-ca.crt"}},
              {"downwardAPI":{"items":[{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"},"path":"namespace"}]}}]}
            """));
    }

    [Fact]
    public void A_deployment_is_filled_in()
    {
        var made = new ApiFixture().Create(Deployments, Json("""
            {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"app":"d"}},"strategy":{},
             "template":{"metadata":{"labels":{"app":"d"}},"spec":{"containers":[{"name":"c","image":"nginx:1.25","ports":[{"containerPort":80}]}]}}}}
            """));

        made["spec"].ShouldBe(Json("""
            {"progressDeadlineSeconds":600,"replicas":1,"revisionHistoryLimit":10,"selector":{"matchLabels":{"app":"d"}},
             "strategy":{"rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"},"type":"RollingUpdate"},
             "template":{"metadata":{"creationTimestamp":null,"labels":{"app":"d"}},
               "spec":{"containers":[{"image":"nginx:1.25","imagePullPolicy":"IfNotPresent","name":"c","ports":[{"containerPort":80,"protocol":"TCP"}],
                 "resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}],
                 "dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},
                 "terminationGracePeriodSeconds":30}}}
            """));
        made["status"].ShouldBe(Doc.Empty);
    }

    [Fact]
    public void Applying_the_same_manifest_twice_changes_nothing()
    {
        var api = new ApiFixture();
        var manifest = Json("""
            {"spec":{"selector":{"matchLabels":{"app":"d"}},"strategy":{"type":"RollingUpdate"},
             "template":{"metadata":{"labels":{"app":"d"}},"spec":{"containers":[{"name":"c","image":"nginx","resources":{"limits":{"cpu":"0.5","memory":"1024Mi"}}}]}}}}
            """);
        var made = api.Create(Deployments, manifest.With("d", "metadata", "name"));
        made.List("spec", "template", "spec", "containers")[0].At("resources", "limits").ShouldBe(Json("""{"cpu":"500m","memory":"1Gi"}"""));

        var patched = api.Send(new ApiRequest(ApiVerb.Patch, Deployments)
        {
            Namespace = "default",
            Name = "d",
            Patch = PatchKind.StrategicMerge,
            Body = manifest,
        }).Body;

        patched.Text("metadata", "resourceVersion").ShouldBe(made.Text("metadata", "resourceVersion"));
    }

    [Fact]
    public void Requests_default_to_limits_and_decide_the_class()
    {
        var api = new ApiFixture();
        api.Create(Pods, WithResources("a", """{"limits":{"cpu":"1","memory":"64Mi"}}""")).Text("status", "qosClass").ShouldBe("Guaranteed");
        api.Create(Pods, WithResources("b", """{"requests":{"cpu":"100m"}}""")).Text("status", "qosClass").ShouldBe("Burstable");
        api.Get(Pods, "a").Body.List("spec", "containers")[0].At("resources", "requests").ShouldBe(Json("""{"cpu":"1","memory":"64Mi"}"""));

        static Doc WithResources(string name, string resources) => Doc.Obj(
            ("metadata", Doc.Obj(("name", name))),
            ("spec", Doc.Obj(("containers", Doc.Arr(Doc.Obj(("name", "c"), ("image", "i:1"), ("resources", Json(resources))))))));
    }

    [Fact]
    public void A_service_gets_an_address_and_a_node_port_that_nobody_has()
    {
        var api = new ApiFixture();
        var made = Enumerable.Range(0, 50).Select(i => api.Create(Services, Json(
            $$$"""{"metadata":{"name":"s{{{i}}}"},"spec":{"type":"NodePort","selector":{"a":"b"},"ports":[{"port":80}]}}"""))).ToList();

        made.Select(service => service.Text("spec", "clusterIP")).Distinct().Count().ShouldBe(50);
        made.All(service => System.Net.IPNetwork.Parse("10.96.0.0/12").Contains(System.Net.IPAddress.Parse(service.Text("spec", "clusterIP")!))).ShouldBeTrue();
        var ports = made.Select(service => service.List("spec", "ports")[0].Int("nodePort")!.Value).ToList();
        ports.Distinct().Count().ShouldBe(50);
        ports.ShouldAllBe(port => port >= 30000 && port <= 32767);
        made[0]["spec"]!.Without("clusterIP").Without("clusterIPs").Without("ports").ShouldBe(Json("""
            {"externalTrafficPolicy":"Cluster","internalTrafficPolicy":"Cluster","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack",
             "selector":{"a":"b"},"sessionAffinity":"None","type":"NodePort"}
            """));
        made[0]["status"].ShouldBe(Json("""{"loadBalancer":{}}"""));
    }

    [Fact]
    public void A_deleted_services_address_is_free_again()
    {
        var api = new ApiFixture();
        Doc Service(string name) => Json($$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"clusterIP":"10.96.0.50","ports":[{"port":80}]}}""");
        api.Create(Services, Service("a"));

        var taken = api.Send(ApiRequest.Create(Services, "default", Service("b")));
        taken.Message.ShouldBe(
            "Service \"b\" is invalid: spec.clusterIPs: Invalid value: []string{\"10.96.0.50\"}: failed to allocate IP 10.96.0.50: provided IP is already allocated");

        api.Delete(Services, "a");
        api.Create(Services, Service("b"));
    }

    [Fact]
    public void The_kubernetes_service_is_the_first_address_of_its_range()
    {
        var api = new ApiFixture(settings: new ApiServerSettings { AdvertiseAddress = "192.168.1.10" });

        api.Get(Services, "kubernetes").Body.Text("spec", "clusterIP").ShouldBe("10.96.0.1");
        api.Get(ResourcePath.Core("endpoints"), "kubernetes").Body.List("subsets")[0].List("addresses")[0].Text("ip").ShouldBe("192.168.1.10");
    }

    [Fact]
    public void A_new_node_is_tainted_until_the_node_controller_has_seen_it() =>
        new ApiFixture().Create(Nodes, Json("""{"metadata":{"name":"w1-k8s"}}""")).List("spec", "taints").Single()
            .ShouldBe(Json("""{"effect":"NoSchedule","key":"node.kubernetes.io/not-ready"}"""));

    [Fact]
    public void A_priority_class_gives_a_pod_its_priority()
    {
        var api = new ApiFixture();
        var pod = api.Create(Pods, Pod("p").With("system-node-critical", "spec", "priorityClassName"));
        pod.Int("spec", "priority").ShouldBe(2000001000);

        api.Send(ApiRequest.Create(Pods, "default", Pod("q").With("nope", "spec", "priorityClassName")))
            .Message.ShouldBe("pods \"q\" is forbidden: no PriorityClass with name nope was found");
    }

    [Fact]
    public void A_job_selects_its_pods_by_its_own_uid()
    {
        var jobs = new ResourcePath("batch", "v1", "jobs");
        var made = new ApiFixture().Create(jobs, Json("""
            {"metadata":{"name":"j"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"busybox"}]}}}}
            """));
        var uid = made.Text("metadata", "uid")!;

        made.Text("spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid").ShouldBe(uid);
        made.Text("metadata", "labels", "job-name").ShouldBe("j");
        made.Int("spec", "backoffLimit").ShouldBe(6);
        made.Int("spec", "completions").ShouldBe(1);
    }

    [Fact]
    public void A_secrets_plain_text_lands_in_its_data()
    {
        var made = new ApiFixture().Create(ResourcePath.Core("secrets"), Json("""{"metadata":{"name":"s"},"stringData":{"k":"hello"}}"""));

        made.Text("data", "k").ShouldBe("aGVsbG8=");
        made["stringData"].ShouldBeNull();
        made.Text("type").ShouldBe("Opaque");
    }
}
