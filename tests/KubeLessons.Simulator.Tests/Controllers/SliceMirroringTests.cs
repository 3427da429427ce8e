using KubeLessons.Simulator.Controllers;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Controllers;

/// <summary>Endpoints written by hand, as kube-proxy sees them.</summary>
public sealed class SliceMirroringTests
{
    private const string Service = """{"kind":"Service","metadata":{"name":"by-hand"},"spec":{"ports":[{"port":443,"targetPort":8443}]}}""";

    [Theory]
    [InlineData(20, "192.168.7.1=true 192.168.7.3=true")]
    [InlineData(33, "192.168.7.1=true 192.168.7.3=false")]
    public void Endpoints_of_a_Service_without_a_selector_are_mirrored(int minor, string expected)
    {
        var cluster = SimulatedControlPlane.WithNodes(1, minor);
        cluster.Apply(Service);
        cluster.Apply(Endpoints());
        cluster.Advance(2);
        var slice = Slices(cluster).ShouldHaveSingleItem();
        slice.Label("endpointslice.kubernetes.io/managed-by").ShouldBe("endpointslicemirroring-controller.k8s.io");
        slice.ControllerReference()!.Text("kind").ShouldBe("Endpoints");
        string.Join(' ', slice.List("endpoints").Select(each => $"{each.List("addresses")[0].AsText}={(each.Flag("conditions", "ready") == true ? "true" : "false")}")).ShouldBe(expected);
    }

    [Fact]
    public void What_is_marked_to_be_skipped_or_has_lost_its_Service_is_not_mirrored()
    {
        var cluster = SimulatedControlPlane.WithNodes(1);
        cluster.Apply(Service);
        cluster.Apply(Endpoints("""{"endpointslice.kubernetes.io/skip-mirror":"true"}"""));
        cluster.Advance(2);
        Slices(cluster).ShouldBeEmpty();
        cluster.Patch(Resources.Endpoints, "by-hand", """{"metadata":{"labels":null}}""");
        cluster.Advance(2);
        Slices(cluster).Count.ShouldBe(1);
        cluster.Patch(Resources.Endpoints, "by-hand", """{"subsets":[{"addresses":[{"ip":"192.168.7.9"}],"ports":[{"port":8443}]}]}""");
        cluster.Advance(2);
        Slices(cluster).ShouldHaveSingleItem().List("endpoints").ShouldHaveSingleItem().List("addresses")[0].AsText.ShouldBe("192.168.7.9");
        cluster.Delete(Resources.Services, "by-hand");
        cluster.Advance(2);
        Slices(cluster).ShouldBeEmpty();
    }

    private static List<Doc> Slices(SimulatedControlPlane cluster) =>
        [.. cluster.List(Resources.EndpointSlicesIn(cluster.Version)).Where(slice => slice.Label("kubernetes.io/service-name") == "by-hand")];

    private static string Endpoints(string labels = "{}") => $$"""
        {"kind":"Endpoints","metadata":{"name":"by-hand","labels":{{labels}}},
         "subsets":[{"addresses":[{"ip":"192.168.7.1"}],"notReadyAddresses":[{"ip":"192.168.7.3"}],"ports":[{"port":8443}]}]}
        """;
}
