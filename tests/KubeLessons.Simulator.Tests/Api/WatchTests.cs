using CsCheck;
using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using static KubeLessons.Simulator.Tests.Api.ApiFixture;

namespace KubeLessons.Simulator.Tests.Api;

public sealed class WatchTests
{
    private static readonly ApiOptions[] Selections =
    [
        new(),
        new() { LabelSelector = "app=a" },
        new() { LabelSelector = "app in (a,b),!old" },
        new() { LabelSelector = "app!=a" },
        new() { FieldSelector = "spec.nodeName=n1" },
        new() { FieldSelector = "spec.nodeName=" },
        new() { FieldSelector = "spec.nodeName!=n1" },
        new() { FieldSelector = "metadata.name=p1" },
        new() { FieldSelector = "spec.nodeName=n1,status.phase!=Failed", LabelSelector = "app" },
    ];

    private readonly ApiFixture _api = new();

    /// <summary>Trap 4 of the simulator's requirements: a list and the events since then, folded, are the list now, for every selector.</summary>
    [Fact]
    public void A_list_and_the_events_since_then_are_the_list_now() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 7]).Array[1, 40].Sample(
            operations =>
            {
                var api = new ApiFixture();
                var followers = Selections.Select(options => new Follower(api, options)).ToList();
                foreach (var (pod, label, op) in operations)
                {
                    Do(api, "p" + pod, label, op);
                    foreach (var follower in followers)
                    {
                        // Some read often and some rarely.
                        follower.MayRead(op);
                    }
                }

                foreach (var follower in followers)
                {
                    follower.Check();
                }

                return true;
            },
            iter: 150);

    [Fact]
    public void A_watch_without_a_revision_begins_with_the_state_as_it_is()
    {
        _api.Create(Pods, Pod("a"));

        var watch = Watch(new());
        _api.Create(Pods, Pod("b"));

        watch.Read().Select(each => (each.Type, each.Object.Text("metadata", "name"))).ShouldBe([("ADDED", "a"), ("ADDED", "b")]);
    }

    [Fact]
    public void Initial_events_end_with_a_bookmark_for_those_who_ask_for_it()
    {
        _api.Create(Pods, Pod("a"));

        var events = Watch(new() { SendInitialEvents = true, AllowWatchBookmarks = true, ResourceVersionMatch = "NotOlderThan" }).Read();

        events.Select(each => each.Type).ShouldBe(["ADDED", "BOOKMARK"]);
        events[1].Object.Text("metadata", "annotations", "k8s.io/initial-events-end").ShouldBe("true");
        events[1].Object.Text("kind").ShouldBe("Pod");
    }

    [Fact]
    public void A_deleted_object_carries_the_revision_of_its_deletion()
    {
        _api.Create(Pods, Pod("a"));
        var watch = Watch(new() { ResourceVersion = _api.Store.Revision.ToString() });

        _api.Delete(Pods, "a");

        var gone = watch.Read().Single();
        (gone.Type, gone.Object.Text("metadata", "resourceVersion")).ShouldBe(("DELETED", _api.Store.Revision.ToString()));
    }

    [Fact]
    public void A_watch_from_compacted_history_is_refused_and_one_under_way_ends_with_410()
    {
        _api.Create(ConfigMaps, ConfigMap("a"));
        var old = _api.Store.Revision;
        var watch = Watch(new() { ResourceVersion = old.ToString() });
        _api.Create(ConfigMaps, ConfigMap("b"));
        _api.Create(ConfigMaps, ConfigMap("c"));
        _api.Store.Compact(_api.Store.Revision);

        var refused = _api.Server.Watch(new ApiRequest(ApiVerb.Watch, Pods) { Options = new() { ResourceVersion = old.ToString() } }).Error;
        refused!.Code.ShouldBe(410);
        refused.Message.ShouldBe($"too old resource version: {old} ({_api.Store.Revision})");
        var last = watch.Read().Single();
        (last.Type, last.Object.Int("code"), last.Object.Text("reason")).ShouldBe(("ERROR", 410, "Expired"));
    }

    [Fact]
    public void A_rewind_ends_every_watch()
    {
        var revision = _api.Store.Revision;
        var watch = Watch(new() { ResourceVersion = revision.ToString() });
        _api.Create(Pods, Pod("a"));

        _api.Store.Rewind(revision);

        watch.IsExpired.ShouldBeTrue();
        watch.Read().Single().Type.ShouldBe("ERROR");
    }

    [Fact]
    public void A_slow_reader_gets_its_events_in_pieces()
    {
        var watch = Watch(new() { ResourceVersion = _api.Store.Revision.ToString() });
        for (var i = 0; i < 10; i++)
        {
            _api.Create(Pods, Pod("p" + i));
        }

        var names = new List<string?>();
        while (watch.Read(3) is { Count: > 0 } some)
        {
            some.Count.ShouldBeLessThanOrEqualTo(3);
            names.AddRange(some.Select(each => each.Object.Text("metadata", "name")));
        }

        names.ShouldBe(Enumerable.Range(0, 10).Select(i => "p" + i));
    }

    [Fact]
    public void A_server_that_stops_closes_its_watches()
    {
        var watch = Watch(new() { ResourceVersion = _api.Store.Revision.ToString() });
        var told = 0;
        watch.Available += () => told++;

        _api.Server.Close();

        (watch.IsClosed, told).ShouldBe((true, 1));
        watch.Read().ShouldBeEmpty();
    }

    private ApiWatch Watch(ApiOptions options) =>
        _api.Server.Watch(new ApiRequest(ApiVerb.Watch, Pods) { Options = options }).Watch!;

    private static void Do(ApiFixture api, string name, int label, int op)
    {
        switch (op)
        {
            case 0 or 1 or 2:
                var node = label == 0 ? null : "n" + (label % 2);
                api.Send(ApiRequest.Create(Pods, "default", Pod(name, node).With(Labels(label), "metadata", "labels")));
                break;
            case 3 or 4:
                api.Send(ApiRequest.MergePatch(Pods, "default", name, Doc.Obj(("metadata", Doc.Obj(("labels", Labels(label).With(label == 3 ? "y" : Doc.Null, "old")))))));
                break;
            case 5:
                api.Send(ApiRequest.MergePatch(Pods, "default", name, Doc.Obj(("status", Doc.Obj(("phase", label == 0 ? "Failed" : "Running")))), "status"));
                break;
            case 6:
                api.Send(new ApiRequest(ApiVerb.Create, Pods) { Namespace = "default", Name = name, Subresource = "binding", Body = Json($$$"""{"target":{"name":"n{{{label % 2}}}"}}""") });
                break;
            default:
                api.Delete(Pods, name, new ApiOptions { GracePeriodSeconds = label % 2 == 0 ? 0 : 30 });
                break;
        }
    }

    private static Doc Labels(int label) => Doc.Obj(("app", label == 0 ? "a" : label == 1 ? "b" : "c"));

    /// <summary>Lists once and then follows the events, as an informer does.</summary>
    private sealed class Follower
    {
        private readonly ApiFixture _api;
        private readonly ApiOptions _options;
        private readonly ApiWatch _watch;
        private readonly SortedDictionary<string, Doc> _known = new(StringComparer.Ordinal);

        public Follower(ApiFixture api, ApiOptions options)
        {
            (_api, _options) = (api, options);
            var list = List();
            foreach (var item in list.List("items"))
            {
                _known.Add(item.Text("metadata", "name")!, item);
            }

            _watch = api.Server.Watch(new ApiRequest(ApiVerb.Watch, Pods)
            {
                Namespace = "default",
                Options = options with { ResourceVersion = list.Text("metadata", "resourceVersion") },
            }).Watch!;
        }

        public void MayRead(int dice)
        {
            if (dice % 3 == 0)
            {
                Read();
            }
        }

        public void Check()
        {
            Read();
            _known.Values.ShouldBe(List().List("items"));
        }

        private Doc List() => _api.Send(ApiRequest.List(Pods, "default") with { Options = _options }).Body;

        private void Read()
        {
            foreach (var happened in _watch.Read())
            {
                var name = happened.Object.Text("metadata", "name")!;
                switch (happened.Type)
                {
                    case "ADDED":
                        _known.Add(name, happened.Object);
                        break;
                    case "MODIFIED":
                        _known.ContainsKey(name).ShouldBeTrue();
                        _known[name] = happened.Object;
                        break;
                    default:
                        happened.Type.ShouldBe("DELETED");
                        _known.Remove(name).ShouldBeTrue();
                        break;
                }
            }
        }
    }
}
