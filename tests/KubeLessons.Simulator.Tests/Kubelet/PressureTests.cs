using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Tools;

namespace KubeLessons.Simulator.Tests.Kubelet;

public sealed class PressureTests
{
    [Fact]
    public void A_big_file_on_the_node_first_costs_the_unused_images_and_then_the_pod_that_takes_most()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.CreatePod("big", "busybox", "sh", "-c", "dd if=/dev/zero of=/data bs=1M count=3000; sleep 100000");
        node.Containerd.Preload("redis");
        node.RunUntil(() => node.IsReady("web") && node.IsReady("big"), 20);
        node.Run(150);
        node.Shell("fallocate -l 30G /big").ShouldBe("");
        node.RunUntil(() => Pressure(node, "DiskPressure") == "True", 21);
        node.RunUntil(() => node.Pod("big")!.Text("status", "phase") == "Failed", 15);
        node.Pod("big")!.Text("status", "reason").ShouldBe("Evicted");
        var message = node.Pod("big")!.Text("status", "message")!;
        message.ShouldMatch(@"^The node was low on resource: ephemeral-storage\. Threshold quantity: \d+, available: \d+Ki\. Container big was using \d+[KM]i, request is 0, has larger consumption of ephemeral-storage\. $");
        node.Events("big").ShouldContain("Evicted: " + message);
        node.Events("w1-k8s").ShouldContain("EvictionThresholdMet: Attempting to reclaim ephemeral-storage");
        node.Condition("big", "DisruptionTarget").ShouldBe("True");
        node.Containerd.State.Images.ShouldNotContain(image => image.Image.Repository.Name.EndsWith("redis", StringComparison.Ordinal));
        node.Shell("rm /big");
        node.Run(15);
        Pressure(node, "DiskPressure").ShouldBe("True");
        node.Run(310);
        Pressure(node, "DiskPressure").ShouldBe("False");
    }

    [Fact]
    public void Older_versions_say_less_of_an_eviction()
    {
        var node = new KubeletFixture(minor: 24);
        node.CreatePod("big", "busybox", "sh", "-c", "dd if=/dev/zero of=/data bs=1M count=300; sleep 100000");
        node.RunUntil(() => node.IsReady("big"), 20);
        node.Shell("fallocate -l 32G /big");
        node.RunUntil(() => node.Pod("big")!.Text("status", "phase") == "Failed", 25);
        node.Pod("big")!.Text("status", "message")!.ShouldMatch(
            @"^The node was low on resource: ephemeral-storage\. Container big was using 300Mi, which exceeds its request of 0\. $");
        node.Condition("big", "DisruptionTarget").ShouldBeNull();
    }

    [Fact]
    public void A_disk_that_is_85_percent_full_loses_its_unused_images_at_the_next_collection()
    {
        var node = new KubeletFixture();
        node.Containerd.Preload("postgres");
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 20);
        node.Run(130);
        var machine = node.Host.Machine;
        var size = (machine.DiskKiB * 86 / 100) - DiskUse.UsedKiB(node.Host);
        node.Host.Machine = machine with { };
        node.Shell($"fallocate -l {size}k /big");
        node.RunUntil(() => node.Containerd.State.Images.All(image => !image.Image.Repository.Name.EndsWith("postgres", StringComparison.Ordinal)), 300);
        node.IsReady("web").ShouldBeTrue();
    }

    [Fact]
    public void An_emptyDir_that_outgrows_its_limit_and_a_container_its_own_are_put_out()
    {
        var node = new KubeletFixture();
        node.CreatePod("""
            metadata: {name: vol}
            spec:
              containers: [{name: vol, image: busybox, command: [sh, -c, "sleep 5; dd if=/dev/zero of=/data/x bs=1M count=30; sleep 1000"], volumeMounts: [{name: data, mountPath: /data}]}]
              volumes: [{name: data, emptyDir: {sizeLimit: 20Mi}}]
            """);
        node.CreatePod("""
            metadata: {name: own}
            spec:
              containers:
              - {name: own, image: busybox, command: [sh, -c, "sleep 5; dd if=/dev/zero of=/x bs=1M count=30; sleep 1000"], resources: {limits: {ephemeral-storage: 10Mi}}}
              - {name: other, image: busybox, command: [sleep, "1000"]}
            """);
        node.RunUntil(() => node.IsReady("vol") && node.IsReady("own"), 10);
        node.RunUntil(() => node.Pod("vol")!.Text("status", "phase") == "Failed" && node.Pod("own")!.Text("status", "phase") == "Failed", 30);
        node.Pod("vol")!.Text("status", "message").ShouldBe("Usage of EmptyDir volume \"data\" exceeds the limit \"20Mi\". ");
        node.Pod("own")!.Text("status", "message").ShouldBe("Container own exceeded its local ephemeral storage limit \"10Mi\". ");
    }

    [Fact]
    public void When_no_memory_is_left_the_kernel_kills_the_pod_that_was_promised_none()
    {
        var node = new KubeletFixture();
        node.CreatePod("""{metadata: {name: safe}, spec: {containers: [{name: safe, image: polinux/stress, args: [stress, --vm, "1", --vm-bytes, 1G], resources: {limits: {memory: 1500Mi, cpu: 100m}}}]}}""");
        node.RunUntil(() => node.IsReady("safe"), 10);
        node.CreatePod("""{metadata: {name: hog}, spec: {restartPolicy: Never, containers: [{name: hog, image: polinux/stress, args: [stress, --vm, "1", --vm-bytes, 3500M]}]}}""");
        node.RunUntil(() => node.Pod("hog")!.Text("status", "phase") == "Failed", 15);
        node.Run(1);
        var ended = node.Status("hog").At("state", "terminated")!;
        (ended.Int("exitCode"), ended.Text("reason")).ShouldBe((137, "OOMKilled"));
        node.IsReady("safe").ShouldBeTrue();
        node.Events("w1-k8s").ShouldContain(said => said.StartsWith("SystemOOM: System OOM encountered, victim process: stress, pid: ", StringComparison.Ordinal));
        node.Host.Journal.Entries.ShouldContain(entry => entry.Identifier == "kernel" && entry.Message.StartsWith("Out of memory: Killed process", StringComparison.Ordinal));
    }

    [Fact]
    public void A_disk_that_is_full_takes_no_more()
    {
        var node = new KubeletFixture();
        node.Shell("fallocate -l 100G /big").ShouldBe("fallocate: fallocate failed: No space left on device\n");
        node.Shell("dd if=/dev/zero of=/some bs=1M count=100").ShouldMatch(@"^100\+0 records in\n100\+0 records out\n104857600 bytes \(105 MB, 100 MiB\) copied, [0-9.]+ s, 537 MB/s\n$");
        node.Shell("stat -c %s /some").ShouldBe("104857600\n");
        node.Shell("dd if=/dev/zero of=/all bs=1M").ShouldStartWith("dd: error writing '/all': No space left on device\n");
        DiskUse.FreeKiB(node.Host).ShouldBeLessThan(10);
    }

    private static string? Pressure(KubeletFixture node, string type) => node.Node.List("status", "conditions")
        .First(condition => condition.Text("type") == type).Text("status");
}
