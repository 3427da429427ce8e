using KubeLessons.Clusters;
using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Running;

namespace KubeLessons.Verifying.Comparing;

/// <summary>
/// Runs a lesson as it says on a real cluster and on the simulated one, set to the real one's version, and puts the traces side by side. What
/// differs is a fault of the simulator, of the lesson, or of neither where it lies within the tolerance.
/// </summary>
public static class ClusterComparison
{
    /// <summary>What happens within <see cref="Soon"/> may differ by this: machines start a container or answer at their own pace.</summary>
    public static readonly TimeSpan SoonTolerance = TimeSpan.FromSeconds(5);

    /// <summary>Until when something counts as happening at once.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    /// <summary>
    /// What waits longer hangs on heartbeats, and may differ by one renewal of the lease and one look of the node controller (10 s and 5 s):
    /// when a kubelet renewed last before it was stopped is chance.
    /// </summary>
    public static readonly TimeSpan LateTolerance = TimeSpan.FromSeconds(15);

    public static async Task<Comparison> RunAsync(
        Lesson lesson, OpenCluster real, OpenCluster simulated, Action<RunEvent> onRealEvent, CancellationToken cancellation)
    {
        var ofReal = await ObserveAsync(lesson, real, null, onRealEvent, cancellation).ConfigureAwait(false);
        var version = ofReal.Report!.Cluster.Kubernetes;
        var ofSimulated = await ObserveAsync(lesson, simulated, version, _ => { }, cancellation).ConfigureAwait(false);
        return Compare(lesson.Id, ofSimulated, ofReal);
    }

    internal static Comparison Compare(string lesson, SightRecorder simulated, SightRecorder real)
    {
        var there = real.Sights().ToLookup(sight => (sight.Check, sight.Clause), sight => sight.Sight);
        var pairs = simulated.Sights().Where(sight => there[(sight.Check, sight.Clause)].Any())
            .Select(sight => (sight.Check, sight.Clause, Simulated: sight.Sight, Real: there[(sight.Check, sight.Clause)].First())).ToList();
        var clauses = pairs.Select(pair => new ComparedClause(
            pair.Check,
            pair.Clause,
            pair.Simulated,
            pair.Real,
            Differ(pair.Simulated, pair.Real) | Order(pair, pairs.Where(other => other.Check == pair.Check && other != pair))));
        return new Comparison(lesson, simulated.Report!, real.Report!, [.. clauses]);
    }

    internal static Disagreement Differ(ClauseSight simulated, ClauseSight real)
    {
        if (simulated.IsSkipped || real.IsSkipped)
        {
            return Disagreement.None;
        }

        if (simulated.Outcome != real.Outcome || simulated.HeldAtTheEnd != real.HeldAtTheEnd || simulated.First is null != real.First is null)
        {
            return Disagreement.State;
        }

        if (simulated.Outcome == CheckOutcome.Failed && !simulated.HeldAtTheEnd && simulated.Seen != real.Seen)
        {
            return Disagreement.Reason;
        }

        return simulated.First is { } first && real.First is { } other && (first - other).Duration() > Tolerance(first, other)
            ? Disagreement.Timing
            : Disagreement.None;
    }

    private static TimeSpan Tolerance(TimeSpan first, TimeSpan other) => first < Soon && other < Soon ? SoonTolerance : LateTolerance;

    // Two clauses that came to hold in the opposite order, each time clearly apart.
    private static Disagreement Order(
        (string Check, string Clause, ClauseSight Simulated, ClauseSight Real) pair,
        IEnumerable<(string Check, string Clause, ClauseSight Simulated, ClauseSight Real)> others)
    {
        foreach (var other in others)
        {
            if (pair.Simulated.First - other.Simulated.First is { } here && pair.Real.First - other.Real.First is { } there
                && here != TimeSpan.Zero && there != TimeSpan.Zero && (here > TimeSpan.Zero) != (there > TimeSpan.Zero)
                && here.Duration() > TimeSpan.FromSeconds(1) && there.Duration() > TimeSpan.FromSeconds(1))
            {
                return Disagreement.Order;
            }
        }

        return Disagreement.None;
    }

    private static async Task<SightRecorder> ObserveAsync(
        Lesson lesson, OpenCluster open, KubernetesVersion? version, Action<RunEvent> onEvent, CancellationToken cancellation)
    {
        var request = new ClusterRequest(lesson.Header.Cluster, version, null, LessonRunner.ResourcesOf(lesson)) { Facts = FactsAsked.By(lesson) };
        await using var cluster = await open(request, cancellation).ConfigureAwait(false);
        var recorder = new SightRecorder();
        await LessonRunner.RunAsync(
            lesson,
            cluster,
            ScriptedLearner.Obedient,
            happened =>
            {
                recorder.Hear(happened);
                onEvent(happened);
            },
            RunOptions.Standard,
            cancellation).ConfigureAwait(false);
        return recorder;
    }
}
