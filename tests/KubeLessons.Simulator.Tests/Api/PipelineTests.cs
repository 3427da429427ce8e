using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using static KubeLessons.Simulator.Tests.Api.ApiFixture;

namespace KubeLessons.Simulator.Tests.Api;

public sealed class PipelineTests
{
    private readonly ApiFixture _api = new();

    [Fact]
    public void A_created_object_gets_uid_creation_time_revision_and_namespace()
    {
        var made = _api.Create(ConfigMaps, ConfigMap("a", ("k", "v")));

        made.Text("kind").ShouldBe("ConfigMap");
        made.Text("apiVersion").ShouldBe("v1");
        made.Text("metadata", "namespace").ShouldBe("default");
        made.Text("metadata", "creationTimestamp").ShouldBe("2026-01-05T00:00:00Z");
        Guid.TryParse(made.Text("metadata", "uid"), out _).ShouldBeTrue();
        made.Text("metadata", "resourceVersion").ShouldBe(_api.Store.Revision.ToString());
    }

    [Fact]
    public void A_generated_name_is_the_prefix_and_five_letters()
    {
        var body = Json("""{"metadata":{"generateName":"web-"},"data":{}}""");

        var names = Enumerable.Range(0, 20).Select(_ => _api.Create(ConfigMaps, body).Text("metadata", "name")!).ToList();

        names.ShouldAllBe(name => name.StartsWith("web-") && name.Length == 9);
        names.Distinct().Count().ShouldBe(20);
    }

    [Fact]
    public void Nothing_is_created_in_a_namespace_that_is_not_there()
    {
        var response = _api.Send(ApiRequest.Create(Pods, "nope", Pod("x")));

        response.Code.ShouldBe(404);
        response.Message.ShouldBe("namespaces \"nope\" not found");
    }

    [Fact]
    public void Nothing_is_created_in_a_namespace_that_is_going_away()
    {
        _api.Create(Namespaces, Json("""{"metadata":{"name":"old"}}"""));
        _api.Delete(Namespaces, "old").Body.Text("status", "phase").ShouldBe("Terminating");

        var response = _api.Send(ApiRequest.Create(ConfigMaps, "old", ConfigMap("x")));

        response.Code.ShouldBe(403);
        response.Message.ShouldBe(
            "configmaps \"x\" is forbidden: unable to create new content in namespace old because it is being terminated");
    }

    [Fact]
    public void A_second_object_of_the_same_name_is_refused()
    {
        _api.Create(ConfigMaps, ConfigMap("a"));

        var response = _api.Send(ApiRequest.Create(ConfigMaps, "default", ConfigMap("a")));

        (response.Code, response.Reason).ShouldBe((409, "AlreadyExists"));
        response.Message.ShouldBe("configmaps \"a\" already exists");
    }

    [Fact]
    public void An_update_of_an_old_state_is_a_conflict()
    {
        var made = _api.Create(Deployments, Json("""{"metadata":{"name":"d"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}"""));
        _api.Send(ApiRequest.Update(Deployments, made.With(2, "spec", "replicas"))).Code.ShouldBe(200);

        var response = _api.Send(ApiRequest.Update(Deployments, made.With(3, "spec", "replicas")));

        (response.Code, response.Reason).ShouldBe((409, "Conflict"));
        response.Message.ShouldBe(
            "Operation cannot be fulfilled on deployments.apps \"d\": the object has been modified; please apply your changes to the latest version and try again");
    }

    [Fact]
    public void Generation_counts_changes_of_the_spec_only()
    {
        var made = _api.Create(Deployments, Json("""{"metadata":{"name":"d"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}"""));
        made.Int("metadata", "generation").ShouldBe(1);

        var scaled = _api.Send(ApiRequest.MergePatch(Deployments, "default", "d", Json("""{"spec":{"replicas":4}}"""))).Body;
        scaled.Int("metadata", "generation").ShouldBe(2);

        var labelled = _api.Send(ApiRequest.MergePatch(Deployments, "default", "d", Json("""{"metadata":{"labels":{"x":"y"}}}"""))).Body;
        labelled.Int("metadata", "generation").ShouldBe(2);
    }

    [Fact]
    public void The_status_subresource_changes_the_status_and_an_update_does_not()
    {
        var made = _api.Create(Pods, Pod("p"));

        var viaStatus = _api.Send(ApiRequest.Update(
            Pods, made.With("Running", "status", "phase").With("other", "spec", "schedulerName"), "status")).Body;
        viaStatus.Text("status", "phase").ShouldBe("Running");
        viaStatus.Text("spec", "schedulerName").ShouldNotBe("other");

        var viaObject = _api.Send(ApiRequest.Update(
            Pods, viaStatus.With("Failed", "status", "phase").With("v", "metadata", "labels", "l"))).Body;
        viaObject.Text("status", "phase").ShouldBe("Running");
        viaObject.Text("metadata", "labels", "l").ShouldBe("v");
    }

    [Fact]
    public void An_update_that_changes_nothing_commits_nothing()
    {
        var made = _api.Create(ConfigMaps, ConfigMap("a", ("k", "v")));
        var revision = _api.Store.Revision;

        var same = _api.Send(ApiRequest.Update(ConfigMaps, made)).Body;

        _api.Store.Revision.ShouldBe(revision);
        same.ShouldBe(made);
    }

    [Fact]
    public void A_dry_run_answers_and_commits_nothing()
    {
        var revision = _api.Store.Revision;
        var response = _api.Send(ApiRequest.Create(ConfigMaps, "default", ConfigMap("a")) with { Options = new() { DryRun = true } });

        response.Code.ShouldBe(201);
        _api.Store.Revision.ShouldBe(revision);
        _api.Get(ConfigMaps, "a").Code.ShouldBe(404);
    }

    [Fact]
    public void A_bad_name_is_refused_in_kubernetes_words()
    {
        var response = _api.Send(ApiRequest.Create(ConfigMaps, "default", ConfigMap("A_b")));

        response.Code.ShouldBe(422);
        response.Message.ShouldBe(
            "ConfigMap \"A_b\" is invalid: metadata.name: Invalid value: \"A_b\": a lowercase RFC 1123 subdomain must consist of lower case "
            + "alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
            + "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
        response.Body.List("details", "causes")[0].Text("reason").ShouldBe("FieldValueInvalid");
    }

    [Fact]
    public void An_unknown_path_is_not_found_and_a_missing_verb_not_allowed()
    {
        _api.Send(ApiRequest.List(new ResourcePath("apps", "v1", "podds"))).Message.ShouldBe("the server could not find the requested resource");
        _api.Send(ApiRequest.Get(Pods, "default", "x") with { Subresource = "scale" }).Code.ShouldBe(404);
        _api.Send(new ApiRequest(ApiVerb.DeleteCollection, Namespaces)).Code.ShouldBe(405);
    }

    [Fact]
    public void Scale_reads_and_writes_the_replicas()
    {
        _api.Create(Deployments, Json("""{"metadata":{"name":"d"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}"""));

        var scale = _api.Send(ApiRequest.MergePatch(Deployments, "default", "d", Json("""{"spec":{"replicas":3}}"""), "scale")).Body;

        scale.Text("kind").ShouldBe("Scale");
        scale.Text("status", "selector").ShouldBe("a=b");
        _api.Get(Deployments, "d").Body.Int("spec", "replicas").ShouldBe(3);
    }

    [Fact]
    public void A_binding_puts_a_pod_on_a_node_once()
    {
        _api.Create(Pods, Pod("p"));
        var binding = new ApiRequest(ApiVerb.Create, Pods)
        {
            Namespace = "default",
            Name = "p",
            Subresource = "binding",
            Body = Json("""{"target":{"kind":"Node","name":"w1-k8s"}}"""),
        };

        _api.Send(binding).Code.ShouldBe(201);
        _api.Get(Pods, "p").Body.Text("spec", "nodeName").ShouldBe("w1-k8s");
        _api.Send(binding).Message.ShouldBe("Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node \"w1-k8s\"");
    }
}
