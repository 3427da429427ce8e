namespace KubeLessons.Simulator.Tests.Clusters;

public sealed class BindingTests
{
    [Fact]
    public void Whoever_posts_a_binding_is_the_pods_scheduler()
    {
        var cluster = new BootedCluster();
        cluster.Run("m-k8s", "mv /etc/kubernetes/manifests/kube-scheduler.yaml /root/");
        cluster.Wait(30);
        foreach (var name in (string[])["raw", "alone"])
        {
            cluster.Kubectl($"run {name} --image=nginx");
            cluster.Master.Files.Write(
                $"/root/{name}.yaml", $"{{apiVersion: v1, kind: Binding, metadata: {{name: {name}}}, target: {{apiVersion: v1, kind: Node, name: w1-k8s}}}}");
        }

        const string Raw = "kubectl create --raw /api/v1/namespaces/default/pods/raw/binding -f /root/raw.yaml";
        cluster.Output("m-k8s", Raw).ShouldContain("\"status\":\"Success\"");
        cluster.Kubectl("create -f /root/alone.yaml");

        cluster.Kubectl("get pods -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName --no-headers").ShouldBe("alone   w1-k8s\nraw     w1-k8s\n");
        cluster.Run("m-k8s", Raw).Output.ShouldContain("pod raw is already assigned to node \"w1-k8s\"");
    }
}
