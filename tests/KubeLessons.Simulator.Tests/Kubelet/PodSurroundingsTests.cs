using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Tests.Kubelet;

/// <summary>What a pod finds around it: names, resolvers, the node's paths, and what it is told of itself.</summary>
public sealed class PodSurroundingsTests
{
    [Theory]
    [InlineData("dnsPolicy: None, dnsConfig: {nameservers: [1.1.1.1], searches: [my.dns], options: [{name: ndots, value: '2'}, {name: edns0}]}",
        "nameserver 1.1.1.1\nsearch my.dns\noptions ndots:2 edns0\n")]
    [InlineData("dnsPolicy: Default", "nameserver 8.8.8.8\nsearch lab\n")]
    [InlineData("hostNetwork: true", "nameserver 8.8.8.8\nsearch lab\n")]
    [InlineData("hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet",
        "search default.svc.cluster.local svc.cluster.local cluster.local lab\nnameserver 10.96.0.10\noptions ndots:5\n")]
    [InlineData("dnsConfig: {options: [{name: ndots, value: '1'}]}",
        "search default.svc.cluster.local svc.cluster.local cluster.local lab\nnameserver 10.96.0.10\noptions ndots:1\n")]
    public void The_resolver_is_the_one_that_the_policy_names(string spec, string conf)
    {
        var node = new KubeletFixture();
        node.Host.Files.Write("/etc/resolv.conf", "nameserver 8.8.8.8\nsearch lab\n");
        node.CreatePod("{metadata: {name: app}, spec: {" + spec + ", containers: [{name: app, image: busybox, command: [sleep, '1000']}]}}");
        node.RunUntil(() => node.IsReady("app"), 8);
        node.Container("app").Files.Read("/etc/resolv.conf").ShouldBe(conf);
    }

    [Fact]
    public void Names_come_from_the_pod_its_aliases_and_on_the_nodes_network_from_the_node()
    {
        var node = new KubeletFixture();
        node.Host.Files.Write("/etc/hosts", "127.0.0.1 localhost\n192.168.1.10 m-k8s\n");
        node.CreatePod("""{metadata: {name: app}, spec: {hostname: db-0, subdomain: db, hostAliases: [{ip: 10.1.2.3, hostnames: [foo.local, bar.local]}], containers: [{name: app, image: busybox, command: [sleep, "1000"]}]}}""");
        node.CreatePod("""{metadata: {name: host}, spec: {hostNetwork: true, containers: [{name: host, image: busybox, command: [sleep, "1000"]}]}}""");
        node.RunUntil(() => node.IsReady("app") && node.IsReady("host"), 10);
        var app = Of(node, "app");
        app.Read("/etc/hosts")!.ShouldEndWith("172.16.1.2\tdb-0.db.default.svc.cluster.local\tdb-0\n\n# Entries added by HostAliases.\n10.1.2.3\tfoo.local\tbar.local\n");
        app.Read("/etc/hostname").ShouldBe("db-0\n");
        Of(node, "host").Read("/etc/hosts").ShouldBe("# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n192.168.1.10 m-k8s\n");
        Of(node, "host").Read("/etc/hostname").ShouldBe("w1-k8s\n");
        node.Pod("host")!.Text("status", "podIP").ShouldBe("192.168.1.101");
    }

    [Theory]
    [InlineData("/srv/none", "Directory", "hostPath type check failed: /srv/none is not a directory")]
    [InlineData("/etc/hostname", "Directory", "hostPath type check failed: /etc/hostname is not a directory")]
    [InlineData("/srv/none", "File", "hostPath type check failed: /srv/none is not a file")]
    [InlineData("/var/run/docker.sock", "Socket", "hostPath type check failed: /var/run/docker.sock is not a socket file")]
    [InlineData("/srv/none", "CharDevice", "hostPath type check failed: /srv/none is not a character device")]
    [InlineData("/srv/none", "BlockDevice", "hostPath type check failed: /srv/none is not a block device")]
    [InlineData("/srv/none/file", "FileOrCreate", "open /srv/none/file: no such file or directory")]
    public void A_hostPath_that_is_something_else_is_not_mounted(string path, string type, string words)
    {
        var node = new KubeletFixture();
        node.Host.Files.Write("/etc/hostname", "w1-k8s\n");
        CreateHostPathPod(node, path, type);
        node.Run(5);
        node.Shown("app").ShouldBe("ContainerCreating");
        node.Events("app").ShouldContain($"FailedMount: MountVolume.SetUp failed for volume \"it\" : {words}");
    }

    [Theory]
    [InlineData("/srv/new", "DirectoryOrCreate")]
    [InlineData("/srv/new", "")]
    [InlineData("/etc/new", "FileOrCreate")]
    [InlineData("/run/containerd/containerd.sock", "Socket")]
    public void A_hostPath_that_may_be_made_or_is_there_is_mounted(string path, string type)
    {
        var node = new KubeletFixture();
        node.Host.Files.MakeDirectories("/etc");
        CreateHostPathPod(node, path, type);
        node.RunUntil(() => node.IsReady("app"), 8);
        (node.Host.Files.Exists(path) || type == "Socket").ShouldBeTrue();
    }

    [Fact]
    public void A_projected_volume_joins_token_map_secret_and_fields()
    {
        var node = new KubeletFixture();
        node.Create(ResourcePath.Core("configmaps"), """{metadata: {name: settings}, data: {a.conf: "one"}}""");
        node.Create(ResourcePath.Core("secrets"), """{metadata: {name: keys}, data: {password: c2VjcmV0}}""");
        node.CreatePod("""
            metadata: {name: app, labels: {tier: front, zone: a}}
            spec:
              containers: [{name: app, image: busybox, command: [sleep, "1000"], resources: {limits: {cpu: 250m}}, volumeMounts: [{name: all, mountPath: /all}]}]
              volumes:
              - name: all
                projected:
                  defaultMode: 256
                  sources:
                  - serviceAccountToken: {path: token, audience: vault, expirationSeconds: 600}
                  - configMap: {name: settings, items: [{key: a.conf, path: conf/a}]}
                  - secret: {name: keys}
                  - secret: {name: none, optional: true}
                  - downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}, {path: cpu, resourceFieldRef: {containerName: app, resource: limits.cpu, divisor: 1m}}]}
            """);
        node.RunUntil(() => node.IsReady("app"), 8);
        var files = node.Container("app").Files;
        (files.Read("/all/conf/a"), files.Read("/all/password"), files.Read("/all/cpu")).ShouldBe(("one", "secret", "250"));
        files.Read("/all/labels").ShouldBe("tier=\"front\"\nzone=\"a\"");
        files.Read("/all/token")!.Split('.').Length.ShouldBe(3);
        files.Find("/all/password")!.Mode.ShouldBe(0b100_000_000);
        node.Host.Files.List($"/var/lib/kubelet/pods/{node.Pod("app")!.Text("metadata", "uid")}/volumes/kubernetes.io~projected").ShouldContain("all");
    }

    [Fact]
    public void A_subPath_of_a_key_that_is_not_there_is_an_empty_directory_and_one_of_an_emptyDir_is_made()
    {
        var node = new KubeletFixture();
        node.Create(ResourcePath.Core("configmaps"), """{metadata: {name: settings}, data: {a.conf: "one"}}""");
        node.CreatePod("""
            metadata: {name: app}
            spec:
              containers:
              - name: app
                image: busybox
                command: [sleep, "1000"]
                env: [{name: WHO, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
                volumeMounts: [{name: conf, mountPath: /etc/none.conf, subPath: none.conf}, {name: data, mountPath: /data, subPathExpr: logs/$(WHO)}]
              volumes: [{name: conf, configMap: {name: settings}}, {name: data, emptyDir: {}}]
            """);
        node.RunUntil(() => node.IsReady("app"), 8);
        var files = node.Container("app").Files;
        files.IsDirectory("/etc/none.conf").ShouldBeTrue();
        files.Write("/data/x", "y");
        node.Host.Files.Read($"/var/lib/kubelet/pods/{node.Pod("app")!.Text("metadata", "uid")}/volumes/kubernetes.io~empty-dir/data/logs/app/x").ShouldBe("y");
    }

    [Fact]
    public void What_is_left_of_a_pod_that_was_deleted_while_the_node_was_off_is_cleared_away()
    {
        var node = new KubeletFixture();
        node.CreatePod("app", "busybox", "sleep", "1000");
        node.RunUntil(() => node.IsReady("app"), 8);
        node.Host.PowerOff();
        node.DeletePod("app", 0);
        node.Host.PowerOn();
        node.Run(10);
        node.Host.Units.Start(node.Runtime);
        node.Host.Units.Start(node.Kubelet);
        node.Run(30);
        node.Host.Files.List("/var/lib/kubelet/pods").ShouldBeEmpty();
        node.Host.Files.List("/var/log/pods").ShouldBeEmpty();
    }

    private static FileSystem Of(KubeletFixture node, string pod) => node.Container(pod).Files;

    private static void CreateHostPathPod(KubeletFixture node, string path, string type) => node.CreatePod($$"""
        metadata: {name: app}
        spec:
          containers: [{name: app, image: busybox, command: [sleep, "1000"], volumeMounts: [{name: it, mountPath: /it}]}]
          volumes: [{name: it, hostPath: {path: {{path}}, type: "{{type}}"} }]
        """);
}
