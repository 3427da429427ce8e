using KubeLessons.Checks;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Testing;

namespace KubeLessons.Tests.Checks;

/// <summary>
/// Each operator on a line of time: a unit is "active" or not from second to second, and the verdict falls at a known second.
/// </summary>
public class TimeOperatorTests
{
    private const string Active = "that: unit w1-k8s/kubelet active";
    private static readonly DateTimeOffset Anchor = ScriptedCluster.Begin;

    [Theory]
    [InlineData("now:", "0+", CheckStanding.Passed, 0)]
    [InlineData("now:", "0- 1+", CheckStanding.Failed, 0)]
    [InlineData("eventually: 10s", "0- 4+", CheckStanding.Passed, 4)]
    [InlineData("eventually: 10s", "0- 10+", CheckStanding.Passed, 10)]
    [InlineData("eventually: 10s", "0- 10.001+", CheckStanding.Failed, 10)]
    [InlineData("eventually: 10s", "0- 4+ 4.01-", CheckStanding.Passed, 4)]
    [InlineData("consistently: 10s", "0+", CheckStanding.Passed, 10)]
    [InlineData("consistently: 10s", "0+ 4- 4.01+", CheckStanding.Failed, 4)]
    [InlineData("consistently: 10s", "0+ 11-", CheckStanding.Passed, 10)]
    [InlineData("consistently: 10s", "0- 1+", CheckStanding.Failed, 0)]
    [InlineData("never: 10s", "0-", CheckStanding.Passed, 10)]
    [InlineData("never: 10s", "0- 9.99+ 9.995-", CheckStanding.Failed, 9.99)]
    [InlineData("never: 10s", "0- 10.5+", CheckStanding.Passed, 10)]
    [InlineData("settles: {within: 10s, for: 5s}", "0- 2+ 4- 9+", CheckStanding.Passed, 14)]
    [InlineData("settles: {within: 10s, for: 5s}", "0- 11+", CheckStanding.Failed, 10)]
    [InlineData("settles: {within: 10s, for: 5s}", "0- 9+ 12-", CheckStanding.Failed, 12)]
    [InlineData("settles: {within: 10s, for: 5s}", "0+", CheckStanding.Passed, 5)]
    [InlineData("settles: {within: 10s, for: 5s}", "0- 2+ 4-", CheckStanding.Failed, 10)]
    [InlineData("window: [5s, 10s]", "0- 7+", CheckStanding.Passed, 7)]
    [InlineData("window: [5s, 10s]", "0- 3+ 7-", CheckStanding.Failed, 3)]
    [InlineData("window: [5s, 10s]", "0+", CheckStanding.Failed, 0)]
    [InlineData("window: [5s, 10s]", "0- 12+", CheckStanding.Failed, 10)]
    [InlineData("window: [5s, 10s]", "0- 5+", CheckStanding.Passed, 5)]
    public void A_check_is_decided_at_the_instant_that_decides_it(string time, string line, CheckStanding standing, double at)
    {
        var verdict = Judge($"{time}\n{Active}", Trace(line, until: 60));

        verdict.Standing.ShouldBe(standing);
        (verdict.At - Anchor).TotalSeconds.ShouldBe(at, 0.0001);
    }

    [Fact]
    public void A_state_of_ten_milliseconds_was_observed_although_nobody_looked_then()
    {
        var verdict = Judge($"eventually: 1m\n{Active}", Trace("0- 30+ 30.01-", until: 60));

        verdict.Standing.ShouldBe(CheckStanding.Passed);
        verdict.At.ShouldBe(Anchor.AddSeconds(30));
    }

    [Fact]
    public void States_between_changes_of_one_instant_lasted_no_time_and_do_not_count()
    {
        Judge($"eventually: 1m\n{Active}", Trace("0- 30+ 30-", until: 90)).Standing.ShouldBe(CheckStanding.Failed);
        Judge($"consistently: 1m\n{Active}", Trace("0+ 30- 30+", until: 90)).Standing.ShouldBe(CheckStanding.Passed);
    }

    [Fact]
    public void A_check_is_pending_until_the_record_is_complete()
    {
        var verdict = Judge($"eventually: 10s\n{Active}", Trace("0-", until: 9));

        verdict.Standing.ShouldBe(CheckStanding.Pending);
        verdict.At.ShouldBe(Anchor.AddSeconds(10));
    }

    [Fact]
    public void Unless_fails_a_check_at_once()
    {
        var yaml = $"eventually: 1m\n{Active}\nunless: unit w1-k8s/kubelet failed";
        var trace = Trace("0-", until: 0);
        trace.Add(Unit(5, "kubelet", "failed"));
        trace.Add(Unit(6, "kubelet", "active"));
        trace.CompleteUntil(Anchor.AddSeconds(60));

        var verdict = Judge(yaml, trace);

        verdict.ShouldBe(new Verdict(CheckStanding.Failed, Anchor.AddSeconds(5), VerdictReason.Unless, 0));
    }

    [Fact]
    public void Until_holds_from_the_anchor_to_the_end_condition()
    {
        const string Yaml = $"until: unit w1-k8s/containerd inactive\nwithin: 20s\n{Active}";
        var good = Trace("0+ 9-", until: 0);
        good.Add(Unit(8, "containerd", "inactive"));
        var gap = Trace("0+", until: 0);
        gap.Add(Unit(4, "kubelet", "inactive"));
        gap.Add(Unit(8, "containerd", "inactive"));

        Judge(Yaml, Completed(InOrder(good), 60)).ShouldBe(new Verdict(CheckStanding.Passed, Anchor.AddSeconds(8)));
        Judge(Yaml, Completed(gap, 60)).Reason.ShouldBe(VerdictReason.HeldNoMore);
        Judge(Yaml, Trace("0+", until: 60)).Standing.ShouldBe(CheckStanding.Failed);
    }

    [Theory]
    [InlineData("a b c", CheckStanding.Passed, VerdictReason.None)]
    [InlineData("b a c", CheckStanding.Failed, VerdictReason.OutOfOrder)]
    [InlineData("a c b", CheckStanding.Failed, VerdictReason.OutOfOrder)]
    [InlineData("a b", CheckStanding.Failed, VerdictReason.TimeIsOver)]
    public void A_sequence_comes_in_its_order(string order, CheckStanding standing, VerdictReason reason)
    {
        const string Yaml = "sequence: [unit w1-k8s/a active, unit w1-k8s/b active, unit w1-k8s/c active]\nwithin: 20s";
        var trace = new Trace(Anchor);
        var second = 1;
        foreach (var unit in order.Split(' '))
        {
            trace.Add(Unit(second++, unit, "active"));
        }

        var verdict = Judge(Yaml, Completed(trace, 60));

        verdict.Standing.ShouldBe(standing);
        verdict.Reason.ShouldBe(reason);
    }

    [Fact]
    public void A_sequence_may_come_back_to_a_state_that_it_began_with()
    {
        const string Yaml = "sequence: [unit w1-k8s/kubelet inactive, unit w1-k8s/kubelet active]\nwithin: 20s";

        Judge(Yaml, Trace("0+ 3- 7+", until: 60)).ShouldBe(new Verdict(CheckStanding.Passed, Anchor.AddSeconds(7)));
    }

    [Fact]
    public void Durations_have_the_values_of_the_cluster_at_hand()
    {
        var verdict = Judge($"eventually: ${{nodeMonitorGracePeriod}}+5s\n{Active}", Trace("0- 54+", until: 60));

        verdict.At.ShouldBe(Anchor.AddSeconds(54));
    }

    private static Verdict Judge(string yaml, Trace trace) =>
        new CheckJudge(LessonText.Check(yaml), trace, Anchor, Variables.None, new ScriptedCluster().Description, null).Judge();

    private static Trace Trace(string line, double until)
    {
        var trace = new Trace(Anchor);
        foreach (var word in line.Split(' '))
        {
            var second = double.Parse(word[..^1], System.Globalization.CultureInfo.InvariantCulture);
            trace.Add(Unit(second, "kubelet", word[^1] == '+' ? "active" : "inactive"));
        }

        trace.CompleteUntil(Anchor.AddSeconds(until));
        return trace;
    }

    private static Trace InOrder(Trace trace)
    {
        var sorted = new Trace(Anchor);
        foreach (var change in Enumerable.Range(1, trace.Count - 1).Select(i => trace[i].Change!).OrderBy(change => change.At))
        {
            sorted.Add(change);
        }

        return sorted;
    }

    private static Trace Completed(Trace trace, double seconds)
    {
        trace.CompleteUntil(Anchor.AddSeconds(seconds));
        return trace;
    }

    private static FactChange Unit(double second, string unit, string state) =>
        new(Anchor.AddSeconds(second), new FactId("w1-k8s", "unit", unit), state);
}
