using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Patches;
using KubeLessons.Simulator.Api.Schema;
using KubeLessons.Simulator.Documents;
using static KubeLessons.Simulator.Tests.Api.ApiFixture;

namespace KubeLessons.Simulator.Tests.Api;

public sealed class PatchTests
{
    private static readonly SchemaType PodType = new SchemaTable().Find("", "v1", "Pod")!;

    [Theory]
    [InlineData("""{"a":1,"b":{"c":2}}""", """{"b":{"c":null,"d":3}}""", """{"a":1,"b":{"d":3}}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[3]}""", """{"a":[3]}""")]
    [InlineData("""{"a":"x"}""", """{"a":{"b":null,"c":1}}""", """{"a":{"c":1}}""")]
    [InlineData("""{}""", """{"a":{"b":null}}""", """{"a":{}}""")]
    public void Merge_patches_follow_rfc_7386(string target, string patch, string result) =>
        MergePatch.Apply(Json(target), Json(patch)).ShouldBe(Json(result));

    [Theory]
    [InlineData("""{"a":[1,3]}""", """[{"op":"add","path":"/a/1","value":2}]""", """{"a":[1,2,3]}""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/-","value":2}]""", """{"a":[1,2]}""")]
    [InlineData("""{"a":{"b/c":1}}""", """[{"op":"replace","path":"/a/b~1c","value":2}]""", """{"a":{"b/c":2}}""")]
    [InlineData("""{"a":1,"b":2}""", """[{"op":"remove","path":"/a"},{"op":"test","path":"/b","value":2}]""", """{"b":2}""")]
    [InlineData("""{"a":1}""", """[{"op":"move","from":"/a","path":"/b"},{"op":"copy","from":"/b","path":"/c"}]""", """{"b":1,"c":1}""")]
    public void Json_patches_follow_rfc_6902(string target, string patch, string result) =>
        JsonPatch.Apply(Json(target), Json(patch), out _).ShouldBe(Json(result));

    [Theory]
    [InlineData("""[{"op":"replace","path":"/x","value":1}]""")]
    [InlineData("""[{"op":"remove","path":"/a/7"}]""")]
    [InlineData("""[{"op":"test","path":"/a","value":9}]""")]
    [InlineData("""[{"op":"nonsense","path":"/a"}]""")]
    [InlineData("""{"op":"remove"}""")]
    public void A_json_patch_that_does_not_apply_is_a_fault(string patch)
    {
        JsonPatch.Apply(Json("""{"a":[1]}"""), Json(patch), out var fault).ShouldBeNull();
        fault.ShouldNotBeNull();
    }

    [Fact]
    public void Strategic_patches_merge_lists_by_their_keys()
    {
        var pod = Json("""{"spec":{"containers":[{"name":"a","image":"1","env":[{"name":"X","value":"1"}]},{"name":"b","image":"1"}]}}""");

        Strategic(pod, """{"spec":{"containers":[{"name":"a","image":"2","env":[{"name":"Y","value":"2"}]},{"name":"c","image":"3"}]}}""").ShouldBe(Json("""
            {"spec":{"containers":[{"name":"a","image":"2","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]},{"name":"b","image":"1"},{"name":"c","image":"3"}]}}
            """));
    }

    [Fact]
    public void Strategic_patches_delete_and_replace_by_directive()
    {
        var pod = Json("""{"spec":{"containers":[{"name":"a"},{"name":"b"}],"nodeSelector":{"x":"1"}}}""");

        Strategic(pod, """{"spec":{"containers":[{"name":"a","$patch":"delete"}]}}""").ShouldBe(Json("""{"spec":{"containers":[{"name":"b"}],"nodeSelector":{"x":"1"}}}"""));
        Strategic(pod, """{"spec":{"containers":[{"name":"z"},{"$patch":"replace"}]}}""").List("spec", "containers").ShouldBe([Json("""{"name":"z"}""")]);
        Strategic(pod, """{"spec":{"nodeSelector":{"$patch":"replace","y":"2"}}}""").At("spec", "nodeSelector").ShouldBe(Json("""{"y":"2"}"""));
    }

    [Fact]
    public void Strategic_patches_put_elements_in_the_order_that_they_name()
    {
        var pod = Json("""{"spec":{"containers":[{"name":"a"},{"name":"server"},{"name":"b"}]}}""");

        Strategic(pod, """{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"a","image":"2"}]}}""")
            .List("spec", "containers").Select(container => container.Text("name")).ShouldBe(["server", "b", "a"]);
    }

    [Fact]
    public void Strategic_patches_know_primitive_lists_and_retained_keys()
    {
        var pod = Json("""{"metadata":{"finalizers":["a/1","b/2"]},"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}""");

        Strategic(pod, """{"metadata":{"finalizers":["c/3"],"$deleteFromPrimitiveList/finalizers":["a/1"]}}""")
            .At("metadata", "finalizers").ShouldBe(Json("""["b/2","c/3"]"""));
        Strategic(pod, """{"spec":{"volumes":[{"name":"v","$retainKeys":["name","hostPath"],"hostPath":{"path":"/x"}}]}}""")
            .List("spec", "volumes")[0].ShouldBe(Json("""{"name":"v","hostPath":{"path":"/x"}}"""));
    }

    [Fact]
    public void Ports_of_a_service_are_told_apart_by_their_number_alone()
    {
        // Two ports 53, UDP and TCP, collide as in a real cluster.
        var type = new SchemaTable().Find("", "v1", "Service");
        StrategicMergePatch.Apply(
            Json("""{"spec":{"ports":[{"port":53,"protocol":"UDP"}]}}"""), Json("""{"spec":{"ports":[{"port":53,"protocol":"TCP"}]}}"""), type)
            .ShouldBe(Json("""{"spec":{"ports":[{"port":53,"protocol":"TCP"}]}}"""));
    }

    [Fact]
    public void A_patch_that_names_an_old_revision_is_a_conflict()
    {
        var api = new ApiFixture();
        api.Create(ConfigMaps, ConfigMap("a"));

        api.Send(ApiRequest.MergePatch(ConfigMaps, "default", "a", Json("""{"metadata":{"resourceVersion":"1"},"data":{"k":"v"}}"""))).Code.ShouldBe(409);
        api.Send(ApiRequest.MergePatch(ConfigMaps, "default", "nope", Json("{}"))).Code.ShouldBe(404);
        api.Send(ApiRequest.MergePatch(ConfigMaps, "default", "a", Json("{}")) with { Patch = PatchKind.None }).Code.ShouldBe(415);
    }

    private static Doc Strategic(Doc target, string patch) => StrategicMergePatch.Apply(target, Json(patch), PodType);
}
