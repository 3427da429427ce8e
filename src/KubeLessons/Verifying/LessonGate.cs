using System.Collections.Concurrent;
using System.Collections.Immutable;
using KubeLessons.Clusters;
using KubeLessons.Grading;
using KubeLessons.Lessons;
using KubeLessons.Running;
using KubeLessons.Texts;

namespace KubeLessons.Verifying;

/// <summary>What the gate does.</summary>
/// <param name="Mutants">Whether mutants are tried.</param>
/// <param name="Seeds">How many other seeds are tried.</param>
/// <param name="Jobs">How many runs go on at the same time.</param>
public sealed record GateOptions(bool Mutants, int Seeds, int Jobs)
{
    public static GateOptions Standard { get; } = new(true, 20, 2);
}

/// <summary>
/// The authors' gate: proves of a lesson that it fails unsolved, passes solved, notices slips, and is deterministic. It runs the
/// lesson many times, each on a cluster of its own.
/// </summary>
public sealed class LessonGate(OpenCluster open, GateOptions options)
{
    public async Task<GateResult> VerifyAsync(Lesson lesson, CancellationToken cancellation)
    {
        var faults = new ConcurrentBag<GateFault>();
        var mutants = new ConcurrentBag<MutantResult>();
        var stale = new ConcurrentBag<StaleTranscript>();
        var runs = 0;

        async Task<GateRun> RunAsync(ILearner learner, long? seed, bool failFast, CancellationToken token)
        {
            Interlocked.Increment(ref runs);
            return await GateRun.DoAsync(lesson, open, learner, seed, failFast, token).ConfigureAwait(false);
        }

        async Task CompareTranscriptsAsync(CancellationToken token)
        {
            Interlocked.Increment(ref runs);
            foreach (var each in await GateRun.StaleTranscriptsAsync(lesson, open, token).ConfigureAwait(false))
            {
                stale.Add(each);
                faults.Add(new GateFault(Gate.Transcripts, each.Entry.Position, Message.Of("verify.staleTranscript", each.Entry.Command)));
            }
        }

        var invitations = new List<Invitation>();
        var watching = new ScriptedLearner(invitation =>
        {
            invitations.Add(invitation);
            return LearnerAction.Run(invitation.Node, invitation.Commands);
        });
        var solved = await RunAsync(watching, null, false, cancellation).ConfigureAwait(false);
        AddSolvedFaults(lesson, solved, faults);
        AddPredictionFaults(lesson, solved, faults);

        var work = new List<Func<CancellationToken, Task>>
        {
            async token => AddUnsolvedFaults(
                solved, await RunAsync(ScriptedLearner.Idle, null, false, token).ConfigureAwait(false), faults),
            async token =>
            {
                var again = await RunAsync(ScriptedLearner.Obedient, null, false, token).ConfigureAwait(false);
                if (again.Fingerprint() != solved.Fingerprint())
                {
                    faults.Add(new GateFault(Gate.SameBytes, Top(lesson), Message.Of("verify.otherBytes")));
                }
            },
        };
        if (lesson.Blocks.Any(block => block is TranscriptBlock))
        {
            work.Add(async token => await CompareTranscriptsAsync(token).ConfigureAwait(false));
        }

        for (var i = 1; i <= options.Seeds; i++)
        {
            var seed = lesson.Header.Cluster.Seed + (i * 7919L);
            work.Add(async token => AddSeedFaults(
                lesson, solved, seed, await RunAsync(ScriptedLearner.Obedient, seed, false, token).ConfigureAwait(false), faults));
        }

        if (options.Mutants && solved.Report.Outcome == LessonOutcome.Passed)
        {
            foreach (var mutant in Mutants.Of(lesson, invitations, solved.Report.Cluster.Nodes))
            {
                work.Add(async token =>
                {
                    var run = await RunAsync(ScriptedLearner.Except(mutant.Actions), null, true, token).ConfigureAwait(false);
                    var result = FateOf(mutant, run);
                    mutants.Add(result);
                    if (result.Fate == MutantFate.Survived)
                    {
                        faults.Add(new GateFault(
                            Gate.Mutants, mutant.Position, Message.Of("verify.survived", mutant.Step, Word(mutant.Kind))));
                    }
                });
            }
        }

        await Parallel.ForEachAsync(
            work,
            new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = cancellation },
            async (job, token) => await job(token).ConfigureAwait(false)).ConfigureAwait(false);
        return new GateResult(
            lesson,
            [.. faults.OrderBy(fault => fault.Gate).ThenBy(fault => fault.Position).ThenBy(fault => fault.Message.ToString(), StringComparer.Ordinal)],
            [.. mutants.OrderBy(mutant => invitations.FindIndex(step => step.Name == mutant.Step)).ThenBy(mutant => mutant.Mutant)],
            options.Seeds,
            runs)
        {
            Stale = [.. stale.OrderBy(each => each.Entry.Position)],
        };
    }

    /// <summary>The name of a mutant as lessons write it.</summary>
    public static string Word(StepMutant mutant) => mutant switch
    {
        StepMutant.LeftOut => "left-out",
        StepMutant.WrongNode => "wrong-node",
        StepMutant.Twice => "twice",
        _ => "wrong-order",
    };

    private static void AddSolvedFaults(Lesson lesson, GateRun solved, ConcurrentBag<GateFault> faults)
    {
        foreach (var check in solved.Report.Checks.Where(check => check.Outcome is CheckOutcome.Failed or CheckOutcome.Errored))
        {
            faults.Add(new GateFault(Gate.Solved, PositionOf(lesson, check), Message.Of(
                "verify.failsSolved",
                check.Check.Id,
                check.Explanation?.Clause ?? check.Reason?.ToString() ?? "",
                check.Explanation?.Actual ?? Message.Of("check.notSeenYet"))));
        }

        if (solved.Report.Outcome != LessonOutcome.Passed && faults.IsEmpty)
        {
            faults.Add(new GateFault(Gate.Solved, Top(lesson), Message.Of("verify.notPassed")));
        }
    }

    private static void AddUnsolvedFaults(GateRun solved, GateRun unsolved, ConcurrentBag<GateFault> faults)
    {
        var demanding = solved.Report.Checks.Where(check => !check.HeldBefore && check.Check.Time is not TimeOperator.Never)
            .Select(check => check.Check.Id)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var check in unsolved.Report.Checks.Where(check => check.Outcome == CheckOutcome.Passed && demanding.Contains(check.Check.Id)))
        {
            faults.Add(new GateFault(
                Gate.Unsolved, PositionOf(unsolved.Report.Lesson, check), Message.Of("verify.passesUnsolved", check.Check.Id)));
        }

        if (unsolved.Report.Outcome == LessonOutcome.Passed)
        {
            faults.Add(new GateFault(Gate.Unsolved, Top(unsolved.Report.Lesson), Message.Of("verify.lessonPassesUnsolved")));
        }
    }

    private static void AddSeedFaults(Lesson lesson, GateRun solved, long seed, GateRun other, ConcurrentBag<GateFault> faults)
    {
        if (other.Report.Outcome != solved.Report.Outcome || other.Report.PointsEarned != solved.Report.PointsEarned)
        {
            var failed = other.Report.Checks.FirstOrDefault(check => check.Outcome is CheckOutcome.Failed or CheckOutcome.Errored);
            faults.Add(new GateFault(Gate.Seeds, Top(lesson), Message.Of(
                "verify.otherGrade", seed, other.Report.PointsEarned, solved.Report.PointsEarned, failed?.Check.Id ?? "-")));
        }
    }

    private static void AddPredictionFaults(Lesson lesson, GateRun solved, ConcurrentBag<GateFault> faults)
    {
        foreach (var prediction in solved.Report.Predictions)
        {
            if (prediction.Observed is null)
            {
                faults.Add(new GateFault(
                    Gate.Predictions, prediction.Question.Position, Message.Of("verify.noChoiceCameTrue", prediction.Question.Id)));
            }
            else if (GivenAway.Where(lesson, prediction) is { } position)
            {
                faults.Add(new GateFault(
                    Gate.Predictions, position, Message.Of("verify.givesAway", prediction.Question.Id, prediction.Observed)));
            }
        }
    }

    private static MutantResult FateOf(Mutant mutant, GateRun run)
    {
        var killer = run.Report.Checks.FirstOrDefault(check => check.Outcome is CheckOutcome.Failed or CheckOutcome.Errored);
        if (killer is not null)
        {
            return new MutantResult(mutant.Step, mutant.Kind, MutantFate.Killed, killer.Check.Id);
        }

        if (mutant.Kind == StepMutant.Twice && run.SecondRunChangedNothing(mutant.Step))
        {
            return new MutantResult(mutant.Step, mutant.Kind, MutantFate.Equivalent, "");
        }

        return mutant.Harmless is { } reason
            ? new MutantResult(mutant.Step, mutant.Kind, MutantFate.Harmless, reason)
            : new MutantResult(mutant.Step, mutant.Kind, MutantFate.Survived, "");
    }

    private static SourcePosition PositionOf(Lesson lesson, CheckResult check) =>
        lesson.Checks.First(block => block.Check.Id == check.Check.Id).Position;

    private static SourcePosition Top(Lesson lesson) => new(lesson.File, 1, 1);
}
