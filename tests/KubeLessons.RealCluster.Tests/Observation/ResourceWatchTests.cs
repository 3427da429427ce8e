using KubeLessons.Clusters;
using KubeLessons.RealCluster.Api;
using KubeLessons.RealCluster.Nodes;
using KubeLessons.RealCluster.Observation;
using KubeLessons.RealCluster.Tests.Api;

namespace KubeLessons.RealCluster.Tests.Observation;

public sealed class ResourceWatchTests : IAsyncDisposable
{
    private static readonly ServedResource Pods = new("pods", "/api/v1/pods", "/api/v1", "pods", "Pod", true, true);
    private readonly FakeApiServer _server = new();
    private readonly ApiConnection _api;
    private readonly ChangeRecord _record;
    private readonly ResourceWatch _watch;
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private Task _following = Task.CompletedTask;

    public ResourceWatchTests()
    {
        _api = _server.Connect();
        _record = new ChangeRecord(_api.Clock);
        _watch = new ResourceWatch(_api, Pods, NodeNames.Same, _record);
    }

    [Fact]
    public async Task What_is_listed_comes_first_and_what_is_watched_follows_in_order()
    {
        _server.List = (10, [("old", 7)]);
        var watch = await FollowAsync();

        await watch.SendAsync("ADDED", FakeApiServer.Pod("new", 11));
        await watch.SendAsync("MODIFIED", FakeApiServer.Pod("old", 12));
        await watch.SendAsync("DELETED", FakeApiServer.Pod("new", 13));

        (await ToldAsync(4)).ShouldBe(["old", "new", "old", "-new"]);
        _server.WatchedFrom.ShouldBe(["10"]);
    }

    [Fact]
    public async Task Fields_that_no_client_class_knows_are_kept()
    {
        _server.List = (10, [("old", 7)]);
        await FollowAsync();

        var item = (ObjectChange)(await ChangesAsync(1))[0];

        item.Object!.Root.GetProperty("metadata").GetProperty("futureField").GetBoolean().ShouldBeTrue();
        item.Object.Root.GetProperty("kind").GetString().ShouldBe("Pod");
    }

    [Fact]
    public async Task A_watch_that_ends_goes_on_where_it_was()
    {
        _server.List = (10, []);
        var watch = await FollowAsync();
        await watch.SendAsync("ADDED", FakeApiServer.Pod("a", 11));
        await watch.SendAsync("BOOKMARK", """{"metadata":{"resourceVersion":"20"}}""");

        watch.End();
        var next = await _server.NextWatchAsync(_end.Token);
        await next.SendAsync("ADDED", FakeApiServer.Pod("b", 21));

        (await ToldAsync(2)).ShouldBe(["a", "b"]);
        _server.WatchedFrom.ShouldBe(["10", "20"]);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_made_again()
    {
        _server.List = (10, []);
        var watch = await FollowAsync();
        await watch.SendAsync("ADDED", FakeApiServer.Pod("a", 11));
        (await ToldAsync(1)).ShouldBe(["a"]);

        watch.Break();
        var next = await _server.NextWatchAsync(_end.Token);
        await next.SendAsync("MODIFIED", FakeApiServer.Pod("a", 12));

        (await ToldAsync(2)).ShouldBe(["a", "a"]);
        _server.WatchedFrom.ShouldBe(["10", "11"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_410_everything_is_listed_again_and_only_what_differs_is_told(bool inTheStream)
    {
        _server.List = (10, [("stays", 5), ("goes", 6), ("changes", 7)]);
        var watch = await FollowAsync();
        _server.List = (90, [("stays", 5), ("changes", 80), ("comes", 81)]);

        if (inTheStream)
        {
            await watch.SendAsync("ERROR", """{"kind":"Status","code":410,"reason":"Expired"}""");
            watch.End();
        }
        else
        {
            watch.Refuse(410);
        }

        await _server.NextWatchAsync(_end.Token);
        (await ToldAsync(6)).Skip(3).ShouldBe(["-goes", "changes", "comes"]);
        _server.WatchedFrom.ShouldBe(["10", "90"]);
        _watch.Repairs.Relists.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_catches_up_waits_for_what_a_list_shows_already()
    {
        _server.List = (10, []);
        var watch = await FollowAsync();
        _server.List = (12, [("a", 12)]);

        var caughtUp = _watch.CatchUpAsync(_end.Token);
        await watch.SendAsync("ADDED", FakeApiServer.Pod("a", 11));
        await watch.SendAsync("MODIFIED", FakeApiServer.Pod("a", 12));
        await caughtUp;

        (await ToldAsync(2)).ShouldBe(["a", "a"]);
    }

    [Fact]
    public async Task A_watch_that_lags_is_overtaken_and_tells_nothing_twice()
    {
        _server.List = (10, []);
        var watch = await FollowAsync();
        _server.List = (12, [("a", 12)]);

        await _watch.CatchUpAsync(_end.Token);
        await watch.SendAsync("ADDED", FakeApiServer.Pod("a", 12));
        await watch.SendAsync("ADDED", FakeApiServer.Pod("b", 13));

        (await ToldAsync(2)).ShouldBe(["a", "b"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _server.DisposeAsync();
        await _following;
        _api.Dispose();
    }

    private async Task<FakeWatch> FollowAsync()
    {
        await _watch.ListAsync(_end.Token);
        _following = _watch.FollowAsync(_end.Token);
        return await _server.NextWatchAsync(_end.Token);
    }

    private async Task<IReadOnlyList<ClusterChange>> ChangesAsync(int count)
    {
        while (_record.Count < count)
        {
            await _record.MoreThanAsync(_record.Count).WaitAsync(TimeSpan.FromSeconds(20), _end.Token);
        }

        return _record.After(0).Items;
    }

    private async Task<IReadOnlyList<string>> ToldAsync(int count) =>
        [.. (await ChangesAsync(count)).Cast<ObjectChange>().Select(change => (change.Object is null ? "-" : "") + change.Id.Name)];
}
