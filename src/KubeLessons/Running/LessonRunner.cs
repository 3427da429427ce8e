using System.Collections.Immutable;
using KubeLessons.Checks;
using KubeLessons.Clusters;
using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Texts;

namespace KubeLessons.Running;

/// <summary>How a lesson is run.</summary>
/// <param name="FailFast">Stop at the first check that does not pass.</param>
/// <param name="CommandAtMost">The cluster time that one command may take.</param>
public sealed record RunOptions(bool FailFast, TimeSpan CommandAtMost)
{
    public static RunOptions Standard { get; } = new(false, ClusterCommand.DefaultAtMost);

    /// <summary>Whether the commands of transcripts are run too, each reported as <see cref="TranscriptRecorded"/>: for the authors' gate.</summary>
    public bool RecordsTranscripts { get; init; }
}

/// <summary>
/// Takes a lesson from its first block to its last on a cluster: lets the learner act, observes what becomes of it, judges the
/// checks on the trace, and makes the report. It knows no host: everything to show goes out as <see cref="RunEvent"/>s.
/// </summary>
public static class LessonRunner
{
    /// <summary>
    /// Runs the lesson. Cancelling ends it between two moments of cluster time: cleanups still run, and the report says that it was
    /// interrupted.
    /// </summary>
    public static async Task<LessonReport> RunAsync(
        Lesson lesson, ICluster cluster, ILearner learner, Action<RunEvent> onEvent, RunOptions options, CancellationToken cancellation)
    {
        var opening = await cluster.ObserveAsync(0, cancellation).ConfigureAwait(false);
        var run = new LessonRun(lesson, cluster, learner, onEvent, options, opening);
        onEvent(new LessonStarted(lesson, cluster.Description));
        try
        {
            foreach (var block in lesson.Blocks)
            {
                cancellation.ThrowIfCancellationRequested();
                await run.GoThroughAsync(block, cancellation).ConfigureAwait(false);
                if (run.MustStop)
                {
                    break;
                }
            }

            await run.SettlePredictionsAsync(wait: !run.MustStop, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            run.Stopped = Message.Of("run.interrupted");
        }

        await run.CleanUpAsync().ConfigureAwait(false);
        var report = run.Report();
        onEvent(new LessonEnded(report) { Trace = run.Trace });
        return report;
    }

    /// <summary>The resources that a lesson's checks, lets and predictions look at: what its cluster must record. Events always.</summary>
    public static ImmutableSortedSet<string> ResourcesOf(Lesson lesson)
    {
        var types = new HashSet<string>(StringComparer.Ordinal) { "events", "nodes", "pods" };
        foreach (var block in lesson.Blocks)
        {
            types.UnionWith(block switch
            {
                CheckBlock check => CheckJudge.ConditionsOf(check.Check).SelectMany(TypesOf),
                LetBlock let => let.Bindings.SelectMany(binding => TypesOf(binding.Value)),
                PredictBlock predict => predict.Choices.SelectMany(choice => choice.When).SelectMany(TypesOf)
                    .Concat(predict.Observe is null ? [] : TypesOf(predict.Observe)),
                _ => [],
            });
        }

        return [.. types.Select(type => KnownResources.Find(type)?.Id).OfType<string>()];
    }

    private static IEnumerable<string> TypesOf(Condition condition) => condition switch
    {
        NotCondition c => TypesOf(c.Inner),
        ResourceCondition c => [c.Selection.Type],
        JmesPathCondition c => [c.Over.Type],
        EventCondition { On: { } on } => [on.Type],
        ObjectCondition c => [c.Manifest.Text("kind") ?? ""],
        _ => [],
    };

    private static IEnumerable<string> TypesOf(ObservedValue value) => value switch
    {
        ObservedValue.JsonPath v => [v.Selection.Type],
        ObservedValue.Count v => [v.Selection.Type],
        _ => [],
    };
}
