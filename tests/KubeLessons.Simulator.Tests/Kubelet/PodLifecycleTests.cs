using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Tests.Kubelet;

public sealed class PodLifecycleTests
{
    [Fact]
    public void A_pod_becomes_ready_within_seconds_and_its_events_tell_how()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.Pod("web")!.At("status", "containerStatuses") is not null, 1);
        node.Shown("web").ShouldBe("ContainerCreating");
        node.Pod("web")!.Text("status", "phase").ShouldBe("Pending");

        node.RunUntil(() => node.IsReady("web"), 6);

        var pod = node.Pod("web")!;
        pod.Text("status", "phase").ShouldBe("Running");
        pod.Text("status", "podIP").ShouldBe("172.16.1.2");
        pod.Text("status", "hostIP").ShouldBe("192.168.1.101");
        pod.List("status", "conditions").Select(condition => $"{condition.Text("type")}={condition.Text("status")}").ShouldBe(
            ["PodReadyToStartContainers=True", "Initialized=True", "Ready=True", "ContainersReady=True", "PodScheduled=True"]);
        var status = node.Status("web");
        status.Text("image").ShouldBe("docker.io/library/nginx:latest");
        status.Text("imageID")!.ShouldStartWith("docker.io/library/nginx@sha256:");
        status.Text("containerID").ShouldBe("containerd://" + node.Container("web").Id);
        status.Flag("started").ShouldBe(true);
        var events = node.Events("web");
        events[0].ShouldBe("Pulling: Pulling image \"nginx\"");
        events[1].ShouldMatch("^Pulled: Successfully pulled image \"nginx\" in [23]\\.\\d+s \\([23]\\.\\d+s including waiting\\)\\. Image size: 72188133 bytes\\.$");
        events[2..].ShouldBe(["Created: Created container: web", "Started: Started container web"]);
    }

    [Fact]
    public void Older_versions_word_their_events_as_they_did()
    {
        var node = new KubeletFixture(minor: 24);
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 6);
        var events = node.Events("web");
        events[1].ShouldMatch("^Pulled: Successfully pulled image \"nginx\" in [23]\\.\\d+s$");
        events[2].ShouldBe("Created: Created container web");
        node.Pod("web")!.List("status", "conditions").Select(condition => condition.Text("type"))
            .ShouldBe(["Initialized", "Ready", "ContainersReady", "PodScheduled"]);
    }

    [Fact]
    public void A_deleted_nginx_is_gone_within_two_seconds()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 6);
        node.DeletePod("web");
        node.Pod("web")!.Text("metadata", "deletionTimestamp").ShouldNotBeNull();

        node.RunUntil(() => node.Pod("web") is null, 2);

        node.Events("web")[^1].ShouldBe("Killing: Stopping container web");
        node.RunUntil(() => !node.Containerd.State.Sandboxes.Any(), 1);
        node.Host.Processes.Running.Select(process => process.Name).ShouldBe(["kube-apiserver", "containerd", "kubelet"]);
    }

    [Fact]
    public void A_deleted_sleep_takes_its_whole_grace_period()
    {
        var node = new KubeletFixture();
        node.CreatePod("nap", "busybox", "sleep", "3600");
        node.RunUntil(() => node.IsReady("nap"), 6);
        var before = node.Now;
        node.DeletePod("nap");
        node.RunUntil(() => node.Pod("nap") is null, 40);
        (node.Now - before).ShouldBeInRange(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(32));
    }

    [Fact]
    public void A_forced_deletion_removes_the_pod_at_once_and_the_containers_follow()
    {
        var node = new KubeletFixture();
        node.CreatePod("nap", "busybox", "sleep", "3600");
        node.RunUntil(() => node.IsReady("nap"), 6);
        node.DeletePod("nap", grace: 0);
        node.Pod("nap").ShouldBeNull();
        node.Container("nap").State.ShouldBe(ContainerState.Running);
        node.RunUntil(() => !node.Containerd.State.Containers.Any(), 35);
    }

    [Fact]
    public void A_pod_that_is_done_has_succeeded_and_one_that_failed_has_failed()
    {
        var node = new KubeletFixture();
        node.CreatePod("""{metadata: {name: good}, spec: {restartPolicy: Never, containers: [{name: good, image: busybox, command: [sh, -c, "echo hi"]}]}}""");
        node.CreatePod("""{metadata: {name: bad}, spec: {restartPolicy: Never, containers: [{name: bad, image: busybox, command: [sh, -c, "exit 3"]}]}}""");
        node.Run(10);
        node.Pod("good")!.Text("status", "phase").ShouldBe("Succeeded");
        node.Shown("good").ShouldBe("Completed");
        node.Pod("good")!.List("status", "conditions").Where(condition => condition.Text("reason") == "PodCompleted").Count().ShouldBe(3);
        node.Pod("bad")!.Text("status", "phase").ShouldBe("Failed");
        node.Status("bad").Int("state", "terminated", "exitCode").ShouldBe(3);
    }

    [Fact]
    public void A_crashing_container_is_restarted_at_once_and_then_with_back_off()
    {
        var node = new KubeletFixture();
        node.CreatePod("crash", "busybox", "sh", "-c", "echo boom; exit 3");
        node.RunUntil(() => node.Status("crash").Int("restartCount") == 1, 10);
        node.RunUntil(() => node.Shown("crash") == "CrashLoopBackOff", 3);
        var status = node.Status("crash");
        status.Text("state", "waiting", "message").ShouldBe(
            $"back-off 10s restarting failed container=crash pod=crash_default({node.Pod("crash")!.Text("metadata", "uid")})");
        status.Int("lastState", "terminated", "exitCode").ShouldBe(3);
        node.Pod("crash")!.Text("status", "phase").ShouldBe("Running");

        // 10 s, 20 s, 40 s, 80 s, 160 s, 300 s; each try comes up to 15 s after the last failed one.
        var restarts = new List<double>();
        for (var count = 2; count <= 7; count++)
        {
            var expected = count;
            node.RunUntil(() => node.Container("crash").Config.Attempt == expected, 400);
            restarts.Add(node.Now.TotalSeconds);
        }

        var gaps = restarts.Zip(restarts.Skip(1), (one, next) => next - one).ToArray();
        gaps[0].ShouldBeInRange(20, 37);
        gaps[1].ShouldBeInRange(40, 57);
        gaps[2].ShouldBeInRange(80, 97);
        gaps[3].ShouldBeInRange(160, 177);
        gaps[4].ShouldBeInRange(300, 317);
        node.Events("crash").ShouldContain(line => line.StartsWith("BackOff: Back-off restarting failed container crash in pod crash_default(", StringComparison.Ordinal));
    }

    [Fact]
    public void An_image_that_is_not_there_is_pulled_again_and_again()
    {
        var node = new KubeletFixture();
        node.CreatePod("bad", "nginxxx");
        node.RunUntil(() => node.Shown("bad") == "ErrImagePull", 3);
        const string Error = "rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/library/nginxxx:latest\": failed to resolve reference "
            + "\"docker.io/library/nginxxx:latest\": docker.io/library/nginxxx:latest: not found";
        node.Events("bad").ShouldBe([
            "Pulling: Pulling image \"nginxxx\"", "Failed: Failed to pull image \"nginxxx\": " + Error, "Failed: Error: ErrImagePull",
            "BackOff: Back-off pulling image \"nginxxx\"", "Failed: Error: ImagePullBackOff"]);

        // What a sync finds out is told by the next one, as in the recording of a real node (125-describe-bad.txt).
        node.RunUntil(() => node.Shown("bad") == "ImagePullBackOff", 20);
        node.Status("bad").Text("state", "waiting", "message").ShouldBe("Back-off pulling image \"nginxxx\": ErrImagePull: " + Error);
        node.RunUntil(() => node.Shown("bad") == "ErrImagePull", 40);
    }

    [Fact]
    public void A_killed_process_is_restarted_and_counted()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 6);
        var address = node.Pod("web")!.Text("status", "podIP");
        node.Container("web").Process!.Send(ProcessSignal.Kill);
        node.RunUntil(() => node.Status("web").Int("restartCount") == 1, 5);
        node.RunUntil(() => node.IsReady("web"), 5);
        node.Status("web").Int("lastState", "terminated", "exitCode").ShouldBe(137);
        node.Pod("web")!.Text("status", "podIP").ShouldBe(address);
    }

    [Fact]
    public void The_same_seed_gives_the_same_trace()
    {
        Trace(7).ShouldBe(Trace(7));
        Trace(7).ShouldNotBe(Trace(8));

        static string Trace(ulong seed)
        {
            var node = new KubeletFixture(seed);
            node.CreatePod("web", "nginx");
            node.CreatePod("crash", "busybox", "sh", "-c", "exit 1");
            node.Run(60);
            node.DeletePod("web");
            node.Run(30);
            return node.World.Trace.ToJsonLines();
        }
    }
}
