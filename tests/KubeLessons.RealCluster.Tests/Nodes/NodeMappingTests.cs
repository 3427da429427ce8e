using System.Collections.Immutable;
using KubeLessons.Lessons;
using KubeLessons.RealCluster.Nodes;

namespace KubeLessons.RealCluster.Tests.Nodes;

public class NodeMappingTests
{
    private static readonly ImmutableArray<NodeSpec> Lab = ClusterSpec.Standard.Nodes;
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void Nodes_of_the_lessons_own_names_are_themselves()
    {
        var (nodes, _) = NodeMapping.Map(Lab, [Worker("w2-k8s"), Worker("w1-k8s"), ControlPlane("m-k8s")], Nothing);

        nodes.Select(node => (node.LessonName, node.ClusterName)).ShouldBe([("m-k8s", "m-k8s"), ("w1-k8s", "w1-k8s"), ("w2-k8s", "w2-k8s")]);
    }

    [Fact]
    public void The_nodes_of_kind_are_found_by_their_roles_in_the_order_of_their_numbers()
    {
        var (nodes, _) = NodeMapping.Map(
            Lab, [Worker("kind-worker10"), Worker("kind-worker"), Worker("kind-worker2"), ControlPlane("kind-control-plane")], Nothing);

        nodes.Select(node => (node.LessonName, node.ClusterName)).ShouldBe(
            [("m-k8s", "kind-control-plane"), ("w1-k8s", "kind-worker"), ("w2-k8s", "kind-worker2"), ("w3-k8s", "kind-worker10")]);
    }

    [Fact]
    public void What_the_user_says_comes_first_and_may_name_another_address()
    {
        var (nodes, _) = NodeMapping.Map(
            Lab,
            [ControlPlane("cp"), Worker("a"), Worker("b")],
            new Dictionary<string, string> { ["w1-k8s"] = "b@10.0.0.2" });

        nodes.ShouldContain(new MappedNode("w1-k8s", "b", "10.0.0.2", NodeRole.Worker));
        nodes.ShouldContain(new MappedNode("w2-k8s", "a", "a", NodeRole.Worker));
    }

    [Fact]
    public void A_node_that_the_lesson_does_not_know_keeps_its_name()
    {
        var (nodes, _) = NodeMapping.Map([new NodeSpec("m-k8s", NodeRole.ControlPlane)], [ControlPlane("cp"), Worker("extra")], Nothing);

        nodes.Select(node => node.LessonName).ShouldBe(["m-k8s", "extra"]);
    }

    [Fact]
    public void A_word_of_the_user_that_names_no_node_is_given_back() =>
        NodeMapping.Map(Lab, [ControlPlane("cp")], new Dictionary<string, string> { ["w1-k8s"] = "nowhere" }).Unknown.ShouldBe("w1-k8s=nowhere");

    private static ApiNode ControlPlane(string name) => new(name, NodeRole.ControlPlane, "");

    private static ApiNode Worker(string name) => new(name, NodeRole.Worker, "");
}
