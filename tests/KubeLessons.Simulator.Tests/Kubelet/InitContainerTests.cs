using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Kubelet;

public sealed class InitContainerTests
{
    [Fact]
    public void Init_containers_run_one_after_the_other_before_the_rest()
    {
        var node = new KubeletFixture();
        node.CreatePod("""
            metadata: {name: app}
            spec:
              initContainers:
              - {name: one, image: busybox, command: [sleep, "3"]}
              - {name: two, image: busybox, command: [sleep, "3"]}
              containers: [{name: app, image: nginx}]
            """);
        node.Run(4);
        node.Shown("app").ShouldBe("PodInitializing");
        node.Condition("app", "Initialized").ShouldBe("False");
        node.Status("app", "one").At("state", "running").ShouldNotBeNull();
        node.Status("app", "two").Text("state", "waiting", "reason").ShouldBe("PodInitializing");
        node.RunUntil(() => node.IsReady("app"), 20);
        node.Status("app", "one").Text("state", "terminated", "reason").ShouldBe("Completed");
        node.Status("app", "two").Flag("ready").ShouldBe(true);
        node.Condition("app", "Initialized").ShouldBe("True");
    }

    [Fact]
    public void A_failing_init_container_is_tried_again_with_back_off()
    {
        var node = new KubeletFixture();
        node.CreatePod("""
            metadata: {name: app}
            spec:
              initContainers: [{name: one, image: busybox, command: [sh, -c, "exit 1"]}]
              containers: [{name: app, image: nginx}]
            """);
        node.RunUntil(() => node.Status("app", "one").Text("state", "waiting", "reason") == "CrashLoopBackOff", 20);
        node.Pod("app")!.Text("status", "phase").ShouldBe("Pending");
        node.Shown("app").ShouldBe("PodInitializing");
    }

    [Fact]
    public void A_pod_that_never_restarts_fails_with_its_init_container()
    {
        var node = new KubeletFixture();
        node.CreatePod("""
            metadata: {name: app}
            spec:
              restartPolicy: Never
              initContainers: [{name: one, image: busybox, command: [sh, -c, "exit 1"]}]
              containers: [{name: app, image: nginx}]
            """);
        node.RunUntil(() => node.Pod("app")!.Text("status", "phase") == "Failed", 10);
    }

    [Fact]
    public void A_sidecar_starts_before_the_containers_runs_beside_them_and_stops_after_them()
    {
        var node = new KubeletFixture();
        node.CreatePod("""
            metadata: {name: app}
            spec:
              restartPolicy: Never
              initContainers: [{name: proxy, image: nginx, restartPolicy: Always}]
              containers: [{name: app, image: busybox, command: [sleep, "10"]}]
            """);
        node.RunUntil(() => node.IsReady("app"), 12);
        node.Status("app", "proxy").Flag("started").ShouldBe(true);
        node.RunUntil(() => node.Pod("app")!.Text("status", "phase") == "Succeeded", 20);
        node.Run(3);
        node.Status("app", "proxy").Text("state", "terminated", "reason").ShouldBe("Completed");
    }
}
