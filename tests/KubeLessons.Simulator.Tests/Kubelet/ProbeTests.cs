namespace KubeLessons.Simulator.Tests.Kubelet;

public sealed class ProbeTests
{
    [Fact]
    public void A_gRPC_probe_of_a_server_that_speaks_something_else_waits_its_time_and_fails()
    {
        var node = new KubeletFixture();
        node.CreatePod("""{metadata: {name: web}, spec: {containers: [{name: web, image: nginx, readinessProbe: {grpc: {port: 80}, timeoutSeconds: 2}}]}}""");
        node.Run(30);
        node.IsReady("web").ShouldBeFalse();
        node.Events("web").ShouldContain("Unhealthy: Readiness probe failed: timeout: failed to connect service \"172.16.1.2:80\" within 2s: context deadline exceeded");
    }

    [Fact]
    public void A_pod_is_ready_when_its_readiness_probe_says_so_and_not_any_more_when_it_does_not()
    {
        var node = new KubeletFixture();
        node.CreatePod("""
            metadata: {name: web}
            spec: {containers: [{name: web, image: nginx, readinessProbe: {httpGet: {path: /ready, port: 80}, periodSeconds: 5}}]}
            """);
        node.Run(20);
        node.Pod("web")!.Text("status", "phase").ShouldBe("Running");
        node.IsReady("web").ShouldBeFalse();
        node.Status("web").Flag("ready").ShouldBe(false);
        node.Events("web").ShouldContain("Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404");

        node.Container("web").Files.Write("/usr/share/nginx/html/ready", "yes");
        node.RunUntil(() => node.IsReady("web"), 5.1);

        // Three failures in a row, 5 s apart, take the readiness away.
        node.Container("web").Files.Remove("/usr/share/nginx/html/ready");
        var before = node.Now;
        node.RunUntil(() => !node.IsReady("web"), 20);
        (node.Now - before).ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(16));
        node.Status("web").Int("restartCount").ShouldBe(0);
    }

    [Fact]
    public void A_container_that_fails_its_liveness_probe_is_restarted()
    {
        var node = new KubeletFixture();
        node.CreatePod("""
            metadata: {name: app}
            spec:
              terminationGracePeriodSeconds: 5
              containers: [{name: app, image: busybox, command: [sleep, "1000"], livenessProbe: {exec: {command: [cat, /tmp/healthy]}, initialDelaySeconds: 3, periodSeconds: 2}}]
            """);
        node.RunUntil(() => node.IsReady("app"), 8);
        var before = node.Now;
        node.RunUntil(() => node.Status("app").Int("restartCount") == 1, 30);
        (node.Now - before).ShouldBeInRange(TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(17));
        node.Events("app").ShouldContain("Unhealthy: Liveness probe failed: cat: /tmp/healthy: No such file or directory\n");
        node.Events("app").ShouldContain("Killing: Container app failed liveness probe, will be restarted");
        node.Status("app").Int("lastState", "terminated", "exitCode").ShouldBe(137);
    }

    [Fact]
    public void Until_the_startup_probe_succeeds_nobody_asks_whether_the_container_is_alive()
    {
        var node = new KubeletFixture();
        node.CreatePod("""
            metadata: {name: app}
            spec:
              containers:
              - name: app
                image: nginx
                startupProbe: {httpGet: {path: /started, port: 80}, periodSeconds: 3, failureThreshold: 100}
                livenessProbe: {tcpSocket: {port: 81}, periodSeconds: 1, failureThreshold: 2}
            """);
        node.Run(30);
        node.Status("app").Flag("started").ShouldBe(false);
        node.Status("app").Int("restartCount").ShouldBe(0);
        node.Events("app").ShouldNotContain(line => line.Contains("Liveness", StringComparison.Ordinal));
        node.Container("app").Files.Write("/usr/share/nginx/html/started", "");
        node.RunUntil(() => node.Status("app").Int("restartCount") == 1, 10);
        node.Events("app").ShouldContain("Unhealthy: Liveness probe failed: dial tcp 172.16.1.2:81: connect: connection refused");
    }
}
