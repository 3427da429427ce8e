using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using static KubeLessons.Simulator.Tests.Api.ApiFixture;

namespace KubeLessons.Simulator.Tests.Api;

public sealed class ListTests
{
    private readonly ApiFixture _api = new();

    [Theory]
    [InlineData("app=web", "a,b")]
    [InlineData("app==web,tier!=db", "b")]
    [InlineData("app in (web, api)", "a,b,c")]
    [InlineData("app notin (web)", "c,d")]
    [InlineData("tier", "a")]
    [InlineData("!tier", "b,c,d")]
    [InlineData("weight>2", "c")]
    [InlineData("weight<2", "b")]
    [InlineData("", "a,b,c,d")]
    public void Label_selectors_choose(string selector, string names)
    {
        Labelled("a", """{"app":"web","tier":"db"}""");
        Labelled("b", """{"app":"web","weight":"1"}""");
        Labelled("c", """{"app":"api","weight":"3"}""");
        Labelled("d", "{}");

        string.Join(',', _api.Names(ConfigMaps, new() { LabelSelector = selector })).ShouldBe(names);
    }

    [Theory]
    [InlineData("app web", "unable to parse requirement: found 'web', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("app in web", "unable to parse requirement: found 'web' expected: '('")]
    [InlineData("a,,b", "found ',', expected: identifier after ','")]
    public void A_label_selector_that_is_none_is_refused(string selector, string message)
    {
        var response = _api.Send(ApiRequest.List(ConfigMaps, "default") with { Options = new() { LabelSelector = selector } });

        (response.Code, response.Message).ShouldBe((400, message));
    }

    [Fact]
    public void Field_selectors_are_a_closed_list_for_each_kind()
    {
        _api.Create(Pods, Pod("a", "w1-k8s"));
        _api.Create(Pods, Pod("b", "w2-k8s"));

        _api.Names(Pods, new() { FieldSelector = "spec.nodeName=w1-k8s" }).ShouldBe(["a"]);
        _api.Names(Pods, new() { FieldSelector = "spec.nodeName!=w1-k8s" }).ShouldBe(["b"]);
        _api.Names(Pods, new() { FieldSelector = "status.phase=Pending,metadata.name=b" }).ShouldBe(["b"]);
        Refusal(Pods, "spec.foo=1").ShouldBe("field label not supported: spec.foo");
        Refusal(ConfigMaps, "data=1").ShouldBe("\"data\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
        Refusal(Pods, "nonsense").ShouldBe("invalid selector: 'nonsense'; can't understand 'nonsense'");

        string? Refusal(ResourcePath resource, string selector) =>
            _api.Send(ApiRequest.List(resource, "default") with { Options = new() { FieldSelector = selector } }).Message;
    }

    [Fact]
    public void Pages_show_one_state_though_the_store_moves_on()
    {
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            _api.Create(Pods, Pod(name));
        }

        var first = Page(null);
        first.Int("metadata", "remainingItemCount").ShouldBe(3);
        _api.Delete(Pods, "c");
        _api.Create(Pods, Pod("aa"));
        var second = Page(first.Text("metadata", "continue"));
        var third = Page(second.Text("metadata", "continue"));

        first.List("items").Concat(second.List("items")).Concat(third.List("items")).Select(item => item.Text("metadata", "name"))
            .ShouldBe(["a", "b", "c", "d", "e"]);
        third.At("metadata", "continue").ShouldBeNull();
        third.Text("metadata", "resourceVersion").ShouldBe(first.Text("metadata", "resourceVersion"));

        Doc Page(string? token) => _api.Send(ApiRequest.List(Pods, "default") with { Options = new() { Limit = 2, Continue = token } }).Body;
    }

    [Fact]
    public void A_page_whose_state_is_compacted_away_is_gone_but_offers_a_way_on()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            _api.Create(Pods, Pod(name));
        }

        var token = _api.Send(ApiRequest.List(Pods, "default") with { Options = new() { Limit = 1 } }).Body.Text("metadata", "continue");
        _api.Create(Pods, Pod("d"));
        _api.Store.Compact(_api.Store.Revision);

        var gone = _api.Send(ApiRequest.List(Pods, "default") with { Options = new() { Limit = 1, Continue = token } });
        gone.Code.ShouldBe(410);
        _api.Names(Pods, new() { Continue = gone.Body.Text("metadata", "continue") }).ShouldBe(["b", "c", "d"]);
    }

    [Fact]
    public void A_list_at_a_revision_that_is_still_to_come_times_out()
    {
        var response = _api.Send(ApiRequest.List(Pods, "default") with { Options = new() { ResourceVersion = "99999" } });

        (response.Code, response.Reason).ShouldBe((504, "Timeout"));
        response.Message.ShouldBe($"Too large resource version: 99999, current: {_api.Store.Revision}");
    }

    [Fact]
    public void An_exact_list_shows_the_past()
    {
        _api.Create(Pods, Pod("a"));
        var revision = _api.Store.Revision;
        _api.Create(Pods, Pod("b"));

        _api.Names(Pods, new() { ResourceVersion = revision.ToString(), ResourceVersionMatch = "Exact" }).ShouldBe(["a"]);
        _api.Names(Pods, new() { ResourceVersion = revision.ToString(), ResourceVersionMatch = "NotOlderThan" }).ShouldBe(["a", "b"]);
    }

    private void Labelled(string name, string labels) =>
        _api.Create(ConfigMaps, Doc.Obj(("metadata", Doc.Obj(("name", name), ("labels", Json(labels))))));
}
