using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Tests.Kubelet;

public sealed class KubeletServerTests
{
    [Fact]
    public void Logs_are_read_with_their_options()
    {
        var node = new KubeletFixture();
        node.CreatePod("app", "busybox", "sh", "-c", "echo one; sleep 5; echo two; echo three; sleep 1000");
        node.RunUntil(() => node.IsReady("app"), 8);
        node.Run(10);
        node.Stream("app", "log").Output.ShouldBe("one\ntwo\nthree\n");
        node.Stream("app", "log", "{tailLines: 1}").Output.ShouldBe("three\n");
        node.Stream("app", "log", "{limitBytes: 5}").Output.ShouldBe("one\nt");
        node.Stream("app", "log", "{sinceSeconds: 8}").Output.ShouldBe("two\nthree\n");
        node.Stream("app", "log", "{timestamps: true, tailLines: 1}").Output.ShouldMatch("^2026-01-05T00:00:1\\d\\.\\d{9}Z three\n$");
    }

    [Fact]
    public void A_followed_log_goes_on_until_the_container_ends()
    {
        var node = new KubeletFixture();
        node.CreatePod("app", "busybox", "sh", "-c", "echo one; sleep 8; echo two; exit 0");
        node.RunUntil(() => node.IsReady("app"), 8);
        var (output, stream) = node.Stream("app", "log", "{follow: true}", 20);
        output.ShouldBe("one\ntwo\n");
        stream.HasEnded.ShouldBeTrue();
    }

    [Fact]
    public void A_container_that_has_not_started_has_no_log_and_one_that_crashed_has_the_last_ones()
    {
        var node = new KubeletFixture();
        node.CreatePod("bad", "nginxxx");
        node.CreatePod("crash", "busybox", "sh", "-c", "echo boom; exit 3");
        node.Run(0.3);
        var failure = node.TryOpen("bad", "log").Failure!.Response!;
        (failure.Code, failure.Reason, failure.Message).ShouldBe((400, "BadRequest", "container \"bad\" in pod \"bad\" is waiting to start: ContainerCreating"));
        node.RunUntil(() => node.Shown("bad") == "ErrImagePull", 4);
        node.TryOpen("bad", "log").Failure!.Response!.Message.ShouldBe("container \"bad\" in pod \"bad\" is waiting to start: trying and failing to pull image");
        node.RunUntil(() => node.Shown("crash") == "CrashLoopBackOff", 30);
        node.Stream("crash", "log").Output.ShouldBe("boom\n");
        node.Stream("crash", "log", "{previous: true}").Output.ShouldBe("boom\n");
        node.TryOpen("bad", "log", "{previous: true}").Failure!.Response!.Message.ShouldBe("previous terminated container \"bad\" in pod \"bad\" not found");
    }

    [Fact]
    public void An_exec_has_streams_and_an_exit_code()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 8);
        var (output, stream) = node.Stream("web", "exec", "{command: [cat, /etc/hostname], stdout: true}");
        (output, stream.ExitCode, stream.Fault).ShouldBe(("web\n", 0, null));
        var (_, failed) = node.Stream("web", "exec", "{command: [cat, /nope], stdout: true, stderr: true}");
        (failed.Error.Read(), failed.ExitCode).ShouldBe(("cat: /nope: No such file or directory\n", 1));
        node.Stream("web", "exec", "{command: [nosuchcmd]}").Stream.Fault.ShouldNotBeNull().ShouldMatch(
            "^Internal error occurred: error executing command in container: failed to exec in container: failed to start exec \"[0-9a-f]{64}\": "
            + "OCI runtime exec failed: exec failed: unable to start container process: exec: \"nosuchcmd\": executable file not found in \\$PATH: unknown$");
    }

    [Fact]
    public void A_shell_in_a_container_reads_what_the_client_writes_and_ends_with_it()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 8);
        var stream = node.Open("web", "exec", "{command: [sh], stdin: true, stdout: true, tty: true}");
        stream.Input.Write("hello\n");
        node.Run(5);
        stream.HasEnded.ShouldBeFalse();
        stream.Input.Close();
        node.Run(1);
        stream.HasEnded.ShouldBeTrue();
    }

    [Fact]
    public void A_stopped_kubelet_is_refused_and_a_missing_container_named()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.CreatePod("""{metadata: {name: two}, spec: {containers: [{name: a, image: nginx}, {name: b, image: busybox, command: [sleep, "1000"]}]}}""");
        node.RunUntil(() => node.IsReady("web") && node.IsReady("two"), 20);
        node.TryOpen("two", "log").Failure!.Response!.Message.ShouldBe("a container name must be specified for pod two, choose one of: [a b]");
        node.TryOpen("two", "log", "{container: c}").Failure!.Response!.Message.ShouldBe("container c is not valid for pod two");
        node.TryOpen("nope", "log").Failure!.Response!.Message.ShouldBe("pods \"nope\" not found");
        var following = node.Open("web", "log", "{follow: true}");
        node.Host.Units.Stop(node.Kubelet);
        node.Run(1);
        following.HasEnded.ShouldBeTrue();
        node.TryOpen("web", "log").Failure!.Response!.Message.ShouldBe(
            "Get \"https://192.168.1.101:10250/containerLogs/default/web/web\": dial tcp 192.168.1.101:10250: connect: connection refused");
        node.TryOpen("web", "exec", "{command: [ls]}").Failure!.Response!.Message.ShouldBe(
            "error dialing backend: dial tcp 192.168.1.101:10250: connect: connection refused");
    }

    [Fact]
    public void Without_containerd_logs_and_exec_name_its_socket()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 8);
        node.Host.Units.Stop(node.Runtime);
        node.Run(1);
        node.TryOpen("web", "exec", "{command: [ls]}").Failure!.Response!.Message.ShouldNotBeNull().ShouldContain("dial unix /run/containerd/containerd.sock: connect: no such file or directory");
    }

    [Fact]
    public void Port_forwarding_reaches_a_port_inside_the_pod()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 8);
        var stream = node.Open("web", "portforward");
        stream.Connect!(80).Outcome.ShouldBe(ExchangeOutcome.Answered);
        stream.Connect!(81).Outcome.ShouldBe(ExchangeOutcome.Refused);
    }

    [Fact]
    public void An_attached_client_sees_what_is_written_from_then_on()
    {
        var node = new KubeletFixture();
        node.CreatePod("app", "busybox", "sh", "-c", "echo one; sleep 8; echo two; sleep 1; exit 4");
        node.RunUntil(() => node.IsReady("app"), 8);
        var (output, stream) = node.Stream("app", "attach", "{stdout: true}", 20);
        (output, stream.ExitCode).ShouldBe(("two\n", 4));
    }
}
