using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Kubelet;

public sealed class EphemeralContainerTests
{
    [Fact]
    public void An_ephemeral_container_runs_beside_the_others_and_sees_the_processes_of_its_target()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 8);
        Add(node, """{name: debugger, image: busybox, command: [sh, -c, "sleep 30; exit 3"], targetContainerName: web}""");
        node.RunUntil(() => Status(node)?.At("state", "running") is not null, 10);
        (Status(node)!.Flag("ready"), Status(node)!.Int("restartCount")).ShouldBe((false, 0));
        node.Events("web").ShouldContain("Started: Started container debugger");
        node.IsReady("web").ShouldBeTrue();

        var debugger = node.Containerd.State.Containers.Last();
        var web = node.Containerd.State.Containers.First(container => container.Config.Name == "web");
        debugger.Process!.PidNamespace.ShouldBe(web.Process!.PidNamespace);
        debugger.Process.Network.ShouldBe(web.Process.Network);

        // It is started once, whatever becomes of it.
        node.RunUntil(() => Status(node)?.Int("state", "terminated", "exitCode") == 3, 40);
        node.Run(30);
        Status(node)!.Int("restartCount").ShouldBe(0);
        (node.Pod("web")!.Text("status", "phase"), node.IsReady("web")).ShouldBe(("Running", true));
        node.DeletePod("web", 1);
        node.RunUntil(() => node.Pod("web") is null, 10);
    }

    [Fact]
    public void A_target_that_does_not_run_is_an_error_of_the_configuration()
    {
        var node = new KubeletFixture();
        node.CreatePod("web", "nginx");
        node.RunUntil(() => node.IsReady("web"), 8);
        Add(node, """{name: debugger, image: busybox, targetContainerName: nope}""");
        node.RunUntil(() => Status(node)?.Text("state", "waiting", "reason") == "CreateContainerConfigError", 20);
    }

    private static void Add(KubeletFixture node, string container)
    {
        DocYaml.TryParse(container, out var doc, out var error).ShouldBeTrue(error);
        var pods = ResourcePath.Core("pods");
        var pod = node.Client.Send(ApiRequest.Get(pods, "default", "web")).Response!.Body;
        node.Client.Send(ApiRequest.Update(pods, pod.With(Doc.Arr(doc!), "spec", "ephemeralContainers"), "ephemeralcontainers")).IsSuccess.ShouldBeTrue();
    }

    private static Doc? Status(KubeletFixture node) => node.Pod("web")!.List("status", "ephemeralContainerStatuses").FirstOrDefault();
}
