using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Controllers;

public class DisruptionTests
{
    [Theory]
    [InlineData(20, "\"minAvailable\":2", 3, 2, 1)]
    [InlineData(33, "\"minAvailable\":2", 3, 2, 1)]
    [InlineData(33, "\"minAvailable\":\"50%\"", 3, 2, 1)]
    [InlineData(33, "\"maxUnavailable\":1", 3, 2, 1)]
    [InlineData(33, "\"maxUnavailable\":\"100%\"", 3, 0, 3)]
    [InlineData(33, "\"minAvailable\":5", 3, 5, 0)]
    public void A_budget_tells_how_many_pods_may_go(int minor, string spec, int expected, int desired, int allowed)
    {
        var cluster = SimulatedControlPlane.WithNodes(minor: minor);
        cluster.CreateDeployment("web", 3);
        cluster.Advance(10);
        Create(cluster, spec);
        cluster.Advance(1);
        var status = cluster.Get(Resources.PodDisruptionBudgetsIn(cluster.Version), "web")["status"]!;
        (status.Int("currentHealthy"), status.Int("expectedPods"), status.Int("desiredHealthy"), status.Int("disruptionsAllowed"))
            .ShouldBe((3, expected, desired, allowed));
    }

    [Fact]
    public void Evictions_are_granted_while_the_budget_lasts()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.CreateDeployment("web", 3);
        cluster.Advance(10);
        Create(cluster, "\"minAvailable\":2");
        cluster.Advance(1);
        var pods = cluster.Pods("web").Select(pod => pod.Name()).ToList();
        Evict(cluster, pods[0]).Code.ShouldBe(201);
        Evict(cluster, pods[1]).Code.ShouldBe(429);
        cluster.Advance(5);
        Evict(cluster, pods[1]).Code.ShouldBe(201);
        cluster.Advance(5);
        cluster.ActivePods("web").Count(pod => pod.IsReady()).ShouldBe(3);
    }

    private static ApiResponse Evict(SimulatedControlPlane cluster, string pod) => cluster.Admin.Send(new ApiRequest(ApiVerb.Create, Resources.Pods)
    {
        Namespace = "default",
        Name = pod,
        Subresource = "eviction",
        Body = Doc.Obj(("apiVersion", "policy/v1"), ("kind", "Eviction"), ("metadata", Doc.Obj(("name", pod), ("namespace", "default")))),
    }).Response!;

    private static void Create(SimulatedControlPlane cluster, string spec) => cluster.Apply(
        "{\"apiVersion\":\"" + Resources.PodDisruptionBudgetsIn(cluster.Version).ApiVersion + "\",\"kind\":\"PodDisruptionBudget\",\"metadata\":{\"name\":\"web\"},\"spec\":{"
        + spec + ",\"selector\":{\"matchLabels\":{\"app\":\"web\"}}}}");
}
