namespace KubeLessons.Simulator.Tests.Kubelet;

/// <summary>What keeps a container from starting, and in which words it is said.</summary>
public sealed class ContainerStartTests
{
    [Theory]
    [InlineData("{runAsNonRoot: true}", "container has runAsNonRoot and image will run as root (pod: \"app_default(UID)\", container: app)")]
    [InlineData("{runAsNonRoot: true, runAsUser: 0}", "container's runAsUser breaks non-root policy (pod: \"app_default(UID)\", container: app)")]
    public void An_image_that_runs_as_root_is_not_started_where_root_may_not_be(string context, string message)
    {
        var node = new KubeletFixture();
        node.CreatePod("{metadata: {name: app}, spec: {securityContext: " + context + ", containers: [{name: app, image: nginx}]}}");
        node.RunUntil(() => node.Shown("app") == "CreateContainerConfigError", 10);
        message = message.Replace("UID", node.Pod("app")!.Text("metadata", "uid"));
        node.Status("app").Text("state", "waiting", "message").ShouldBe(message);
        node.Events("app").ShouldContain("Failed: Error: " + message);
    }

    [Fact]
    public void A_user_that_is_not_root_may()
    {
        var node = new KubeletFixture();
        node.CreatePod("""{metadata: {name: app}, spec: {securityContext: {runAsNonRoot: true, runAsUser: 1000}, containers: [{name: app, image: busybox, command: [sleep, "1000"]}]}}""");
        node.RunUntil(() => node.IsReady("app"), 8);
        node.Container("app").Process!.Start.User.ShouldBe("1000");
    }

    [Fact]
    public void An_nginx_that_may_not_write_crashes_and_says_why_until_it_gets_its_directories()
    {
        var node = new KubeletFixture();
        node.CreatePod("""{metadata: {name: bad}, spec: {containers: [{name: bad, image: nginx, securityContext: {readOnlyRootFilesystem: true}}]}}""");
        node.CreatePod("""
            metadata: {name: good}
            spec:
              containers:
              - {name: good, image: nginx, securityContext: {readOnlyRootFilesystem: true}, volumeMounts: [{name: tmp, mountPath: /var/cache/nginx}, {name: tmp, mountPath: /var/run}]}
              volumes: [{name: tmp, emptyDir: {}}]
            """);
        node.RunUntil(() => node.IsReady("good") && node.Shown("bad") == "CrashLoopBackOff", 20);
        node.Stream("bad", "log").Output.ShouldContain("[emerg] mkdir() \"/var/cache/nginx/client_temp\" failed (30: Read-only file system)");
    }

    [Fact]
    public void A_postStart_hook_that_fails_is_told_in_the_words_of_the_version()
    {
        var node = new KubeletFixture(minor: 24);
        node.CreatePod("""{metadata: {name: web}, spec: {containers: [{name: web, image: nginx, lifecycle: {postStart: {exec: {command: ["false"]}}}}]}}""");
        node.RunUntil(() => node.Shown("web") == "PostStartHookError", 20);
        node.Status("web").Text("state", "waiting", "message").ShouldBe(
            $"Exec lifecycle hook ([false]) for Container \"web\" in Pod \"web_default({node.Pod("web")!.Text("metadata", "uid")})\" failed - error: command 'false' exited with 1: , message: \"\"");
        node.Events("web").ShouldContain(said => said.StartsWith("FailedPostStartHook: Exec lifecycle hook ([false])", StringComparison.Ordinal));
    }

    [Fact]
    public void A_probe_has_a_grace_period_of_its_own()
    {
        var node = new KubeletFixture();
        node.CreatePod("""
            metadata: {name: app}
            spec:
              terminationGracePeriodSeconds: 600
              containers:
              - {name: app, image: busybox, command: [sleep, "1000"], livenessProbe: {exec: {command: ["false"]}, periodSeconds: 1, failureThreshold: 1, terminationGracePeriodSeconds: 5}}
            """);
        node.RunUntil(() => node.Pod("app") is not null && node.Status("app").Int("restartCount") == 1, 20);
    }

    [Fact]
    public void After_ten_quiet_minutes_a_container_is_restarted_at_once_again()
    {
        var node = new KubeletFixture();
        node.CreatePod("app", "busybox", "sleep", "100000");
        node.RunUntil(() => node.IsReady("app"), 8);
        for (var i = 0; i < 3; i++)
        {
            Kill(node, 60);
        }

        node.Run(601);
        var before = node.Now;
        Kill(node, 5);
        (node.Now - before).ShouldBeLessThan(TimeSpan.FromSeconds(4));
    }

    private static void Kill(KubeletFixture node, double patience)
    {
        var restarts = node.Status("app").Int("restartCount");
        node.Container("app").Process!.Send(KubeLessons.Simulator.Hosts.ProcessSignal.Kill);
        node.RunUntil(() => node.Status("app").Int("restartCount") > restarts && node.IsReady("app"), patience);
    }
}
