using System.CommandLine;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Lessons.Linting;
using KubeLessons.Reports;
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
    private readonly Option<bool> _update;
    private readonly Option<bool> _compare;
    private readonly Option<string?> _agreement;
    private readonly ClusterOptions _cluster;
    private readonly Surroundings _surroundings;

    private VerifyCommand(Wording wording, Surroundings surroundings)
    {
        _surroundings = surroundings;
        _lessons = new Argument<string[]>("lesson") { Description = wording.Get("cli.lessonArgument"), Arity = ArgumentArity.ZeroOrMore };
        _noMutants = new Option<bool>("--no-mutants") { Description = wording.Get("cli.option.noMutants") };
        _seeds = new Option<int>("--seeds") { Description = wording.Get("cli.option.seeds"), DefaultValueFactory = _ => 20, HelpName = "N" };
        _jobs = new Option<int>("--jobs") { Description = wording.Get("cli.option.jobs"), DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" };
        _update = new Option<bool>("--update") { Description = wording.Get("cli.option.update") };
        _compare = new Option<bool>("--compare") { Description = wording.Get("cli.option.compare") };
        _agreement = new Option<string?>("--agreement") { Description = wording.Get("cli.option.agreement"), HelpName = "FILE" };
        _cluster = new ClusterOptions(wording);
    }

    public static Command Create(Wording wording, Surroundings surroundings)
    {
        var verify = new VerifyCommand(wording, surroundings);
        var mutants = new Option<bool>("--mutants") { Description = wording.Get("cli.option.mutants") };
        var command = new Command("verify", wording.Get("cli.verify")) { verify._lessons, mutants, verify._noMutants, verify._seeds, verify._jobs, verify._update, verify._compare, verify._agreement };
        verify._cluster.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandLine.Guard(
            Session.Of(parsed, surroundings), session => verify.VerifyAsync(session, parsed, cancellation)));
        return command;
    }

    private async Task<int> VerifyAsync(Session session, ParseResult parsed, CancellationToken cancellation)
    {
        if (_cluster.IsReal(parsed))
        {
            return await CompareAsync(session, parsed, cancellation).ConfigureAwait(false);
        }

        if (parsed.GetValue(_compare))
        {
            throw new UserError(Message.Of("cli.compareNeedsReal"));
        }

        var options = new GateOptions(
            !parsed.GetValue(_noMutants), Positive("--seeds", parsed.GetValue(_seeds), 0), Positive("--jobs", parsed.GetValue(_jobs), 1));
        var gate = new LessonGate(_cluster.Opener(session, parsed), options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = _surroundings.OnInterrupt(stop.Cancel);
        var isProved = true;
        var total = new Total();
        var started = _surroundings.Clock.GetTimestamp();
        var chosen = LintCommand.Chosen(session, parsed.GetValue(_lessons) ?? []).ToList();
        foreach (var (library, entry) in chosen)
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
                var each = isOriginal ? gate : new LessonGate(_cluster.Opener(session, parsed), options with { Mutants = false, Seeds = 0 });
                var lesson = library.Open(entry, language).Lesson!;
                var begun = _surroundings.Clock.GetTimestamp();
                var result = await each.VerifyAsync(lesson, stop.Token).ConfigureAwait(false);
                if (parsed.GetValue(_update) && result.Stale.Count > 0)
                {
                    File.WriteAllText(lesson.File, StaleTranscript.Update(library.Read(lesson.File), result.Stale));
                    session.Out.WriteLine(session.Say("cli.updated", LintCommand.Shown(session, lesson.File)));
                    result = result with { Faults = [.. result.Faults.Where(fault => fault.Gate != Gate.Transcripts)] };
                }

                isProved &= result.IsProved;
                total.Add(result, isOriginal);
                Print(session, result, language, _surroundings.Clock.GetElapsedTime(begun));
            }
        }

        if (parsed.GetValue(_update))
        {
            UpdateCoursePages(session, chosen);
        }

        if (chosen.Count > 1)
        {
            session.Out.WriteLine(session.Say(
                "cli.verifiedAll", total.Lessons, total.Checks, total.Predictions, total.Killed, total.Unnoticed, total.Survived, total.Runs, (long)_surroundings.Clock.GetElapsedTime(started).TotalMilliseconds));
        }

        return isProved ? ExitCodes.Passed : ExitCodes.CheckFailed;
    }

    // The course's page stands beside its lessons, where their claims do.
    private static void UpdateCoursePages(Session session, IEnumerable<(LessonLibrary Library, LessonEntry Entry)> chosen)
    {
        foreach (var (library, folder) in chosen.Select(each => (each.Library, Path.GetDirectoryName(each.Entry.Folder)!)).DistinctBy(each => each.Item2))
        {
            var claims = Path.Combine(folder, "claims.tsv");
            if (!File.Exists(claims))
            {
                continue;
            }

            var page = Path.Combine(folder, "README.md");
            File.WriteAllText(page, CoursePage.Write(CoursePage.LessonsOf(library), Claim.ReadAll(File.ReadAllText(claims))));
            session.Out.WriteLine(session.Say("cli.updated", LintCommand.Shown(session, page)));
        }
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

    /// <summary>What was proved over all lessons; a translation counts only with its runs.</summary>
    private sealed class Total
    {
        public int Lessons { get; private set; }

        public int Checks { get; private set; }

        public int Predictions { get; private set; }

        public int Killed { get; private set; }

        public int Unnoticed { get; private set; }

        public int Survived { get; private set; }

        public int Runs { get; private set; }

        public void Add(GateResult result, bool isOriginal)
        {
            Runs += result.Runs;
            if (!isOriginal)
            {
                return;
            }

            Lessons++;
            Checks += result.Lesson.Checks.Count();
            Predictions += result.Lesson.Blocks.OfType<PredictBlock>().Count();
            Killed += result.Mutants.Count(mutant => mutant.Fate == MutantFate.Killed);
            Survived += result.Mutants.Count(mutant => mutant.Fate == MutantFate.Survived);
            Unnoticed += result.Mutants.Count(mutant => mutant.Fate is MutantFate.Harmless or MutantFate.Equivalent);
        }
    }

    // On a real cluster the gates that need many runs are the simulated one's; what is proved here is that both do the same.
    private async Task<int> CompareAsync(Session session, ParseResult parsed, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = _surroundings.OnInterrupt(stop.Cancel);
        var agrees = true;
        foreach (var (library, entry) in LintCommand.Chosen(session, parsed.GetValue(_lessons) ?? []))
        {
            var lesson = library.Open(entry, LessonEntry.English).Lesson
                ?? throw new UserError(Message.Of("cli.lessonHasFaults", entry.Id, Linter.Lint(library, entry).Length));
            var open = _cluster.Opener(session, parsed, lesson);
            agrees &= await ComparePrinter.RunAsync(session, lesson, open, parsed.GetValue(_agreement), stop.Token).ConfigureAwait(false);
        }

        return agrees ? ExitCodes.Passed : ExitCodes.CheckFailed;
    }

    private static int Positive(string option, int value, int least) =>
        value >= least ? value : throw new UserError(Message.Of("cli.tooSmall", option, value, least));
}
