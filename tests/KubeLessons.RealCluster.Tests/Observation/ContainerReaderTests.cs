using System.Text.Json;
using KubeLessons.RealCluster.Observation;

namespace KubeLessons.RealCluster.Tests.Observation;

public class ContainerReaderTests
{
    [Fact]
    public void A_container_bears_its_pods_labels_and_its_state()
    {
        const string pods = """{"items":[{"id":"s1","metadata":{"name":"web","uid":"u1","namespace":"default"},"labels":{"app":"web","io.kubernetes.pod.uid":"u1"} }]}""";
        const string containers = """
            {"containers":[{"id":"c1","metadata":{"name":"nginx"},"image":{"image":"nginx"},"state":"CONTAINER_EXITED",
            "labels":{"io.kubernetes.pod.name":"web","io.kubernetes.pod.namespace":"default","io.kubernetes.pod.uid":"u1"} }]}
            """;

        using var fact = JsonDocument.Parse(ContainerReader.FromCri(pods, containers)["c1"]);

        fact.RootElement.GetProperty("labels").GetProperty("app").GetString().ShouldBe("web");
        fact.RootElement.GetProperty("state").GetString().ShouldBe("exited");
        fact.RootElement.GetProperty("pod").GetString().ShouldBe("web");
    }

    [Fact]
    public void The_facts_of_a_node_are_read_from_its_lines() =>
        HostFacts.Parse("unit\tkubelet\t=active\niptables\tfilter/INPUT\tLUEgSU5QVVQgLWogRFJPUAo=\nnoise\n").ShouldBe(
            [("unit", "kubelet", "active"), ("iptables", "filter/INPUT", "-A INPUT -j DROP\n")]);
}
