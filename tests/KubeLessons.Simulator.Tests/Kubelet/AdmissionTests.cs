using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts.Tools;

namespace KubeLessons.Simulator.Tests.Kubelet;

public sealed class AdmissionTests
{
    [Fact]
    public void A_pod_that_asks_for_more_than_the_node_has_left_is_turned_down()
    {
        var node = new KubeletFixture();
        node.CreatePod("""{metadata: {name: big}, spec: {containers: [{name: big, image: nginx, resources: {requests: {cpu: "3"}}}]}}""");
        node.Run(1);
        var status = node.Pod("big")!["status"]!;
        (status.Text("phase"), status.Text("reason")).ShouldBe(("Failed", "OutOfcpu"));
        (status["containerStatuses"], status["hostIP"]).ShouldBe((null, null));
        status.Text("message").ShouldBe("Pod was rejected: Node didn't have enough resource: cpu, requested: 3000, used: 0, capacity: 2000");
    }

    [Fact]
    public void A_pod_that_wants_another_node_or_a_taken_port_is_turned_down()
    {
        var node = new KubeletFixture();
        node.CreatePod("""{metadata: {name: else}, spec: {nodeSelector: {disk: ssd}, containers: [{name: else, image: nginx}]}}""");
        node.CreatePod("""{metadata: {name: one}, spec: {containers: [{name: one, image: nginx, ports: [{containerPort: 80, hostPort: 8080}]}]}}""");
        node.Run(1);
        node.CreatePod("""{metadata: {name: two}, spec: {containers: [{name: two, image: nginx, ports: [{containerPort: 80, hostPort: 8080}]}]}}""");
        node.Run(1);
        node.Pod("else")!.Text("status", "reason").ShouldBe("NodeAffinity");
        node.Pod("two")!.Text("status", "reason").ShouldBe("NodePorts");
        node.Pod("one")!.Text("status", "phase").ShouldBe("Pending");
    }

    [Fact]
    public void A_critical_pod_that_finds_no_room_takes_that_of_another()
    {
        var node = new KubeletFixture();
        node.CreatePod("""{metadata: {name: large}, spec: {containers: [{name: large, image: nginx, resources: {requests: {cpu: 1500m}}}]}}""");
        node.CreatePod("""{metadata: {name: small}, spec: {containers: [{name: small, image: nginx, resources: {requests: {cpu: 100m}}}]}}""");
        node.RunUntil(() => node.IsReady("large") && node.IsReady("small"), 15);
        node.Host.Files.Write("/etc/kubernetes/manifests/agent.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: agent}, spec: {containers: [{name: agent, image: nginx, resources: {requests: {cpu: '1'}}}]}}");
        node.RunUntil(() => node.Pod("agent-w1-k8s") is not null && node.IsReady("agent-w1-k8s"), 30);
        (node.Pod("large")!.Text("status", "phase"), node.Pod("large")!.Text("status", "reason")).ShouldBe(("Failed", "Preempting"));
        node.Events("large").ShouldContain("Preempting: Preempted in order to admit critical pod");
        node.IsReady("small").ShouldBeTrue();
    }

    [Fact]
    public void A_pod_that_is_active_for_longer_than_its_deadline_fails()
    {
        var node = new KubeletFixture();
        node.CreatePod("""{metadata: {name: nap}, spec: {activeDeadlineSeconds: 20, terminationGracePeriodSeconds: 1, containers: [{name: nap, image: busybox, command: [sleep, "1000"]}]}}""");
        node.RunUntil(() => node.IsReady("nap"), 8);
        node.RunUntil(() => node.Pod("nap")!.Text("status", "phase") == "Failed", 20);
        node.Pod("nap")!.Text("status", "reason").ShouldBe("DeadlineExceeded");
        node.RunUntil(() => node.Container("nap").Process!.HasExited, 5);
    }

    [Fact]
    public void A_container_that_takes_more_memory_than_its_limit_is_killed_for_it()
    {
        var node = new KubeletFixture();
        node.CreatePod("""
            metadata: {name: hog}
            spec: {restartPolicy: Never, containers: [{name: hog, image: polinux/stress, args: [stress, --vm, "1", --vm-bytes, 250M], resources: {limits: {memory: 100Mi}}}]}
            """);
        node.RunUntil(() => node.Pod("hog")!.Text("status", "phase") == "Failed", 10);
        var ended = node.Status("hog").At("state", "terminated")!;
        (ended.Int("exitCode"), ended.Text("reason")).ShouldBe((137, "OOMKilled"));
    }

    [Fact]
    public void A_node_that_runs_short_of_memory_puts_out_the_pod_that_takes_most()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 10);
        var left = (node.Host.Machine.MemoryKiB / 1024) - (ProcessUsage.UsedMemory(node.Host) / 1024 / 1024) - 60;
        node.CreatePod("{metadata: {name: hog}, spec: {containers: [{name: hog, image: polinux/stress, args: [stress, --vm, '1', --vm-bytes, " + left + "M]}]}}");
        node.RunUntil(() => node.Pod("hog")!.Text("status", "phase") == "Failed", 30);
        node.Pod("hog")!.Text("status", "reason").ShouldBe("Evicted");
        node.Pod("hog")!.Text("status", "message")!.ShouldStartWith("The node was low on resource: memory. Threshold quantity: 100Mi, available: ");
        node.Run(15);
        Pressure(node).ShouldBe("True");
        node.IsReady("web").ShouldBeTrue();
        node.Run(320);
        Pressure(node).ShouldBe("False");
    }

    private static string? Pressure(KubeletFixture node) => node.Node.List("status", "conditions")
        .First(condition => condition.Text("type") == "MemoryPressure").Text("status");
}
