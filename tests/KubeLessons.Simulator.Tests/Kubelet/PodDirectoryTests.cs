using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Tests.Kubelet;

/// <summary>What a pod leaves on its node: /var/lib/kubelet/pods.</summary>
public sealed class PodDirectoryTests
{
    private const string Everything = """
        metadata: {name: app}
        spec:
          containers:
          - name: app
            image: busybox
            command: [sleep, "100000"]
            volumeMounts: [{name: conf, mountPath: /conf}, {name: keys, mountPath: /keys}, {name: data, mountPath: /data}, {name: fast, mountPath: /fast}]
          volumes:
          - {name: conf, configMap: {name: settings}}
          - {name: keys, secret: {secretName: keys}}
          - {name: data, emptyDir: {}}
          - {name: fast, emptyDir: {medium: Memory}}
        """;

    [Fact]
    public void Volumes_are_directories_of_the_node_where_their_files_can_be_seen()
    {
        var (node, root) = Start();
        var files = node.Host.Files;
        files.List($"{root}/volumes").ShouldBe(["kubernetes.io~configmap", "kubernetes.io~empty-dir", "kubernetes.io~projected", "kubernetes.io~secret"]);
        files.Read($"{root}/volumes/kubernetes.io~configmap/conf/a.conf").ShouldBe("one");
        files.FindNoFollow($"{root}/volumes/kubernetes.io~configmap/conf/a.conf")!.Content.ShouldBe("..data/a.conf");
        files.Read($"{root}/volumes/kubernetes.io~secret/keys/password").ShouldBe("secret");
        files.Read($"{root}/etc-hosts")!.ShouldEndWith("\tapp\n");

        // What the container writes is seen on the node, and the other way round.
        node.Container("app").Files.Write("/data/from-pod", "pod");
        files.Read($"{root}/volumes/kubernetes.io~empty-dir/data/from-pod").ShouldBe("pod");
        files.Write($"{root}/volumes/kubernetes.io~empty-dir/fast/from-node", "node");
        node.Container("app").Files.Read("/fast/from-node").ShouldBe("node");

        node.DeletePod("app", 1);
        node.Run(10);
        files.List("/var/lib/kubelet/pods").ShouldBeEmpty();
        files.Mounts.Select(mount => mount.Path).ShouldBe(["/proc"]);
    }

    [Fact]
    public void An_update_turns_one_link_and_all_files_change_at_once()
    {
        var (node, root) = Start();
        var at = $"{root}/volumes/kubernetes.io~configmap/conf";
        var before = node.Host.Files.FindNoFollow(at + "/..data")!.Content;
        var maps = ResourcePath.Core("configmaps");
        var map = node.Client.Send(ApiRequest.Get(maps, "default", "settings")).Response!.Body;
        node.Client.Send(ApiRequest.Update(maps, map.With(Doc.Obj(("b.conf", "two")), "data")));
        node.Run(91);
        node.Host.Files.FindNoFollow(at + "/..data")!.Content.ShouldNotBe(before);
        node.Host.Files.Exists($"{at}/{before}").ShouldBeFalse();
        node.Container("app").Files.Read("/conf/b.conf").ShouldBe("two");
        node.Container("app").Files.Exists("/conf/a.conf").ShouldBeFalse();
    }

    [Fact]
    public void A_new_kubelet_finds_the_volumes_as_they_are_and_keeps_them_up_to_date()
    {
        var (node, root) = Start();
        var link = node.Host.Files.FindNoFollow($"{root}/volumes/kubernetes.io~secret/keys/..data")!.Content;
        node.Host.Units.Stop(node.Kubelet);
        node.Run(5);
        node.Host.Units.Start(node.Kubelet);
        node.Run(10);
        node.Host.Files.FindNoFollow($"{root}/volumes/kubernetes.io~secret/keys/..data")!.Content.ShouldBe(link);
        var maps = ResourcePath.Core("configmaps");
        var map = node.Client.Send(ApiRequest.Get(maps, "default", "settings")).Response!.Body;
        node.Client.Send(ApiRequest.Update(maps, map.With("new", "data", "a.conf")));
        node.Run(91);
        node.Container("app").Files.Read("/conf/a.conf").ShouldBe("new");
    }

    [Fact]
    public void A_boot_keeps_what_is_on_the_disk_and_loses_what_was_in_memory()
    {
        var (node, root) = Start();
        node.Container("app").Files.Write("/data/kept", "yes");
        node.Container("app").Files.Write("/fast/lost", "yes");
        node.Host.Files.Write("/run/lost", "yes");
        node.Host.PowerOff();
        node.Host.Files.Exists("/run/lost").ShouldBeFalse();
        node.Host.Files.Read($"{root}/volumes/kubernetes.io~secret/keys/password").ShouldBeNull();
        node.Host.PowerOn();
        node.Run(10);
        node.Host.Units.Start(node.Runtime);
        node.Host.Units.Start(node.Kubelet);
        node.RunUntil(() => node.IsReady("app") && node.Status("app").Int("restartCount") == 1, 60);
        node.Container("app").Files.Read("/data/kept").ShouldBe("yes");
        node.Container("app").Files.Read("/fast/lost").ShouldBeNull();
        node.Container("app").Files.Read("/keys/password").ShouldBe("secret");
        node.Events("w1-k8s").ShouldContain($"Rebooted: Node w1-k8s has been rebooted, boot id: {node.Host.Machine.BootId}");
    }

    [Fact]
    public void Read_only_mounts_and_root_file_systems_refuse_to_be_written()
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
                securityContext: {readOnlyRootFilesystem: true}
                volumeMounts: [{name: conf, mountPath: /conf}, {name: data, mountPath: /data}, {name: data, mountPath: /ro, readOnly: true}]
              volumes: [{name: conf, configMap: {name: settings}}, {name: data, emptyDir: {}}]
            """);
        node.RunUntil(() => node.IsReady("app"), 8);
        Run(node, "echo x > /conf/a.conf").ShouldContain("/conf/a.conf: Read-only file system");
        Run(node, "echo x > /conf/new").ShouldContain("/conf/new: Read-only file system");
        Run(node, "touch /etc/x").ShouldContain("Read-only file system");
        Run(node, "mkdir /ro/x").ShouldContain("Read-only file system");
        Run(node, "rm /conf/a.conf").ShouldContain("Read-only file system");
        Run(node, "echo fine > /data/x; cat /ro/x").ShouldBe("fine\n");
    }

    private static string Run(KubeletFixture node, string command)
    {
        var (output, stream) = node.Stream("app", "exec", Doc.Obj(("command", Doc.Arr("sh", "-c", command)), ("stdout", true), ("stderr", true)).ToString());
        return output + stream.Error.Read();
    }

    private static (KubeletFixture Node, string Root) Start()
    {
        var node = new KubeletFixture();
        node.Create(ResourcePath.Core("configmaps"), """{metadata: {name: settings}, data: {a.conf: "one"}}""");
        node.Create(ResourcePath.Core("secrets"), """{metadata: {name: keys}, data: {password: c2VjcmV0}}""");
        node.CreatePod(Everything);
        node.RunUntil(() => node.IsReady("app"), 8);
        return (node, $"/var/lib/kubelet/pods/{node.Pod("app")!.Text("metadata", "uid")}");
    }
}
