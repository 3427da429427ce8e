using System.CommandLine;
using KubeLessons.Cli.Library;
using KubeLessons.Cli.Running;
using KubeLessons.Clusters;
using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Reports;
using KubeLessons.Running;
using KubeLessons.Texts;

namespace KubeLessons.Cli.Commands;

/// <summary><c>run LESSON</c>: the main job. It runs a lesson's steps, grades what is observed, and says why.</summary>
internal sealed class RunCommand
{
    private readonly Surroundings _surroundings;
    private readonly Argument<string> _lesson;
    private readonly Option<bool> _yes;
    private readonly Option<bool> _failFast;
    private readonly Option<string[]> _reports;
    private readonly ClusterOptions _cluster;

    private RunCommand(Wording wording, Surroundings surroundings)
    {
        _surroundings = surroundings;
        _lesson = new Argument<string>("lesson") { Description = wording.Get("cli.lessonArgument") };
        _yes = new Option<bool>("--yes", "-y") { Description = wording.Get("cli.option.yes") };
        _failFast = new Option<bool>("--fail-fast") { Description = wording.Get("cli.option.failFast") };
        _reports = new Option<string[]>("--report") { Description = wording.Get("cli.option.report"), HelpName = "FORMAT=FILE" };
        _cluster = new ClusterOptions(wording);
    }

    public static Command Create(Wording wording, Surroundings surroundings)
    {
        var run = new RunCommand(wording, surroundings);
        var command = new Command("run", wording.Get("cli.run")) { run._lesson, run._yes, run._failFast, run._reports };
        run._cluster.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandLine.Guard(
            Session.Of(parsed, surroundings), session => run.RunAsync(session, parsed, cancellation)));
        return command;
    }

    private async Task<int> RunAsync(Session session, ParseResult parsed, CancellationToken cancellation)
    {
        var reports = ReportFile.ReadAll(session, parsed.GetValue(_reports) ?? []);
        var lesson = LessonShelf.Open(session, parsed.GetValue(_lesson)!);
        if (!_cluster.IsReal(parsed) && RealClusterOpening.HasCutOffRun(_surroundings))
        {
            session.Error.WriteLine(session.Ink.Warn(session.Say("real.cutOff")));
        }

        var open = _cluster.Opener(session, parsed, lesson);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = _surroundings.OnInterrupt(stop.Cancel);
        using var timeout = new CancellationTokenSource(_cluster.Timeout(parsed) ?? Timeout.InfiniteTimeSpan, _surroundings.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, timeout.Token);
        var begun = _surroundings.Clock.GetTimestamp();
        var isByHand = _surroundings.IsTerminal && !parsed.GetValue(_yes);
        ILearner learner = isByHand ? new TerminalLearner(session, lesson, stop) : ScriptedLearner.Obedient;
        var request = new ClusterRequest(lesson.Header.Cluster, null, null, LessonRunner.ResourcesOf(lesson)) { Facts = FactsAsked.By(lesson) };
        await using var cluster = await open(request, either.Token).ConfigureAwait(false);
        RefuseWrongVersion(lesson, cluster.Description);
        var report = await LessonRunner.RunAsync(
            lesson,
            cluster,
            learner,
            new RunPrinter(session, showsProse: isByHand).Print,
            RunOptions.Standard with { FailFast = parsed.GetValue(_failFast) },
            either.Token).ConfigureAwait(false);
        var wallTime = _surroundings.Clock.GetElapsedTime(begun);
        foreach (var file in reports)
        {
            file.Write(report, session.Wording, wallTime);
        }

        return timeout.IsCancellationRequested ? ExitCodes.TimedOut
            : report.Stopped is not null ? ExitCodes.Interrupted
            : report.Outcome switch
            {
                LessonOutcome.Passed => ExitCodes.Passed,
                LessonOutcome.Failed => ExitCodes.CheckFailed,
                _ => ExitCodes.Errored,
            };
    }

    private static void RefuseWrongVersion(Lesson lesson, ClusterDescription cluster)
    {
        if (!lesson.Header.Kubernetes.Contains(cluster.Kubernetes))
        {
            throw new UserError(Message.Of(
                "cli.lessonNotForVersion", lesson.Id, lesson.Header.Kubernetes.ToString(), cluster.Kubernetes.ToString()));
        }
    }
}
