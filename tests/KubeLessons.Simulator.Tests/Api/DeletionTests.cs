using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using static KubeLessons.Simulator.Tests.Api.ApiFixture;

namespace KubeLessons.Simulator.Tests.Api;

public sealed class DeletionTests
{
    private readonly ApiFixture _api = new();

    [Fact]
    public void A_pod_on_a_node_gets_its_grace_period()
    {
        _api.Create(Pods, Pod("p", node: "w1-k8s").With(30, "spec", "terminationGracePeriodSeconds"));

        var answer = _api.Delete(Pods, "p").Body;

        answer.Text("metadata", "deletionTimestamp").ShouldBe("2026-01-05T00:00:30Z");
        answer.Int("metadata", "deletionGracePeriodSeconds").ShouldBe(30);
        _api.Get(Pods, "p").Code.ShouldBe(200);
    }

    [Fact]
    public void A_pod_that_was_never_scheduled_goes_at_once()
    {
        _api.Create(Pods, Pod("p"));

        _api.Delete(Pods, "p").Body.Text("kind").ShouldBe("Pod");

        _api.Get(Pods, "p").Code.ShouldBe(404);
    }

    [Fact]
    public void Grace_zero_removes_a_pod_that_is_already_terminating()
    {
        _api.Create(Pods, Pod("p", node: "w1-k8s"));
        _api.Delete(Pods, "p");

        _api.Delete(Pods, "p", new ApiOptions { GracePeriodSeconds = 0 });

        _api.Get(Pods, "p").Code.ShouldBe(404);
    }

    [Fact]
    public void A_second_deletion_can_only_shorten_the_grace()
    {
        _api.Create(Pods, Pod("p", node: "w1-k8s"));
        _api.Delete(Pods, "p");

        _api.Delete(Pods, "p", new ApiOptions { GracePeriodSeconds = 60 }).Body.Int("metadata", "deletionGracePeriodSeconds").ShouldBe(30);
        var shorter = _api.Delete(Pods, "p", new ApiOptions { GracePeriodSeconds = 5 }).Body;

        shorter.Int("metadata", "deletionGracePeriodSeconds").ShouldBe(5);
        shorter.Text("metadata", "deletionTimestamp").ShouldBe("2026-01-05T00:00:05Z");
    }

    [Fact]
    public void A_finalizer_holds_an_object_until_it_is_taken_out()
    {
        _api.Create(ConfigMaps, Json("""{"metadata":{"name":"a","finalizers":["example.com/hold"]}}"""));
        var held = _api.Delete(ConfigMaps, "a").Body;
        held.Text("metadata", "deletionTimestamp").ShouldNotBeNull();
        _api.Get(ConfigMaps, "a").Code.ShouldBe(200);

        _api.Send(ApiRequest.MergePatch(ConfigMaps, "default", "a", Json("""{"metadata":{"finalizers":null}}"""))).Code.ShouldBe(200);

        _api.Get(ConfigMaps, "a").Code.ShouldBe(404);
    }

    [Fact]
    public void Foreground_and_orphan_deletions_leave_their_finalizers()
    {
        _api.Create(ConfigMaps, ConfigMap("a"));
        _api.Create(ConfigMaps, ConfigMap("b"));

        _api.Delete(ConfigMaps, "a", new ApiOptions { PropagationPolicy = "Foreground" })
            .Body.List("metadata", "finalizers").Single().AsText.ShouldBe("foregroundDeletion");
        _api.Delete(ConfigMaps, "b", new ApiOptions { PropagationPolicy = "Orphan" })
            .Body.List("metadata", "finalizers").Single().AsText.ShouldBe("orphan");
    }

    [Fact]
    public void A_deletion_of_a_config_map_answers_with_a_status()
    {
        var uid = _api.Create(ConfigMaps, ConfigMap("a")).Text("metadata", "uid");

        var answer = _api.Delete(ConfigMaps, "a").Body;

        answer.Text("status").ShouldBe("Success");
        answer.Text("details", "uid").ShouldBe(uid);
        answer.Text("details", "kind").ShouldBe("configmaps");
    }

    [Fact]
    public void A_deletion_checks_its_preconditions()
    {
        _api.Create(ConfigMaps, ConfigMap("a"));

        _api.Delete(ConfigMaps, "a", new ApiOptions { PreconditionUid = "other" }).Code.ShouldBe(409);
        _api.Get(ConfigMaps, "a").Code.ShouldBe(200);
    }

    [Fact]
    public void A_collection_is_deleted_by_selector()
    {
        _api.Create(ConfigMaps, Json("""{"metadata":{"name":"a","labels":{"x":"1"}}}"""));
        _api.Create(ConfigMaps, Json("""{"metadata":{"name":"b","labels":{"x":"2"}}}"""));

        _api.Send(new ApiRequest(ApiVerb.DeleteCollection, ConfigMaps) { Namespace = "default", Options = new() { LabelSelector = "x=1" } })
            .Code.ShouldBe(200);

        _api.Names(ConfigMaps).ShouldBe(["b"]);
    }

    [Fact]
    public void A_namespace_goes_when_its_finalizer_is_taken_out()
    {
        _api.Create(Namespaces, Json("""{"metadata":{"name":"n"}}"""));
        var going = _api.Delete(Namespaces, "n").Body;
        going.Text("metadata", "deletionTimestamp").ShouldNotBeNull();

        _api.Send(ApiRequest.Update(Namespaces, going.With(Doc.EmptyArray, "spec", "finalizers"), "finalize")).Code.ShouldBe(200);

        _api.Get(Namespaces, "n").Code.ShouldBe(404);
    }

    [Fact]
    public void The_default_namespace_may_not_be_deleted() =>
        _api.Delete(Namespaces, "default").Message.ShouldBe("namespaces \"default\" is forbidden: this namespace may not be deleted");

    [Fact]
    public void An_eviction_takes_from_its_budget_and_is_refused_when_that_is_spent()
    {
        var budgets = new ResourcePath("policy", "v1", "poddisruptionbudgets");
        foreach (var name in (string[])["p1", "p2"])
        {
            var pod = _api.Create(Pods, Pod(name, node: "w1-k8s").With("web", "metadata", "labels", "app"));
            _api.Send(ApiRequest.Update(Pods, pod.With("Running", "status", "phase"), "status"));
        }

        var budget = _api.Create(budgets, Json("""{"metadata":{"name":"b"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"web"}}}}"""));
        _api.Send(ApiRequest.Update(budgets, budget.With(
            Json("""{"observedGeneration":1,"disruptionsAllowed":1,"desiredHealthy":1,"currentHealthy":2}"""), "status"), "status"));

        Evict("p1").Code.ShouldBe(201);
        var refused = Evict("p2");

        refused.Code.ShouldBe(429);
        refused.Message.ShouldBe("Cannot evict pod as it would violate the pod's disruption budget.");
        refused.Body.List("details", "causes")[0].Text("message").ShouldBe("The disruption budget b needs 1 healthy pods and has 2 currently");

        ApiResponse Evict(string name) => _api.Send(new ApiRequest(ApiVerb.Create, Pods)
        {
            Namespace = "default",
            Name = name,
            Subresource = "eviction",
            Body = Doc.Obj(("kind", "Eviction"), ("metadata", Doc.Obj(("name", name)))),
        });
    }
}
