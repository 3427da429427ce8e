using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubelet.Runtime;

namespace KubeLessons.Simulator.Tests.Kubelet;

public sealed class StaticPodTests
{
    private const string Path = "/etc/kubernetes/manifests/web.yaml";

    private const string Manifest = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: kube-system, labels: {component: web}}
        spec:
          hostNetwork: true
          containers: [{name: web, image: nginx}]
        """;

    [Fact]
    public void A_manifest_on_the_node_is_a_pod_with_a_mirror_in_the_API()
    {
        var node = Started();
        var mirror = Mirror(node)!;
        mirror.Text("metadata", "annotations", "kubernetes.io/config.source").ShouldBe("file");
        mirror.Text("metadata", "annotations", "kubernetes.io/config.mirror").ShouldBe(mirror.Text("metadata", "annotations", "kubernetes.io/config.hash"));
        mirror.List("metadata", "ownerReferences")[0].Text("kind").ShouldBe("Node");
        mirror.Text("status", "phase").ShouldBe("Running");
    }

    [Fact]
    public void Deleting_a_mirror_only_makes_another_one()
    {
        var node = Started();
        var (uid, container) = (Mirror(node)!.Text("metadata", "uid"), node.Container("web-w1-k8s"));
        node.Client.Send(ApiRequest.Delete(ResourcePath.Core("pods"), "kube-system", "web-w1-k8s")).IsSuccess.ShouldBeTrue();
        node.RunUntil(() => Mirror(node) is { } now && now.Text("metadata", "uid") != uid && now.Text("status", "phase") == "Running", 5);
        node.Container("web-w1-k8s").ShouldBe(container);
        container.State.ShouldBe(ContainerState.Running);
    }

    [Fact]
    public void Moving_the_manifest_away_stops_the_pod_and_takes_the_mirror_along()
    {
        var node = Started();
        var container = node.Container("web-w1-k8s");
        node.Host.Files.Remove(Path);
        node.RunUntil(() => Mirror(node) is null && container.State == ContainerState.Exited, 20);
        node.Host.Files.Write(Path, Manifest);
        node.RunUntil(() => Mirror(node)?.Text("status", "phase") == "Running", 20);
        node.Container("web-w1-k8s").ShouldNotBe(container);
    }

    [Fact]
    public void Editing_the_manifest_replaces_the_pod()
    {
        var node = Started();
        var (hash, container) = (Mirror(node)!.Text("metadata", "annotations", "kubernetes.io/config.hash"), node.Container("web-w1-k8s"));
        node.Host.Files.Write(Path, Manifest.Replace("nginx", "httpd", StringComparison.Ordinal));
        node.RunUntil(() => Mirror(node)?.Text("metadata", "annotations", "kubernetes.io/config.hash") is { } now && now != hash, 10);
        node.RunUntil(() => Mirror(node)?.Text("status", "phase") == "Running", 10);
        container.State.ShouldBe(ContainerState.Exited);
        node.Container("web-w1-k8s").Config.Image.ShouldBe("httpd");
    }

    [Fact]
    public void A_manifest_that_cannot_be_read_any_more_stops_the_pod_at_the_next_regular_look()
    {
        var node = Started();
        var container = node.Container("web-w1-k8s");
        node.Host.Files.Write(Path, "kind: Pod\n  broken: [");
        node.Run(0.9);
        container.State.ShouldBe(ContainerState.Running);
        node.RunUntil(() => container.State == ContainerState.Exited, 22);
        node.Host.Journal.Entries.ShouldContain(entry => entry.Message.Contains("couldn't parse as pod", StringComparison.Ordinal));
    }

    [Fact]
    public void Static_pods_run_without_an_API_server_and_get_their_mirrors_when_there_is_one()
    {
        var node = new KubeletFixture(start: false) { ServerAnswers = false };
        node.Host.Files.Write(Path, Manifest);
        node.Host.Units.Start(node.Kubelet);
        node.RunUntil(() => node.Containerd.State.Containers.Any(container => container.State == ContainerState.Running), 10);
        node.Run(30);
        node.ServerAnswers = true;
        node.RunUntil(() => Mirror(node)?.Text("status", "phase") == "Running", 20);
    }

    [Fact]
    public void Stopping_the_kubelet_does_not_stop_static_pods()
    {
        var node = Started();
        node.Host.Units.Stop(node.Kubelet);
        node.Run(60);
        node.Container("web-w1-k8s").State.ShouldBe(ContainerState.Running);
        node.Host.Units.Start(node.Kubelet);
        node.Run(10);
        node.Container("web-w1-k8s").Config.Attempt.ShouldBe(0);
        Mirror(node)!.Text("status", "phase").ShouldBe("Running");
    }

    private static KubeletFixture Started()
    {
        var node = new KubeletFixture();
        node.Client.Send(ApiRequest.Create(ResourcePath.Core("serviceaccounts"), "kube-system", Doc.Obj(("metadata", Doc.Obj(("name", "default"))))));
        node.Host.Files.Write(Path, Manifest);
        node.RunUntil(() => Mirror(node)?.Text("status", "phase") == "Running", 10);
        return node;
    }

    private static Doc? Mirror(KubeletFixture node) => node.Pod("web-w1-k8s", "kube-system");
}
