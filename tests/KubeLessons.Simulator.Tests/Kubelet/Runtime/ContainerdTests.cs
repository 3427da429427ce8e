using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Http;
using KubeLessons.Simulator.Kubelet.Images;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Tests.Kubelet.Runtime;

public sealed class ContainerdTests
{
    [Fact]
    public void Sandboxes_get_addresses_one_after_the_other_from_the_nodes_range()
    {
        var node = new RuntimeFixture();
        node.RunSandbox("a").Address.ShouldBe("172.16.1.2");
        var second = node.RunSandbox("b");
        second.Address.ShouldBe("172.16.1.3");
        node.Cri.RemovePodSandbox(second.Id);
        node.RunSandbox("c").Address.ShouldBe("172.16.1.4");
    }

    [Fact]
    public void Nginx_answers_over_the_network_with_its_welcome_page_and_logs_the_request()
    {
        var node = new RuntimeFixture();
        var container = node.Start("web", "nginx");
        node.World.Advance(TimeSpan.FromSeconds(1));
        var exchange = node.Host.Network.Connect(Ipv4Address.Parse(container.Sandbox.Address), 80);
        exchange.Outcome.ShouldBe(ExchangeOutcome.Answered);
        var service = exchange.Connection!.Listener.Handler.ShouldBeOfType<HttpService>();

        var response = service.Respond(new HttpRequest("GET", "/", "172.16.1.1"), node.World.Now);

        response.StatusCode.ShouldBe(200);
        response.Body.ShouldContain("<h1>Welcome to nginx!</h1>");
        response.Headers[0].ShouldBe(("Server", "nginx/1.29.0"));
        service.Respond(new HttpRequest("GET", "/nope", "172.16.1.1"), node.World.Now).StatusCode.ShouldBe(404);
        RuntimeFixture.Lines(container).ShouldContain(line => line.StartsWith("172.16.1.1 - - [05/Jan/2026:00:00:", StringComparison.Ordinal)
            && line.EndsWith("\"GET / HTTP/1.1\" 200 615 \"-\" \"-\" \"-\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stopped_nginx_leaves_at_once_with_0_and_its_port_is_closed()
    {
        var node = new RuntimeFixture();
        var container = node.Start("web", "nginx");
        var address = Ipv4Address.Parse(container.Sandbox.Address);
        node.World.Advance(TimeSpan.FromSeconds(1));
        var before = node.World.Now;

        node.Run(node.Cri.StopContainer(container, TimeSpan.FromSeconds(30), new CriResult<Container>()));

        (node.World.Now - before).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        (container.State, container.ExitCode, container.Reason).ShouldBe((ContainerState.Exited, 0, "Completed"));
        node.Host.Network.Connect(address, 80).Outcome.ShouldBe(ExchangeOutcome.Refused);
    }

    [Fact]
    public void A_sleep_that_is_process_1_ignores_TERM_and_is_killed_when_the_grace_time_is_over()
    {
        var node = new RuntimeFixture();
        var container = node.Start("nap", "busybox", "sleep", "3600");
        var before = node.World.Now;

        node.Run(node.Cri.StopContainer(container, TimeSpan.FromSeconds(30), new CriResult<Container>()));

        (node.World.Now - before).ShouldBe(TimeSpan.FromSeconds(30));
        (container.ExitCode, container.Reason).ShouldBe((137, "Error"));
    }

    [Fact]
    public void Containers_outlive_containerd_and_a_new_containerd_knows_them()
    {
        var node = new RuntimeFixture();
        var container = node.Start("web", "nginx");
        var cri = node.Cri;

        node.Host.Units.Stop(node.Unit);
        node.World.Advance(TimeSpan.FromSeconds(10));

        node.Host.UnixSockets.Connect(Containerd.Socket, out var error).ShouldBeNull();
        error.ShouldBe("connect: no such file or directory");
        container.Process!.HasExited.ShouldBeFalse();

        node.Host.Units.Start(node.Unit);
        var again = node.Cri;
        again.ShouldNotBe(cri);
        again.State.Container(container.Id).ShouldBe(container);
    }

    [Fact]
    public void A_call_that_containerd_does_not_live_to_answer_fails()
    {
        var node = new RuntimeFixture();
        var result = new CriResult<PodSandbox>();
        var call = node.Cri.RunPodSandbox(new SandboxConfig("a", "default", "uid", 0), result);
        node.World.After(TimeSpan.FromMilliseconds(50), () => node.Host.Units.Stop(node.Unit));

        node.Run(call);

        result.Error.ShouldBe("rpc error: code = Unavailable desc = error reading from server: EOF");
        node.State.Sandboxes.ShouldBeEmpty();
    }

    [Fact]
    public void A_killed_containerd_leaves_a_socket_that_refuses_and_systemd_brings_it_back()
    {
        var node = new RuntimeFixture();
        _ = node.Cri;
        node.Unit.MainProcess!.Send(ProcessSignal.Kill);
        node.World.Advance(TimeSpan.FromMilliseconds(1));
        node.Host.UnixSockets.Connect(Containerd.Socket, out var error).ShouldBeNull();
        error.ShouldBe("connect: connection refused");
        node.World.Advance(TimeSpan.FromSeconds(6));
        node.Host.UnixSockets.Connect(Containerd.Socket, out _).ShouldNotBeNull();
    }

    [Fact]
    public void A_command_that_is_not_in_the_image_is_a_start_error()
    {
        var node = new RuntimeFixture();
        var container = node.Start("bad", "busybox", "nosuchcmd");
        (container.State, container.ExitCode, container.Reason).ShouldBe((ContainerState.Exited, 128, "StartError"));
        container.Message.ShouldEndWith("exec: \"nosuchcmd\": executable file not found in $PATH: unknown");
    }

    [Fact]
    public void An_image_that_is_not_there_fails_in_containerds_words()
    {
        var node = new RuntimeFixture();
        var result = new CriResult<LocalImage>();
        ImageReference.TryParse("nginxxx", out var image, out _);
        node.Run(node.Cri.PullImage(image!, result));
        result.Error.ShouldBe(
            "rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/library/nginxxx:latest\": failed to resolve reference "
            + "\"docker.io/library/nginxxx:latest\": docker.io/library/nginxxx:latest: not found");
    }

    [Fact]
    public void A_pull_takes_seconds_and_the_next_one_a_moment()
    {
        var node = new RuntimeFixture();
        var (first, again) = (Pull("nginx"), Pull("nginx"));
        first.ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
        again.ShouldBeLessThan(TimeSpan.FromSeconds(1));

        TimeSpan Pull(string name)
        {
            var before = node.World.Now;
            ImageReference.TryParse(name, out var image, out _);
            node.Run(node.Cri.PullImage(image!, new CriResult<LocalImage>()));
            return node.World.Now - before;
        }
    }

    [Fact]
    public void The_end_of_process_1_is_the_end_of_the_container_and_of_all_in_it()
    {
        var node = new RuntimeFixture();
        var container = node.Start("nap", "busybox", "sleep", "3600");
        var shell = node.Cri.Exec(container, ["sleep", "1000"], new ExecStreams(null, null, null), out _)!;

        container.Process!.Send(ProcessSignal.Kill);
        node.World.Advance(TimeSpan.FromMilliseconds(1));

        (container.State, container.ExitCode).ShouldBe((ContainerState.Exited, 137));
        shell.HasExited.ShouldBeTrue();
    }

    [Fact]
    public void An_exec_runs_beside_the_container_in_its_files()
    {
        var node = new RuntimeFixture();
        var container = node.Start("web", "nginx");
        var result = new CriResult<ExecOutcome>();
        node.Run(node.Cri.ExecSync(container, ["cat", "/etc/hostname"], TimeSpan.FromSeconds(1), result));
        result.Value.ShouldBe(new ExecOutcome(0, "web\n", false));

        var missing = new CriResult<ExecOutcome>();
        node.Run(node.Cri.ExecSync(container, ["nosuchcmd"], TimeSpan.FromSeconds(1), missing));
        missing.Error.ShouldNotBeNull().ShouldEndWith("exec: \"nosuchcmd\": executable file not found in $PATH: unknown");

        var slow = new CriResult<ExecOutcome>();
        node.Run(node.Cri.ExecSync(container, ["sleep", "10"], TimeSpan.FromSeconds(1), slow));
        slow.Value!.TimedOut.ShouldBeTrue();
    }

    [Fact]
    public void A_power_cut_ends_everything_and_its_exit_codes_are_unknown()
    {
        var node = new RuntimeFixture();
        var container = node.Start("web", "nginx");
        node.Host.PowerOff();
        (container.State, container.ExitCode, container.Reason).ShouldBe((ContainerState.Exited, 255, "Unknown"));
        container.Sandbox.State.ShouldBe(SandboxState.NotReady);
    }

    [Fact]
    public void The_trace_has_every_state_of_a_container()
    {
        var node = new RuntimeFixture();
        var container = node.Start("one", "busybox", "sh", "-c", "echo hello; exit 3");
        node.World.Advance(TimeSpan.FromSeconds(1));
        RuntimeFixture.Lines(container).ShouldBe(["hello"]);
        node.Cri.RemovePodSandbox(container.Sandbox.Id);

        var facts = node.World.Trace.From(0).ToArray().OfType<HostFactChanged>().Where(fact => fact.Noun == "container").ToList();

        facts.Select(fact => fact.Value is null ? null : DocJson.Parse(fact.Value).Text("state"))
            .ShouldBe(["created", "running", "exited", null]);
        DocJson.Parse(facts[2].Value!).Int("exitCode").ShouldBe(3);
        node.World.Trace.From(0).ToArray().OfType<ComponentActed>().Select(act => act.Action.Split(' ')[0]).ShouldBe(
            ["RunPodSandbox", "PullImage", "CreateContainer", "StartContainer", "StopPodSandbox"]);
    }

    [Fact]
    public void Without_a_network_plugin_no_sandbox_is_made()
    {
        var node = new RuntimeFixture { NetworkFault = "cni plugin not initialized" };
        var result = new CriResult<PodSandbox>();
        node.Run(node.Cri.RunPodSandbox(new SandboxConfig("a", "default", "uid", 0), result));
        result.Error.ShouldNotBeNull().ShouldEndWith(": cni plugin not initialized");
        node.Run(node.Cri.RunPodSandbox(new SandboxConfig("b", "default", "uid", 0) { HostNetwork = true }, result));
        result.Value.ShouldNotBeNull().Network.ShouldBe(node.Host.Network);
    }
}
