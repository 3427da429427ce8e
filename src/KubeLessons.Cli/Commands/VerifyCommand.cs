using System.CommandLine;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Lessons.Linting;
using KubeLessons.Texts;
using KubeLessons.Verifying;

namespace KubeLessons.Cli.Commands;

/// <summary><c>verify [LESSON…]</c>: the authors' gate over all or some lessons, in all their languages.</summary>
internal sealed class VerifyCommand
{
    private readonly Argument<string[]> _lessons;
    private readonly Option<bool> _noMutants;
    private readonly Option<int> _seeds;
    private readonly Option<int> _jobs;
    private readonly ClusterOptions _cluster;
    private readonly Surroundings _surroundings;

    private VerifyCommand(Wording wording, Surroundings surroundings)
    {
        _surroundings = surroundings;
        _lessons = new Argument<string[]>("lesson") { Description = wording.Get("cli.lessonArgument"), Arity = ArgumentArity.ZeroOrMore };
        _noMutants = new Option<bool>("--no-mutants") { Description = wording.Get("cli.option.noMutants") };
        _seeds = new Option<int>("--seeds") { Description = wording.Get("cli.option.seeds"), DefaultValueFactory = _ => 20, HelpName = "N" };
        _jobs = new Option<int>("--jobs") { Description = wording.Get("cli.option.jobs"), DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" };
        _cluster = new ClusterOptions(wording);
    }

    public static Command Create(Wording wording, Surroundings surroundings)
    {
        var verify = new VerifyCommand(wording, surroundings);
        var mutants = new Option<bool>("--mutants") { Description = wording.Get("cli.option.mutants") };
        var command = new Command("verify", wording.Get("cli.verify")) { verify._lessons, mutants, verify._noMutants, verify._seeds, verify._jobs };
        verify._cluster.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandLine.Guard(
            Session.Of(parsed, surroundings), session => verify.VerifyAsync(session, parsed, cancellation)));
        return command;
    }

    private async Task<int> VerifyAsync(Session session, ParseResult parsed, CancellationToken cancellation)
    {
        var options = new GateOptions(
            !parsed.GetValue(_noMutants), Positive("--seeds", parsed.GetValue(_seeds), 0), Positive("--jobs", parsed.GetValue(_jobs), 1));
        var gate = new LessonGate(_cluster.Opener(parsed), options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = _surroundings.OnInterrupt(stop.Cancel);
        var isProved = true;
        foreach (var (library, entry) in LintCommand.Chosen(session, parsed.GetValue(_lessons) ?? []))
        {
            var faults = Linter.Lint(library, entry);
            foreach (var fault in faults)
            {
                session.Out.WriteLine(fault.In(session.Wording));
            }

            if (faults.Length > 0)
            {
                isProved = false;
                continue;
            }

            // A translation has the same blocks (lint holds that), so its mutants would die of the same checks; it is run for the
            // gates that read its own texts.
            foreach (var (language, isOriginal) in entry.Files.Keys.Select(language => (language, language == LessonEntry.English)))
            {
                var each = isOriginal ? gate : new LessonGate(_cluster.Opener(parsed), options with { Mutants = false, Seeds = 0 });
                var lesson = library.Open(entry, language).Lesson!;
                var begun = _surroundings.Clock.GetTimestamp();
                var result = await each.VerifyAsync(lesson, stop.Token).ConfigureAwait(false);
                isProved &= result.IsProved;
                Print(session, result, language, _surroundings.Clock.GetElapsedTime(begun));
            }
        }

        return isProved ? ExitCodes.Passed : ExitCodes.CheckFailed;
    }

    private static void Print(Session session, GateResult result, string language, TimeSpan wallTime)
    {
        foreach (var fault in result.Faults)
        {
            var position = fault.Position with { File = LintCommand.Shown(session, fault.Position.File) };
            session.Out.WriteLine($"{position}: {session.Ink.Bad(fault.Message.In(session.Wording))}");
        }

        int Count(MutantFate fate) => result.Mutants.Count(mutant => mutant.Fate == fate);
        var line = session.Say(
            "cli.verified",
            result.Lesson.Id,
            language,
            result.Lesson.Checks.Count(),
            result.Lesson.Blocks.OfType<PredictBlock>().Count(),
            Count(MutantFate.Killed),
            Count(MutantFate.Harmless),
            Count(MutantFate.Equivalent),
            Count(MutantFate.Survived));
        var rest = session.Say("cli.verifiedRuns", result.SeedsTried, result.Runs, (long)wallTime.TotalMilliseconds);
        session.Out.WriteLine(result.IsProved ? session.Ink.Good($"✓ {line}; {rest}") : session.Ink.Bad($"✗ {line}; {rest}"));
        if (session.IsVerbose)
        {
            foreach (var mutant in result.Mutants)
            {
                session.Out.WriteLine($"    {mutant.Step} {LessonGate.Word(mutant.Mutant)}: {mutant.Fate.ToString().ToLowerInvariant()} {mutant.By}");
            }
        }
    }

    private static int Positive(string option, int value, int least) =>
        value >= least ? value : throw new UserError(Message.Of("cli.tooSmall", option, value, least));
}
