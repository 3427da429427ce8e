using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using static KubeLessons.Simulator.Tests.Api.ApiFixture;

namespace KubeLessons.Simulator.Tests.Api;

public sealed class HeartbeatTests
{
    private readonly ApiFixture _api = new();

    [Fact]
    public void A_renewed_lease_shows_the_time_of_its_last_renewal_without_a_turn()
    {
        var (beat, _) = _api.Client.StartHeartbeat(LeaseRenewal.OfNode("w1-k8s"));
        var turns = _api.World.TurnsRun;
        var revision = _api.Store.Revision;
        _api.World.Advance(TimeSpan.FromSeconds(37));

        beat!.IsBeating.ShouldBeTrue();
        RenewTime().ShouldBe("2026-01-05T00:00:30.000000Z");
        _api.Client.IsRenewed("kube-node-lease", "w1-k8s").ShouldBeTrue();
        (_api.World.TurnsRun, _api.Store.Revision).ShouldBe((turns, revision));
    }

    [Fact]
    public void A_settled_lease_keeps_its_last_renewal_and_its_watchers_learn_of_it()
    {
        var (beat, _) = _api.Client.StartHeartbeat(LeaseRenewal.OfNode("w1-k8s"));
        var (watch, _) = _api.Client.Watch(new ApiRequest(ApiVerb.Watch, Leases)
        {
            Options = new() { ResourceVersion = _api.Store.Revision.ToString() },
        });
        _api.World.Advance(TimeSpan.FromSeconds(37));

        beat!.Settle();
        _api.World.Advance(TimeSpan.FromMinutes(5));

        RenewTime().ShouldBe("2026-01-05T00:00:30.000000Z");
        watch!.Read().Single().Object.Text("spec", "renewTime").ShouldBe("2026-01-05T00:00:30.000000Z");
        _api.Client.IsRenewed("kube-node-lease", "w1-k8s").ShouldBeFalse();
    }

    [Fact]
    public void A_beating_nodes_status_is_reported_every_five_minutes()
    {
        _api.Create(Nodes, Json("""
            {"metadata":{"name":"w1-k8s"},"status":{"conditions":[
              {"type":"Ready","status":"True","lastHeartbeatTime":"2026-01-05T00:00:00Z","lastTransitionTime":"2026-01-05T00:00:00Z"},
              {"type":"NetworkUnavailable","status":"False","lastHeartbeatTime":"2026-01-05T00:00:00Z"}]}}
            """));
        var (beat, _) = _api.Client.StartHeartbeat(LeaseRenewal.OfNode("w1-k8s"));
        _api.World.Advance(TimeSpan.FromMinutes(12));

        Heartbeat(0).ShouldBe("2026-01-05T00:10:00Z");
        Heartbeat(1).ShouldBe("2026-01-05T00:00:00Z");

        beat!.Settle();
        _api.World.Advance(TimeSpan.FromMinutes(12));
        Heartbeat(0).ShouldBe("2026-01-05T00:10:00Z");

        string? Heartbeat(int condition) => _api.Get(Nodes, "w1-k8s").Body.List("status", "conditions")[condition].Text("lastHeartbeatTime");
    }

    [Fact]
    public void A_new_leader_is_counted_as_a_transition()
    {
        var (first, _) = _api.Client.StartHeartbeat(LeaseRenewal.OfLeader("kube-system", "kube-scheduler", "m-k8s_1"));
        _api.World.Advance(TimeSpan.FromSeconds(5));
        first!.Settle();
        _api.World.Advance(TimeSpan.FromSeconds(15));
        _api.Client.StartHeartbeat(LeaseRenewal.OfLeader("kube-system", "kube-scheduler", "m-k8s_2"));

        var spec = _api.Get(Leases, "kube-scheduler", "kube-system").Body["spec"]!;
        spec.Text("holderIdentity").ShouldBe("m-k8s_2");
        spec.Int("leaseTransitions").ShouldBe(1);
        spec.Text("acquireTime").ShouldBe("2026-01-05T00:00:20.000000Z");
    }

    [Fact]
    public void When_the_server_stops_all_renewals_cease_and_their_owners_are_told()
    {
        var (beat, _) = _api.Client.StartHeartbeat(LeaseRenewal.OfNode("w1-k8s"));
        var told = false;
        Coroutine.Start(_api.World, WaitForIt(), _ => { });
        _api.World.Advance(TimeSpan.FromSeconds(1));

        _api.Server.Heartbeats.SettleAll();
        _api.World.Advance(TimeSpan.FromSeconds(1));

        told.ShouldBeTrue();

        IEnumerable<Wait> WaitForIt()
        {
            yield return Wait.On(beat!.Ceased);
            told = true;
        }
    }

    private string? RenewTime() => _api.Get(Leases, "w1-k8s", "kube-node-lease").Body.Text("spec", "renewTime");
}
