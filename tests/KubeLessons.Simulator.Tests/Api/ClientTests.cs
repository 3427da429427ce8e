using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Documents;
using static KubeLessons.Simulator.Tests.Api.ApiFixture;

namespace KubeLessons.Simulator.Tests.Api;

public sealed class ClientTests
{
    private readonly ApiFixture _api = new();
    private readonly List<string> _seen = [];

    [Fact]
    public void An_informer_lists_and_then_follows()
    {
        _api.Create(ConfigMaps, ConfigMap("a"));
        var informer = Inform(ConfigMaps);
        Pass(1);

        _api.Create(ConfigMaps, ConfigMap("b"));
        _api.Send(ApiRequest.MergePatch(ConfigMaps, "default", "a", Json("""{"data":{"k":"v"}}""")));
        _api.Delete(ConfigMaps, "b");
        Pass(1);

        _seen.ShouldBe(["+a", "+b", "~a", "-b"]);
        informer.Get("default", "a")!.Text("data", "k").ShouldBe("v");
        informer.HasSynced.ShouldBeTrue();
    }

    [Fact]
    public void An_informer_lists_again_when_the_server_is_back_and_reports_the_difference()
    {
        _api.Create(ConfigMaps, ConfigMap("a"));
        _api.Create(ConfigMaps, ConfigMap("b"));
        Inform(ConfigMaps);
        Pass(1);
        _api.IsReachable = false;
        _api.Delete(ConfigMaps, "a");
        _api.Create(ConfigMaps, ConfigMap("c"));
        Pass(20);
        _seen.ShouldBe(["+a", "+b"]);

        _api.IsReachable = true;
        Pass(35);

        _seen.ShouldBe(["+a", "+b", "+c", "-a"]);
    }

    [Fact]
    public void An_informer_whose_server_was_stopped_comes_back_by_itself()
    {
        Inform(ConfigMaps);
        Pass(1);

        _api.Server.Close();
        _api.Create(ConfigMaps, ConfigMap("a"));
        Pass(5);
        _api.Create(ConfigMaps, ConfigMap("b"));
        Pass(5);

        _seen.ShouldBe(["+a", "+b"]);
    }

    [Fact]
    public void An_informer_survives_a_rewind()
    {
        _api.Create(ConfigMaps, ConfigMap("a"));
        var revision = _api.Store.Revision;
        Inform(ConfigMaps);
        Pass(1);
        _api.Create(ConfigMaps, ConfigMap("b"));
        Pass(1);

        _api.Store.Rewind(revision);
        Pass(1);
        _api.Create(ConfigMaps, ConfigMap("c"));
        Pass(1);

        _seen.ShouldBe(["+a", "+b", "-b", "+c"]);
    }

    [Fact]
    public void An_idle_informer_costs_no_turn()
    {
        Inform(ConfigMaps);
        Pass(1);
        var turns = _api.World.TurnsRun;

        Pass(3600);

        _api.World.TurnsRun.ShouldBe(turns);
    }

    [Fact]
    public void A_work_queue_looks_at_each_key_once_and_again_when_asked()
    {
        var process = _api.NewProcess();
        var looks = new List<string>();
        var queue = new WorkQueue<string>(process, key =>
        {
            looks.Add($"{key}@{_api.World.Now.TotalMilliseconds}");
            return key == "later" && looks.Count < 4 ? TimeSpan.FromSeconds(1) : null;
        });
        queue.Add("a");
        queue.Add("a");
        queue.Add("later");

        Pass(5);

        looks.ShouldBe(["a@1", "later@2", "later@1003", "later@2004"]);
    }

    [Fact]
    public void The_same_event_is_counted_and_not_written_twice()
    {
        var pod = _api.Create(Pods, Pod("p"));
        var recorder = new EventRecorder(_api.NewProcess(), _api.Client, "kubelet", "w1-k8s");

        recorder.Normal(pod, "Pulled", "Container image present");
        Pass(60);
        recorder.Normal(pod, "Pulled", "Container image present");
        recorder.Warning(pod, "BackOff", "Back-off restarting failed container");

        var events = List(Events);
        events.Length.ShouldBe(2);
        var pulled = events.Single(each => each.Text("reason") == "Pulled");
        pulled.Int("count").ShouldBe(2);
        pulled.Text("firstTimestamp").ShouldBe("2026-01-05T00:00:00Z");
        pulled.Text("lastTimestamp").ShouldBe("2026-01-05T00:01:00Z");
        pulled.Text("source", "host").ShouldBe("w1-k8s");
        pulled.Text("metadata", "name")!.ShouldMatch("^p\\.[0-9a-f]{16}$");
        pulled.At("involvedObject", "uid").ShouldBe(pod.At("metadata", "uid"));
    }

    [Fact]
    public void Many_similar_events_are_combined()
    {
        var pod = _api.Create(Pods, Pod("p"));
        var recorder = new EventRecorder(_api.NewProcess(), _api.Client, "kubelet");
        for (var i = 0; i < 15; i++)
        {
            recorder.Warning(pod, "Failed", $"attempt {i}");
        }

        var events = List(Events);
        events.Length.ShouldBe(EventRecorder.MaxSimilar);
        var combined = events.Single(each => each.Text("message")!.StartsWith("(combined from similar events): "));
        combined.Text("message").ShouldBe("(combined from similar events): attempt 14");
        combined.Int("count").ShouldBe(6);
    }

    [Fact]
    public void Too_many_events_about_one_object_are_dropped()
    {
        var pod = _api.Create(Pods, Pod("p"));
        var recorder = new EventRecorder(_api.NewProcess(), _api.Client, "kubelet");
        for (var i = 0; i < 60; i++)
        {
            recorder.Warning(pod, "Failed" + i, "why");
        }

        List(Events).Length.ShouldBe(EventRecorder.SpamBurst);
    }

    [Fact]
    public void An_event_waits_for_the_server()
    {
        var pod = _api.Create(Pods, Pod("p"));
        var recorder = new EventRecorder(_api.NewProcess(), _api.Client, "kubelet");
        _api.IsReachable = false;
        recorder.Normal(pod, "Started", "Started container c");
        Pass(15);
        List(Events).ShouldBeEmpty();

        _api.IsReachable = true;
        Pass(10);

        List(Events).Single().Text("lastTimestamp").ShouldBe("2026-01-05T00:00:00Z");
    }

    private Informer Inform(ResourcePath resource)
    {
        var informer = new Informer(_api.NewProcess(), _api.Client, resource, ns: "default");
        informer.Changed += (before, after) =>
            _seen.Add($"{(before is null ? "+" : after is null ? "-" : "~")}{(after ?? before)!.Text("metadata", "name")}");
        informer.Start();
        return informer;
    }

    private System.Collections.Immutable.ImmutableArray<Doc> List(ResourcePath resource) => _api.Send(ApiRequest.List(resource, "default")).Body.List("items");

    private void Pass(int seconds) => _api.World.Advance(TimeSpan.FromSeconds(seconds));
}
