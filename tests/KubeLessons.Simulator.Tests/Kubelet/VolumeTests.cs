using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Identity;

namespace KubeLessons.Simulator.Tests.Kubelet;

public sealed class VolumeTests
{
    private static readonly ResourcePath _maps = ResourcePath.Core("configmaps");

    [Fact]
    public void A_ConfigMap_and_a_Secret_are_files()
    {
        var node = new KubeletFixture();
        node.Create(_maps, """{metadata: {name: settings}, data: {a.conf: "one", b.conf: "two"}}""");
        node.Create(ResourcePath.Core("secrets"), """{metadata: {name: keys}, data: {password: c2VjcmV0}}""");
        node.CreatePod("""
            metadata: {name: app}
            spec:
              containers:
              - name: app
                image: busybox
                command: [sleep, "1000"]
                volumeMounts: [{name: conf, mountPath: /conf}, {name: keys, mountPath: /keys, readOnly: true}, {name: conf, mountPath: /one.conf, subPath: a.conf}]
              volumes:
              - {name: conf, configMap: {name: settings}}
              - {name: keys, secret: {secretName: keys, items: [{key: password, path: deep/pw}]}}
            """);
        node.RunUntil(() => node.IsReady("app"), 8);
        var files = node.Container("app").Files;
        Seen(files, "/conf").ShouldBe(["a.conf", "b.conf"]);
        files.Read("/conf/b.conf").ShouldBe("two");
        files.Read("/keys/deep/pw").ShouldBe("secret");
        files.Read("/one.conf").ShouldBe("one");

        // What is changed arrives within a minute and a half; a part that is mounted alone stays as it was.
        var map = node.Client.Send(ApiRequest.Get(_maps, "default", "settings")).Response!.Body;
        node.Client.Send(ApiRequest.Update(_maps, map.With("new", "data", "a.conf")));
        node.Run(1);
        files.Read("/conf/a.conf").ShouldBe("one");
        node.Run(90);
        files.Read("/conf/a.conf").ShouldBe("new");
        files.Read("/one.conf").ShouldBe("one");
    }

    [Fact]
    public void A_missing_ConfigMap_holds_the_pod_back_until_it_is_there()
    {
        var node = new KubeletFixture();
        node.CreatePod("""
            metadata: {name: app}
            spec:
              containers: [{name: app, image: nginx, volumeMounts: [{name: conf, mountPath: /conf}]}]
              volumes: [{name: conf, configMap: {name: settings}}]
            """);
        node.Run(5);
        node.Shown("app").ShouldBe("ContainerCreating");
        node.Events("app").ShouldBe(["FailedMount: MountVolume.SetUp failed for volume \"conf\" : configmap \"settings\" not found"]);
        node.Create(_maps, """{metadata: {name: settings}, data: {a: b}}""");
        node.RunUntil(() => node.IsReady("app"), 20);
    }

    [Fact]
    public void Containers_of_a_pod_share_an_emptyDir_which_outlives_a_restart()
    {
        var node = new KubeletFixture();
        node.CreatePod("""
            metadata: {name: app}
            spec:
              containers:
              - {name: app, image: nginx, volumeMounts: [{name: data, mountPath: /usr/share/nginx/html}]}
              - {name: other, image: busybox, command: [sleep, "1000"], volumeMounts: [{name: data, mountPath: /data}]}
              volumes: [{name: data, emptyDir: {}}]
            """);
        node.RunUntil(() => node.IsReady("app"), 12);
        node.Container("app").Files.Write("/data/index.html", "hello");
        var web = node.Containerd.State.Containers.First(container => container.Config.Name == "app");
        web.Files.Read("/usr/share/nginx/html/index.html").ShouldBe("hello");
        web.Process!.Send(ProcessSignal.Kill);
        node.RunUntil(() => node.Status("app").Int("restartCount") == 1 && node.IsReady("app"), 10);
        node.Containerd.State.Containers.Last(container => container.Config.Name == "app").Files.Read("/usr/share/nginx/html/index.html").ShouldBe("hello");
    }

    [Fact]
    public void A_hostPath_is_the_nodes_own_directory_and_its_type_is_checked()
    {
        var node = new KubeletFixture();
        node.Host.Files.Write("/srv/site/index.html", "from the node");
        node.CreatePod("""
            metadata: {name: app}
            spec:
              containers: [{name: app, image: nginx, volumeMounts: [{name: site, mountPath: /usr/share/nginx/html}]}]
              volumes: [{name: site, hostPath: {path: /srv/site, type: Directory}}]
            """);
        node.CreatePod("""
            metadata: {name: bad}
            spec:
              containers: [{name: bad, image: nginx, volumeMounts: [{name: site, mountPath: /site}]}]
              volumes: [{name: site, hostPath: {path: /srv/nowhere, type: Directory}}]
            """);
        node.RunUntil(() => node.IsReady("app"), 8);
        node.Container("app").Files.Read("/usr/share/nginx/html/index.html").ShouldBe("from the node");
        node.Events("bad").ShouldContain("FailedMount: MountVolume.SetUp failed for volume \"site\" : hostPath type check failed: /srv/nowhere is not a directory");
    }

    [Fact]
    public void A_service_account_is_mounted_into_every_container()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 8);
        var files = node.Container("web").Files;
        Seen(files, "/var/run/secrets/kubernetes.io/serviceaccount").ShouldBe(["ca.crt", "namespace", "token"]);
        files.Read("/var/run/secrets/kubernetes.io/serviceaccount/namespace").ShouldBe("default");
        ApiIdentity.OfToken(files.Read("/var/run/secrets/kubernetes.io/serviceaccount/token")!)!.Name
            .ShouldBe("system:serviceaccount:default:default");
    }

    [Fact]
    public void The_environment_tells_of_services_fields_and_keys()
    {
        var node = new KubeletFixture();
        node.Create(_maps, """{metadata: {name: settings}, data: {COLOUR: blue}}""");
        node.Create(ResourcePath.Core("services"), """{metadata: {name: my-db}, spec: {clusterIP: 10.96.7.7, ports: [{name: sql, port: 3306}]}}""");
        node.Run(1);
        node.CreatePod("""
            metadata: {name: app, labels: {tier: front}}
            spec:
              containers:
              - name: app
                image: busybox
                command: [sh, -c, "echo '$(GREETING)'; sleep 1000"]
                envFrom: [{configMapRef: {name: settings}, prefix: MY_}]
                resources: {limits: {memory: 64Mi, cpu: 500m}}
                env:
                - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                - {name: TIER, valueFrom: {fieldRef: {fieldPath: "metadata.labels['tier']"}}}
                - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
                - {name: COLOUR, valueFrom: {configMapKeyRef: {name: settings, key: COLOUR}}}
                - {name: GREETING, value: "hello-$(COLOUR)-$(NOPE)"}
            """);
        node.RunUntil(() => node.IsReady("app"), 8);
        var environment = node.Container("app").Process!.Environment;
        environment["MY_DB_SERVICE_HOST"].ShouldBe("10.96.7.7");
        environment["MY_DB_PORT_3306_TCP"].ShouldBe("tcp://10.96.7.7:3306");
        environment["MY_DB_SERVICE_PORT_SQL"].ShouldBe("3306");
        (environment["NODE"], environment["TIER"], environment["MEMORY"], environment["MY_COLOUR"]).ShouldBe(("w1-k8s", "front", "64", "blue"));
        environment["GREETING"].ShouldBe("hello-blue-$(NOPE)");
        environment["HOSTNAME"].ShouldBe("app");
        RuntimeFixture.Lines(node.Container("app")).ShouldBe(["hello-blue-$(NOPE)"]);
        node.Pod("app")!.Text("status", "qosClass").ShouldBe("Guaranteed");
        node.Container("app").Files.Read("/etc/hosts").ShouldNotBeNull().ShouldEndWith("172.16.1.2\tapp\n");
        node.Container("app").Files.Read("/etc/resolv.conf")!.ShouldBe(
            "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n");
    }

    [Fact]
    public void A_key_that_is_not_there_is_a_configuration_error()
    {
        var node = new KubeletFixture();
        node.CreatePod("""
            metadata: {name: app}
            spec: {containers: [{name: app, image: busybox, command: [sleep, "1000"], env: [{name: X, valueFrom: {secretKeyRef: {name: nope, key: k}}}]}]}
            """);
        node.RunUntil(() => node.Shown("app") == "CreateContainerConfigError", 5);
        node.Status("app").Text("state", "waiting", "message").ShouldBe("secret \"nope\" not found");
        node.Events("app").ShouldContain("Failed: Error: secret \"nope\" not found");
    }

    // What is there but for the directories behind it, whose names begin with two dots.
    private static IEnumerable<string> Seen(FileSystem files, string directory) =>
        files.List(directory).Where(name => !name.StartsWith("..", StringComparison.Ordinal));
}
