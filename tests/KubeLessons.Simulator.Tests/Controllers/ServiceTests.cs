using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Controllers.Services;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Controllers;

public class ServiceTests
{
    private const string Web = """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","labels":{"tier":"front"}},"spec":{"clusterIP":"10.96.0.50","selector":{"app":"web"},
         "ports":[{"name":"http","port":80,"targetPort":8080,"protocol":"TCP"}]}}
        """;

    [Theory]
    [InlineData(20)]
    [InlineData(33)]
    public void Ready_pods_are_behind_the_service_and_those_of_a_lost_node_are_not(int minor)
    {
        var cluster = SimulatedControlPlane.WithNodes(minor: minor);
        cluster.Apply(Web);
        cluster.CreateDeployment("web", 3);
        cluster.Advance(0.5);
        cluster.Get(Resources.Endpoints, "web").List("subsets").ShouldBeEmpty();
        Slice(cluster).List("endpoints").ShouldBeEmpty();
        cluster.Advance(10);

        var ips = cluster.Pods("web").Select(pod => pod.Text("status", "podIP")).Order().ToList();
        var subset = cluster.Get(Resources.Endpoints, "web").List("subsets").Single();
        subset.List("addresses").Select(address => address.Text("ip")).ShouldBe(ips);
        subset.List("ports").Single().Int("port").ShouldBe(8080);
        Slice(cluster).List("endpoints").Select(endpoint => endpoint.List("addresses")[0].AsText).Order().ShouldBe(ips);
        Slice(cluster).Label(EndpointSliceController.ServiceNameLabel).ShouldBe("web");
        Slice(cluster).Label("tier").ShouldBe("front");

        cluster.Kubelets[0].Stop();
        cluster.Advance(70);
        subset = cluster.Get(Resources.Endpoints, "web").List("subsets").Single();
        (subset.List("addresses").Length, subset.List("notReadyAddresses").Length).ShouldBe((2, 1));
        Slice(cluster).List("endpoints").Count(endpoint => endpoint.Flag("conditions", "ready") == false).ShouldBe(1);
    }

    [Fact]
    public void A_terminating_pod_leaves_the_endpoints_at_once_and_is_shown_terminating_in_its_slice()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Web);
        cluster.CreateDeployment("web", 2);
        cluster.Advance(10);
        cluster.Delete(Resources.Pods, cluster.Pods("web")[0].Name());
        cluster.Advance(0.05);
        cluster.Get(Resources.Endpoints, "web").List("subsets")[0].List("addresses").Length.ShouldBe(1);
        var leaving = Slice(cluster).List("endpoints").Single(endpoint => endpoint.Flag("conditions", "terminating") == true);
        (leaving.Flag("conditions", "ready"), leaving.Flag("conditions", "serving")).ShouldBe((false, true));
    }

    [Fact]
    public void A_service_that_is_deleted_takes_its_endpoints_and_slices_along()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Web);
        cluster.Advance(1);
        cluster.Delete(Resources.Services, "web");
        cluster.Advance(1);
        cluster.Find(Resources.Endpoints, "web").ShouldBeNull();
        cluster.List(Resources.EndpointSlicesIn(cluster.Version)).ShouldBeEmpty();
    }

    [Fact]
    public void Named_target_ports_are_looked_up_in_each_pod()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply(Web.Replace("8080", "\"www\""));
        Start("a", 8001);
        Start("b", 8002);
        Start("none", 0);
        cluster.Advance(5);
        cluster.Get(Resources.Endpoints, "web").List("subsets").Select(subset => subset.List("ports")[0].Int("port")).Order().ShouldBe([8001L, 8002L]);
        cluster.List(Resources.EndpointSlicesIn(cluster.Version)).Count.ShouldBe(2);

        void Start(string name, int port) => cluster.Apply(
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"app\":\"web\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"nginx\""
            + (port == 0 ? "" : ",\"ports\":[{\"name\":\"www\",\"containerPort\":" + port + ",\"protocol\":\"TCP\"}]") + "}]}}");
    }

    [Fact]
    public void Two_hundred_and_fifty_endpoints_need_three_slices()
    {
        var cluster = SimulatedControlPlane.WithNodes(3, cpu: "64");
        cluster.Apply(Web);
        cluster.CreateDeployment("web", 250);
        cluster.Advance(30);
        var slices = cluster.List(Resources.EndpointSlicesIn(cluster.Version));
        slices.Select(slice => slice.List("endpoints").Length).OrderDescending().ShouldBe([100, 100, 50]);
        slices.SelectMany(slice => slice.List("endpoints")).Select(endpoint => endpoint.Text("targetRef", "name")).Distinct().Count().ShouldBe(250);
    }

    [Fact]
    public void A_service_without_a_selector_is_left_to_its_owner()
    {
        var cluster = SimulatedControlPlane.WithNodes();
        cluster.Apply("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"db"},"spec":{"clusterIP":"10.96.0.60","ports":[{"port":5432,"protocol":"TCP","targetPort":5432}]}}""");
        cluster.Advance(2);
        cluster.Find(Resources.Endpoints, "db").ShouldBeNull();
    }

    private static Doc Slice(SimulatedControlPlane cluster) => cluster.List(Resources.EndpointSlicesIn(cluster.Version)).Single();
}
