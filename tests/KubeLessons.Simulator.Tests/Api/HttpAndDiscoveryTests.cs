using System.Text;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;

namespace KubeLessons.Simulator.Tests.Api;

public sealed class HttpAndDiscoveryTests
{
    private readonly ApiFixture _api = new();

    [Fact]
    public void A_path_becomes_a_request()
    {
        var request = Read("GET", "/apis/apps/v1/namespaces/default/deployments/web/scale");

        request.Resource.ShouldBe(new ResourcePath("apps", "v1", "deployments"));
        (request.Verb, request.Namespace, request.Name, request.Subresource).ShouldBe((ApiVerb.Get, "default", "web", "scale"));
    }

    [Theory]
    [InlineData("GET", "/api/v1/namespaces", "", ApiVerb.List, "", "")]
    [InlineData("GET", "/api/v1/namespaces/kube-system", "", ApiVerb.Get, "", "kube-system")]
    [InlineData("PUT", "/api/v1/namespaces/old/finalize", "", ApiVerb.Update, "", "old")]
    [InlineData("GET", "/api/v1/pods", "watch=true&resourceVersion=7", ApiVerb.Watch, "", "")]
    [InlineData("DELETE", "/api/v1/namespaces/default/pods", "labelSelector=a%3Db", ApiVerb.DeleteCollection, "default", "")]
    [InlineData("DELETE", "/api/v1/namespaces/default/pods/p", "gracePeriodSeconds=0", ApiVerb.Delete, "default", "p")]
    public void Verbs_depend_on_method_path_and_query(string method, string path, string query, ApiVerb verb, string ns, string name)
    {
        var request = Read(method, path, query);

        (request.Verb, request.Namespace, request.Name).ShouldBe((verb, ns, name));
    }

    [Fact]
    public void Queries_and_delete_options_become_options()
    {
        var request = Read("DELETE", "/api/v1/namespaces/default/pods/p", "dryRun=All", """{"propagationPolicy":"Foreground","preconditions":{"uid":"u"}}""");

        request.Options.ShouldBe(ApiOptions.None with { DryRun = true, PropagationPolicy = "Foreground", PreconditionUid = "u" });
        Read("GET", "/api/v1/pods", "labelSelector=app+in+(a%2Cb)&limit=5").Options.ShouldBe(ApiOptions.None with { LabelSelector = "app in (a,b)", Limit = 5 });
    }

    [Fact]
    public void Bodies_are_read_by_their_media_type()
    {
        var yaml = ApiRequest.FromHttp(new HttpApiRequest("POST", "/api/v1/namespaces/default/configmaps")
        {
            ContentType = "application/yaml",
            Body = Encoding.UTF8.GetBytes("metadata:\n  name: a\n"),
        });
        yaml.Request!.Body!.Text("metadata", "name").ShouldBe("a");

        var proto = ApiRequest.FromHttp(new HttpApiRequest("POST", "/api/v1/namespaces/default/configmaps")
        {
            ContentType = "text/plain",
            Body = "x"u8.ToArray(),
        });
        proto.Fault!.Code.ShouldBe(415);

        ApiRequest.FromHttp(new HttpApiRequest("POST", "/api/v1/namespaces/default/configmaps") { Body = "{\"a\":\"\\ud800\"}"u8.ToArray() })
            .Fault!.Code.ShouldBe(400);
    }

    [Fact]
    public void Discovery_lists_every_kind_once()
    {
        var core = Answer("/api/v1");
        core.Text("kind").ShouldBe("APIResourceList");
        var pods = core.List("resources").Single(row => row.Text("name") == "pods");
        pods.List("verbs").Select(verb => verb.AsText).ShouldBe(["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]);
        var eviction = core.List("resources").Single(row => row.Text("name") == "pods/eviction");
        (eviction.Text("group"), eviction.Text("version"), eviction.Text("kind")).ShouldBe(("policy", "v1", "Eviction"));

        var groups = Answer("/apis").List("groups").Select(group => group.Text("name")!).ToList();
        groups.ShouldContain("apps");
        groups.Distinct().Count().ShouldBe(groups.Count);
    }

    [Fact]
    public void Aggregated_discovery_tells_all_in_one_answer()
    {
        var answer = _api.Send(new ApiRequest(ApiVerb.Get, default) { NonResourcePath = "/apis", Accept = ApiMediaTypes.AggregatedDiscovery });

        answer.ContentType.ShouldBe("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
        var apps = answer.Body.List("items").Single(item => item.Text("metadata", "name") == "apps");
        apps.List("versions")[0].List("resources").Select(row => row.Text("resource"))
            .ShouldBe(["controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"]);
    }

    [Fact]
    public void A_version_serves_what_it_had()
    {
        var old = new ApiFixture(minor: 20);
        old.Server.Kinds.Find("batch/v1", "CronJob").ShouldBeNull();
        old.Server.Kinds.Find("batch/v1beta1", "CronJob").ShouldNotBeNull();
        _api.Server.Kinds.Find("batch/v1beta1", "CronJob").ShouldBeNull();
    }

    [Fact]
    public void Version_and_health_answer()
    {
        Answer("/version").Text("gitVersion").ShouldBe("v1.33.1");
        Answer("/healthz").AsText.ShouldBe("ok");
        Answer("/readyz?verbose").AsText!.ShouldEndWith("readyz check passed\n");
        _api.Send(new ApiRequest(ApiVerb.Get, default) { NonResourcePath = "/nope" }).Code.ShouldBe(404);
    }

    private Doc Answer(string path) => _api.Send(new ApiRequest(ApiVerb.Get, default) { NonResourcePath = path }).Body;

    private static ApiRequest Read(string method, string path, string query = "", string body = "") =>
        ApiRequest.FromHttp(new HttpApiRequest(method, path, query) { Body = Encoding.UTF8.GetBytes(body) }).Request!;
}
