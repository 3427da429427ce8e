using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KubeLessons.Clusters;
using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Reports;
using KubeLessons.Running;
using KubeLessons.Texts;

namespace KubeLessons.Verifying;

/// <summary>One run that the gate makes: its report, and a fingerprint of everything that happened.</summary>
/// <param name="Report">The report.</param>
/// <param name="Commands">Every command that was run, with its result, in order.</param>
/// <param name="Changes">All recorded changes, in order.</param>
internal sealed record GateRun(
    LessonReport Report,
    IReadOnlyList<(string Step, CommandResult Result)> Commands,
    IReadOnlyList<ClusterChange> Changes)
{
    public static async Task<GateRun> DoAsync(
        Lesson lesson, OpenCluster open, ILearner learner, long? seed, bool failFast, CancellationToken cancellation)
    {
        var request = new ClusterRequest(lesson.Header.Cluster, null, seed, LessonRunner.ResourcesOf(lesson)) { Facts = FactsAsked.By(lesson) };
        await using var cluster = await open(request, cancellation).ConfigureAwait(false);
        var commands = new List<(string, CommandResult)>();
        void OnEvent(RunEvent happened)
        {
            if (happened is CommandEnded ended)
            {
                commands.Add((ended.Step, ended.Result));
            }
        }

        var report = await LessonRunner.RunAsync(
            lesson, cluster, learner, OnEvent, RunOptions.Standard with { FailFast = failFast }, cancellation).ConfigureAwait(false);
        var changes = await cluster.ObserveAsync(0, cancellation).ConfigureAwait(false);
        return new GateRun(report, commands, changes.Items);
    }

    /// <summary>Follows the lesson, runs the commands of its transcripts where they stand, and gives those that print something else.</summary>
    public static async Task<IReadOnlyList<StaleTranscript>> StaleTranscriptsAsync(Lesson lesson, OpenCluster open, CancellationToken cancellation)
    {
        var request = new ClusterRequest(lesson.Header.Cluster, null, null, LessonRunner.ResourcesOf(lesson));
        await using var cluster = await open(request, cancellation).ConfigureAwait(false);
        var stale = new List<StaleTranscript>();
        void OnEvent(RunEvent happened)
        {
            if (happened is TranscriptRecorded recorded && !StaleTranscript.IsSame(recorded.Entry.Output, recorded.Result.Output))
            {
                stale.Add(new StaleTranscript(recorded.Entry, recorded.Result.Output));
            }
        }

        await LessonRunner.RunAsync(
            lesson, cluster, ScriptedLearner.Obedient, OnEvent, RunOptions.Standard with { RecordsTranscripts = true }, cancellation)
            .ConfigureAwait(false);
        return stale;
    }

    /// <summary>
    /// Whether the second of two runs of a step's commands did nothing new: the same exit code, and no change that a person's
    /// command makes (objects by kubectl; units, modules, sysctls, rules and files of nodes) while it ran.
    /// </summary>
    public bool SecondRunChangedNothing(string step)
    {
        var runs = Commands.Where(command => command.Step == step).Select(command => command.Result).ToList();
        return runs is [var first, var second]
            && first.ExitCode == second.ExitCode
            && !Changes.Any(change => change.At > first.Ended && change.At <= second.Ended && change switch
            {
                ObjectChange e => e.By.StartsWith("kubectl", StringComparison.Ordinal),
                FactChange e => e.Id.Noun is "unit" or "module" or "sysctl" or "iptables" or "file" or "power",
                _ => false,
            });
    }

    /// <summary>A hash of the report and of all recorded changes: equal for equal bytes.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        Add(JsonReport.Write(Report, Wording.English, wallTime: null));
        foreach (var change in Changes)
        {
            Add(change.At.UtcTicks.ToString(CultureInfo.InvariantCulture));
            Add(change switch
            {
                ObjectChange e => $"{e.Id} {e.By} {e.Object?.Root.GetRawText()}",
                FactChange e => $"{e.Id} {e.Value}",
                ActionChange e => $"{e.Node} {e.Component} {e.Action}",
                _ => "",
            });
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
