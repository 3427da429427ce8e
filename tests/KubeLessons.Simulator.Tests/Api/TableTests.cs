using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Tables;
using KubeLessons.Simulator.Documents;
using static KubeLessons.Simulator.Tests.Api.ApiFixture;

namespace KubeLessons.Simulator.Tests.Api;

public sealed class TableTests
{
    private readonly ApiFixture _api = new();

    [Theory]
    [InlineData(-5, "<invalid>")]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(215, "3m35s")]
    [InlineData(599, "9m59s")]
    [InlineData(600, "10m")]
    [InlineData(10799, "179m")]
    [InlineData(10800, "3h")]
    [InlineData(11400, "3h10m")]
    [InlineData(28800, "8h")]
    [InlineData(172799, "47h")]
    [InlineData(172800, "2d")]
    [InlineData(180000, "2d2h")]
    [InlineData(691200, "8d")]
    [InlineData(63072000, "2y")]
    [InlineData(66000000, "2y33d")]
    public void Ages_are_exact_while_short_and_coarse_while_long(long seconds, string text) =>
        HumanDuration.Of(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Theory]
    [InlineData("""{"phase":"Pending"}""", "0/1 Pending 0")]
    [InlineData("""{"phase":"Pending","containerStatuses":[{"name":"c","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ContainerCreating"}}}]}""", "0/1 ContainerCreating 0")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"c","ready":true,"restartCount":0,"state":{"running":{}}}]}""", "1/1 Running 0")]
    [InlineData(
        """{"phase":"Running","containerStatuses":[{"name":"c","ready":false,"restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-01-04T23:59:55Z"}}}]}""",
        "0/1 CrashLoopBackOff 3 (5s ago)")]
    [InlineData("""{"phase":"Succeeded","containerStatuses":[{"name":"c","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":0,"reason":"Completed"}}}]}""", "0/1 Completed 0")]
    [InlineData("""{"phase":"Failed","containerStatuses":[{"name":"c","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":137}}}]}""", "0/1 ExitCode:137 0")]
    [InlineData("""{"phase":"Failed","reason":"Evicted"}""", "0/1 Evicted 0")]
    public void The_status_of_a_pod_is_what_its_containers_come_to(string status, string row)
    {
        var pod = _api.Create(Pods, Pod("p", "w1-k8s"));
        _api.Send(ApiRequest.Update(Pods, pod.With(Json(status), "status"), "status")).IsSuccess.ShouldBeTrue();

        Row("p").ShouldBe(row);
    }

    [Fact]
    public void An_init_container_that_is_not_done_shows_how_far_the_pod_is()
    {
        var pod = _api.Create(Pods, Pod("p", "w1-k8s").With(
            Json("""[{"name":"a","image":"i"},{"name":"b","image":"i"}]"""), "spec", "initContainers"));
        _api.Send(ApiRequest.Update(Pods, pod.With(Json("""
            {"phase":"Pending","initContainerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0}}},{"name":"b","state":{"running":{}}}]}
            """), "status"), "status"));

        Row("p").ShouldBe("0/1 Init:1/2 0");
    }

    [Fact]
    public void A_pod_that_is_being_deleted_is_terminating()
    {
        _api.Create(Pods, Pod("p", "w1-k8s"));
        _api.Delete(Pods, "p");

        Row("p").ShouldBe("0/1 Terminating 0");
    }

    [Fact]
    public void A_node_shows_readiness_roles_and_version()
    {
        _api.Create(Nodes, Json("""
            {"metadata":{"name":"m-k8s","labels":{"node-role.kubernetes.io/control-plane":""}},"spec":{"unschedulable":true},
             "status":{"conditions":[{"type":"Ready","status":"Unknown"}],"nodeInfo":{"kubeletVersion":"v1.33.1"},"addresses":[{"type":"InternalIP","address":"192.168.1.10"}]}}
            """));
        _api.World.Advance(TimeSpan.FromSeconds(65));

        Table(Nodes).Cells[0].ShouldBe(["m-k8s", "NotReady,SchedulingDisabled", "control-plane", "65s", "v1.33.1", "192.168.1.10", "<none>", "<unknown>", "<unknown>", "<unknown>"]);
    }

    [Fact]
    public void A_service_shows_its_ports()
    {
        _api.Create(Services, Json("""{"metadata":{"name":"s"},"spec":{"clusterIP":"10.96.0.7","type":"NodePort","selector":{"a":"b"},"ports":[{"port":80,"nodePort":30080}]}}"""));

        var (columns, cells) = Table(Services);
        columns.ShouldBe(["Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector"]);
        cells[0].ShouldBe(["s", "NodePort", "10.96.0.7", "<none>", "80:30080/TCP", "0s", "a=b"]);
    }

    [Fact]
    public void Columns_depend_on_the_version()
    {
        var jobs = new ResourcePath("batch", "v1", "jobs");
        Columns(new ApiFixture(minor: 30), jobs).ShouldBe(["Name", "Completions", "Duration", "Age", "Containers", "Images", "Selector"]);
        Columns(new ApiFixture(minor: 31), jobs).ShouldBe(["Name", "Status", "Completions", "Duration", "Age", "Containers", "Images", "Selector"]);

        static IEnumerable<string?> Columns(ApiFixture api, ResourcePath resource) =>
            api.Send(ApiRequest.List(resource, "default") with { Options = new() { AsTable = true } })
                .Body.List("columnDefinitions").Select(column => column.Text("name"));
    }

    [Fact]
    public void A_kind_without_columns_of_its_own_shows_when_it_was_created()
    {
        var roles = new ResourcePath("rbac.authorization.k8s.io", "v1", "roles");
        _api.Create(roles, Json("""{"metadata":{"name":"r"},"rules":[]}"""));

        var (columns, cells) = Table(roles);
        columns.ShouldBe(["Name", "Created At"]);
        cells[0].ShouldBe(["r", "2026-01-05T00:00:00Z"]);
    }

    [Fact]
    public void A_watch_of_tables_gives_one_row_for_each_event()
    {
        var (watch, _) = _api.Client.Watch(new ApiRequest(ApiVerb.Watch, Pods)
        {
            Namespace = "default",
            Options = new() { AsTable = true, ResourceVersion = _api.Store.Revision.ToString() },
        });
        _api.Create(Pods, Pod("p"));

        var row = watch!.Read().Single().Object;
        row.Text("kind").ShouldBe("Table");
        row.List("rows").Single().List("cells")[0].AsText.ShouldBe("p");
        row.List("rows").Single().Text("object", "kind").ShouldBe("PartialObjectMetadata");
    }

    private string Row(string name)
    {
        var cells = _api.Send(ApiRequest.Get(Pods, "default", name) with { Options = new() { AsTable = true } }).Body.List("rows")[0].List("cells");
        return $"{cells[1].AsText} {cells[2].AsText} {cells[3].AsText}";
    }

    private (string?[] Columns, List<string[]> Cells) Table(ResourcePath resource)
    {
        var ns = _api.Server.Kinds.Find(resource)!.IsNamespaced ? "default" : "";
        var table = _api.Send(ApiRequest.List(resource, ns) with { Options = new() { AsTable = true } }).Body;
        return (
            [.. table.List("columnDefinitions").Select(column => column.Text("name"))],
            [.. table.List("rows").Select(row => row.List("cells").Select(cell => cell.AsText ?? cell.ToString()).ToArray())]);
    }
}
