using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubelet.Runtime;
using KubeLessons.Simulator.Network;

namespace KubeLessons.Simulator.Tests.Kubelet;

public sealed class KubeletRestartTests
{
    [Fact]
    public void Containers_outlive_the_kubelet_and_a_deleted_pod_goes_when_it_is_back()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.CreatePod("other", "nginx");
        node.RunUntil(() => node.IsReady("web") && node.IsReady("other"), 12);
        var (web, other) = (node.Container("web"), node.Container("other"));
        node.Host.Units.Stop(node.Kubelet);
        node.Run(60);
        node.DeletePod("web");
        node.Run(60);
        node.Pod("web")!.Text("metadata", "deletionTimestamp").ShouldNotBeNull();
        web.State.ShouldBe(ContainerState.Running);
        node.Host.Network.Connect(Ipv4Address.Parse(web.Sandbox.Address), 80).Outcome.ShouldBe(ExchangeOutcome.Answered);

        node.Host.Units.Start(node.Kubelet);
        node.RunUntil(() => node.Pod("web") is null, 5);

        web.State.ShouldBe(ContainerState.Exited);
        node.Run(5);
        node.Container("other").ShouldBe(other);
        (other.State, node.IsReady("other"), node.Status("other").Int("restartCount")).ShouldBe((ContainerState.Running, true, 0));
    }

    [Fact]
    public void What_was_removed_by_force_while_the_kubelet_was_away_is_stopped_when_it_is_back()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 8);
        node.Host.Units.Stop(node.Kubelet);
        node.DeletePod("web", grace: 0);
        node.Run(60);
        node.Container("web").State.ShouldBe(ContainerState.Running);
        node.Host.Units.Start(node.Kubelet);
        node.RunUntil(() => !node.Containerd.State.Containers.Any(), 8);
        node.Containerd.State.Sandboxes.ShouldBeEmpty();
    }

    // The kubelet has not listed the runtime since it started the container: it must not think that there is none.
    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    public void A_pod_that_is_deleted_while_the_runtime_is_away_ends_with_its_container_even_if_that_had_only_just_started(long? grace)
    {
        var node = new KubeletFixture();
        node.CreatePod("warm", "nginx");
        node.RunUntil(() => node.IsReady("warm"), 8);
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.Containerd.State.Containers.Any(container => container.Sandbox.Config.Name == "web" && container.State == ContainerState.Running), 8);
        var web = node.Container("web");
        node.Host.Units.Stop(node.Runtime);
        node.Run(5);
        node.DeletePod("web", grace);
        node.Run(10);
        (web.State, node.Pod("web") is null).ShouldBe((ContainerState.Running, grace is 0));

        node.Host.Units.Start(node.Runtime);
        node.RunUntil(() => web.State == ContainerState.Exited, 20);
        node.RunUntil(() => node.Pod("web") is null && node.Containerd.State.Containers.All(container => container.Sandbox.Config.Name == "warm"), 20);
        node.Container("warm").State.ShouldBe(ContainerState.Running);
    }

    [Fact]
    public void A_container_that_died_while_the_kubelet_was_away_is_restarted_when_it_is_back()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 8);
        node.Host.Units.Stop(node.Kubelet);
        node.Run(1);
        node.Container("web").Process!.Send(ProcessSignal.Kill);
        node.Run(60);
        node.Container("web").State.ShouldBe(ContainerState.Exited);
        node.Host.Units.Start(node.Kubelet);
        node.RunUntil(() => node.Status("web").Int("restartCount") == 1 && node.IsReady("web"), 8);
    }

    [Fact]
    public void While_the_server_is_away_crashed_containers_are_restarted_all_the_same_and_told_of_later()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 8);
        node.ServerAnswers = false;
        node.Container("web").Process!.Send(ProcessSignal.Kill);
        node.Run(20);
        node.Container("web").Config.Attempt.ShouldBe(1);
        node.Status("web").Int("restartCount").ShouldBe(0);
        node.ServerAnswers = true;
        node.RunUntil(() => node.Status("web").Int("restartCount") == 1, 15);
    }

    [Fact]
    public void A_killed_kubelet_is_brought_back_by_systemd()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 8);
        node.Kubelet.MainProcess!.Send(ProcessSignal.Kill);
        node.Run(1);
        node.Kubelet.State.ShouldBe(UnitState.Activating);
        node.Run(12);
        node.Kubelet.State.ShouldBe(UnitState.Active);
        node.DeletePod("web");
        node.RunUntil(() => node.Pod("web") is null, 3);
    }

    [Fact]
    public void Heartbeats_are_a_function_of_time_until_the_kubelet_stops()
    {
        var node = new KubeletFixture();
        node.Run(300);
        var lease = new ResourcePath("coordination.k8s.io", "v1", "leases");
        string Renewed() => node.Client.Send(ApiRequest.Get(lease, "kube-node-lease", "w1-k8s")).Response!.Body.Text("spec", "renewTime")!;
        var turns = node.World.TurnsRun;
        var before = Renewed();
        node.Run(600);
        Renewed().ShouldNotBe(before);
        (node.World.TurnsRun - turns).ShouldBeLessThan(5);

        node.Host.Units.Stop(node.Kubelet);
        node.Run(1);
        var last = Renewed();
        node.Run(600);
        Renewed().ShouldBe(last);
        node.Client.IsRenewed("kube-node-lease", "w1-k8s").ShouldBeFalse();
        node.Host.Units.Start(node.Kubelet);
        node.Run(2);
        node.Client.IsRenewed("kube-node-lease", "w1-k8s").ShouldBeTrue();
    }

    [Fact]
    public void After_a_power_cut_the_pods_come_up_anew_with_another_address()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 8);
        node.Host.PowerOff();
        node.Run(30);
        node.Host.PowerOn();
        node.RunUntil(() => node.Status("web").Int("restartCount") == 1 && node.IsReady("web"), 30);
        node.Pod("web")!.Text("status", "podIP").ShouldBe("172.16.1.3");
        var last = node.Status("web").At("lastState", "terminated")!;
        (last.Int("exitCode"), last.Text("reason")).ShouldBe((255, "Unknown"));
        node.Events("web").ShouldContain("SandboxChanged: Pod sandbox changed, it will be killed and re-created.");
        node.Events("w1-k8s").ShouldContain(line => line.StartsWith("Rebooted: Node w1-k8s has been rebooted, boot id: ", StringComparison.Ordinal));
    }
}
